# What the components of the CMake package share: its config and version files, tern_generate().
include_guard(DIRECTORY)
include(CMakePackageConfigHelpers)

option(TERN_INSTALL "Install Tern together with the project that contains it" ${PROJECT_IS_TOP_LEVEL})
set(TERN_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/tern)

get_property(already_there GLOBAL PROPERTY TERN_PACKAGE_INSTALLED)
if(NOT TERN_INSTALL OR already_there)
  return()
endif()
set_property(GLOBAL PROPERTY TERN_PACKAGE_INSTALLED ON)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tern-config.cmake.in
  ${PROJECT_BINARY_DIR}/tern-config.cmake
  INSTALL_DESTINATION ${TERN_PACKAGE_DIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tern-config-version.cmake
  COMPATIBILITY SameMinorVersion)
# With either component, so that each can be installed alone.
foreach(component runtime compiler)
  install(FILES
    ${PROJECT_BINARY_DIR}/tern-config.cmake
    ${PROJECT_BINARY_DIR}/tern-config-version.cmake
    ${PROJECT_SOURCE_DIR}/compiler/cmake/TernGenerate.cmake
    DESTINATION ${TERN_PACKAGE_DIR}
    COMPONENT ${component})
endforeach()
