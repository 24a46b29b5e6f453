# find_package(deskcheck) for other projects.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/deskcheck)
file(WRITE ${PROJECT_BINARY_DIR}/deskcheckConfig.cmake [[
include(${CMAKE_CURRENT_LIST_DIR}/DeskcheckDependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/deskcheckTargets.cmake)
]])
write_basic_package_version_file(${PROJECT_BINARY_DIR}/deskcheckConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/deskcheckConfig.cmake
              ${PROJECT_BINARY_DIR}/deskcheckConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/DeskcheckDependencies.cmake
        DESTINATION ${package_dir})
install(EXPORT deskcheckTargets NAMESPACE deskcheck:: DESTINATION ${package_dir})
