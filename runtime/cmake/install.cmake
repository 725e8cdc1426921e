# The component "runtime" of the package: the library, its headers, pkg-config's file, the command.
# And likewise one component for each part with a target of its own.
include(GNUInstallDirs)
include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
if(NOT TERN_INSTALL)
  return()
endif()

set_target_properties(tern_headers PROPERTIES EXPORT_NAME headers)
install(TARGETS tern_headers tern_runtime
  EXPORT tern-runtime
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/tern
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT runtime
  PATTERN etcd.h EXCLUDE
  PATTERN grpc_services.h EXCLUDE
  PATTERN tls.h EXCLUDE
  PATTERN tls_error.h EXCLUDE
  PATTERN jwt.h EXCLUDE
  PATTERN zookeeper.h EXCLUDE)
install(EXPORT tern-runtime
  NAMESPACE tern::
  FILE tern-runtime-targets.cmake
  DESTINATION ${TERN_PACKAGE_DIR}
  COMPONENT runtime)

if(TARGET tern_cli)
  install(TARGETS tern_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
endif()

# Relative, so that the installation can be moved.
file(RELATIVE_PATH TERN_PREFIX_FROM_PC
  ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/tern.pc.in ${PROJECT_BINARY_DIR}/tern.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tern.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT runtime)

foreach(backend IN LISTS TERN_BACKENDS)
  install(TARGETS tern_${backend}
    EXPORT tern-${backend}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${backend})
  file(GLOB backend_headers ${PROJECT_SOURCE_DIR}/runtime/include/tern/${backend}.h
    ${PROJECT_SOURCE_DIR}/runtime/include/tern/${backend}_error.h)
  install(FILES ${backend_headers}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tern COMPONENT ${backend})
  install(EXPORT tern-${backend}
    NAMESPACE tern::
    FILE tern-${backend}-targets.cmake
    DESTINATION ${TERN_PACKAGE_DIR}
    COMPONENT ${backend})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/tern-${backend}.pc.in
    ${PROJECT_BINARY_DIR}/tern-${backend}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/tern-${backend}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT ${backend})
endforeach()
