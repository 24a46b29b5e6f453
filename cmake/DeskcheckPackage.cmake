# A Debian package of what users run: `cpack -G DEB` in a build folder. Headers and libraries are for
# `cmake --install`; their component is "development".
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT runtime)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime
        FILES_MATCHING PATTERN "*.md")
# Not below the documents, which slim images leave out.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/deskcheck
        COMPONENT runtime FILES_MATCHING PATTERN "*.yaml")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/ci/github ${PROJECT_SOURCE_DIR}/ci/gitlab
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT runtime)

set(CPACK_PACKAGE_NAME deskcheck)
set(CPACK_PACKAGE_CONTACT "deskcheck developers <deskcheck@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME deskcheck)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "Conformance suite, client simulator and reference server for RustDesk clients
Tells whether a server that RustDesk clients use really works, and shows the proof:
every statement that the client depends on is a numbered requirement with a verdict.")
include(CPack)
