# Every library that deskcheck uses; ci/setup.sh installs them. Also read by the installed package.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(CURL 7.85 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
find_package(yaml-cpp REQUIRED)
# GoogleMock's matchers are the language of expectations, so the suite itself needs it, not only tests.
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
# Signatures of JSON Web Tokens. Its own description for pkg-config asks for packages that only its
# build needs.
find_path(DESKCHECK_CJOSE_INCLUDE cjose/cjose.h REQUIRED)
find_library(DESKCHECK_CJOSE_LIBRARY cjose REQUIRED)
mark_as_advanced(DESKCHECK_CJOSE_INCLUDE DESKCHECK_CJOSE_LIBRARY)
if(NOT TARGET cjose::cjose)
  add_library(cjose::cjose UNKNOWN IMPORTED)
  set_target_properties(cjose::cjose PROPERTIES
    IMPORTED_LOCATION ${DESKCHECK_CJOSE_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${DESKCHECK_CJOSE_INCLUDE})
endif()
