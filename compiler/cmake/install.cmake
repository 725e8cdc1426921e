# The component "compiler" of the package: rpcgen. It is not installed where PATH looks, since there
# another program has its name.
include(GNUInstallDirs)
include(${PROJECT_SOURCE_DIR}/runtime/cmake/package.cmake)
if(NOT TERN_INSTALL)
  return()
endif()

install(TARGETS rpcgen
  EXPORT tern-compiler
  RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/tern COMPONENT compiler)
install(EXPORT tern-compiler
  NAMESPACE tern::
  FILE tern-compiler-targets.cmake
  DESTINATION ${TERN_PACKAGE_DIR}
  COMPONENT compiler)
