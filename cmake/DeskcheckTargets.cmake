# deskcheck_library, deskcheck_executable, deskcheck_test: the only ways in which targets are made,
# so that warnings, include paths, aliases and installation are the same everywhere.
include(GNUInstallDirs)

add_library(deskcheck_options INTERFACE)
target_compile_features(deskcheck_options INTERFACE cxx_std_20)
set_target_properties(deskcheck_options PROPERTIES EXPORT_NAME options)
install(TARGETS deskcheck_options EXPORT deskcheckTargets)

# What our own sources are compiled with; users of the installed package get none of it.
add_library(deskcheck_warnings INTERFACE)
target_compile_options(deskcheck_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  $<$<BOOL:${DESKCHECK_DEVELOPER_MODE}>:-Werror>
  # g++ 12 warns falsely about the frames of Asio's coroutines.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
  # and, where the headers of strings are precompiled, about the bounds of temporary ones.
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${DESKCHECK_PRECOMPILED_HEADERS}>>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-restrict>"
  # and, where several sources are compiled as one, takes each of them for a header.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>)
target_compile_definitions(deskcheck_warnings INTERFACE _GLIBCXX_ASSERTIONS)

function(_deskcheck_settings target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:deskcheck_warnings>)
endfunction()
include(DeskcheckPrecompiled)

# For a target whose libraries are known.
function(_deskcheck_compile target)
  _deskcheck_settings(${target})
  _deskcheck_precompile(${target})
endfunction()

# deskcheck_library(NAME SOURCES ... [HEADERS ...] [LINK ...] [PRIVATE_LINK ...])
# makes deskcheck_NAME with the alias deskcheck::NAME and installs it. HEADERS are the public ones.
function(deskcheck_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;LINK;PRIVATE_LINK")
  string(REPLACE - _ target deskcheck_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(deskcheck::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/deskcheck>)
  target_link_libraries(${target} PUBLIC deskcheck_options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
  _deskcheck_compile(${target})
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  install(TARGETS ${target} EXPORT deskcheckTargets)
  install(FILES ${arg_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/deskcheck/${folder})
endfunction()

# deskcheck_embed_schema(NAME FILE) makes FILE, a JSON Schema, part of deskcheck_NAME as the text
# kSchema of FILE.hpp beside it, and installs it for editors.
function(deskcheck_embed_schema name file)
  file(READ ${file} schema)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(CONFIGURE OUTPUT ${file}.hpp @ONLY CONTENT
       "// Generated from @file@.\n#pragma once\nnamespace {\nconstexpr char kSchema[] = R\"json(@schema@)json\";\n}\n")
  string(REPLACE - _ target deskcheck_${name})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/deskcheck/schema COMPONENT runtime)
endfunction()

function(deskcheck_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  _deskcheck_compile(${name})
endfunction()

# Some presets compile several sources of a target as one, which is three times as fast. Targets whose
# sources use the same names in their anonymous namespaces opt out.
function(deskcheck_compile_separately)
  foreach(target ${ARGN})
    if(TARGET ${target})
      set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
    endif()
  endforeach()
endfunction()

# All that the thread sanitizer has to see: programs that start threads of their own. Their tests have
# the label "threads".
if(DESKCHECK_DEVELOPER_MODE)
  add_custom_target(threaded)
endif()

# One GoogleTest program for a folder. Tests stand beside what they test: frame.cpp, frame_test.cpp.
# THREADED: it starts threads.
function(deskcheck_test name)
  if(NOT DESKCHECK_DEVELOPER_MODE)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADED" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  _deskcheck_compile(${name})
  include(GoogleTest)
  set(properties TIMEOUT 120)
  if(arg_THREADED)
    add_dependencies(threaded ${name})
    list(APPEND properties LABELS threads)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES ${properties})
endfunction()
