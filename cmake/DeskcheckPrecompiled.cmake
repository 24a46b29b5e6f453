# Most of what a source takes to compile are the headers of libraries. With this option they are
# compiled once, for all targets that use Asio: the build takes half the time, and a source that
# lacks an include is not noticed (the preset dev compiles without).
option(DESKCHECK_PRECOMPILED_HEADERS "Compile the headers of libraries once for all sources" OFF)

if(DESKCHECK_PRECOMPILED_HEADERS)
  # What these headers are compiled with has to be the same for all who use them.
  add_library(deskcheck_precompiled_settings INTERFACE)
  target_link_libraries(deskcheck_precompiled_settings INTERFACE
    deskcheck::boost Boost::json fmt::fmt GTest::gmock protobuf::libprotobuf)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "")
  add_library(deskcheck_precompiled STATIC ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(deskcheck_precompiled PRIVATE deskcheck_options deskcheck_precompiled_settings)
  target_precompile_headers(deskcheck_precompiled PRIVATE
    <algorithm> <array> <chrono> <coroutine> <filesystem> <functional> <map> <memory> <optional> <set>
    <span> <string> <string_view> <vector>
    <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp>
    <boost/asio/ip/address.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/ip/udp.hpp>
    <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>
    <boost/json.hpp> <boost/system/result.hpp> <fmt/format.h> <gmock/gmock.h>
    <google/protobuf/message.h>)
  _deskcheck_settings(deskcheck_precompiled)
  # Programs as libraries, so that one will do; no times inside, so that the compiler cache knows it again.
  target_compile_options(deskcheck_precompiled_settings INTERFACE
    $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-fPIC>
    $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang$<SEMICOLON>-fno-pch-timestamp>)
endif()

# For a target whose libraries are known; targets that use it in turn are told.
function(_deskcheck_precompile target)
  if(NOT DESKCHECK_PRECOMPILED_HEADERS)
    return()
  endif()
  get_target_property(libraries ${target} LINK_LIBRARIES)
  foreach(library IN LISTS libraries ITEMS ${target})
    if(library MATCHES "^deskcheck[:_]" AND TARGET ${library})
      get_target_property(uses_asio ${library} DESKCHECK_USES_ASIO)
      if(uses_asio)
        set_target_properties(${target} PROPERTIES DESKCHECK_USES_ASIO ON)
        target_precompile_headers(${target} REUSE_FROM deskcheck_precompiled)
        foreach(kind DEFINITIONS OPTIONS)
          string(TOLOWER target_compile_${kind} add)
          cmake_language(CALL ${add} ${target} PRIVATE
            $<TARGET_PROPERTY:deskcheck_precompiled_settings,INTERFACE_COMPILE_${kind}>)
        endforeach()
        return()
      endif()
    endif()
  endforeach()
endfunction()
