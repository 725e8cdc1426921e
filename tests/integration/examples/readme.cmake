# The project that README.md shows, built as the README has it: each code block whose first line is
# a file's name becomes that file.
set(readme ${PROJECT_SOURCE_DIR}/README.md)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${readme})
file(READ ${readme} text)

set(readme_dir ${CMAKE_CURRENT_BINARY_DIR}/readme)
foreach(name arith.rpc server.cc client.cc)
  string(REGEX MATCH "```[a-z]*\n// ${name}\n([^`]*)```" block "${text}")
  if(NOT block)
    message(FATAL_ERROR "README.md has no block that begins with \"// ${name}\"")
  endif()
  file(CONFIGURE OUTPUT ${readme_dir}/${name} CONTENT "${CMAKE_MATCH_1}" @ONLY)
endforeach()

tern_generate(TARGET readme_rpc IDL ${readme_dir}/arith.rpc)
# The server once more, on a port that the system chooses, which it prints.
file(READ ${readme_dir}/server.cc server)
foreach(change
    "\"tcp@127.0.0.1:7000\"|\"tcp@127.0.0.1:0\""
    "tern::serve_until_signal(server)|(std::cout << server.addresses()[0].to_string() << std::endl, tern::serve_until_signal(server))")
  string(REGEX MATCH "^(.*)\\|(.*)$" both "${change}")
  string(REPLACE "${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}" changed "${server}")
  if(changed STREQUAL server)
    message(FATAL_ERROR "README.md's server.cc has no ${CMAKE_MATCH_1}")
  endif()
  set(server "${changed}")
endforeach()
file(CONFIGURE OUTPUT ${readme_dir}/port_server.cc CONTENT "${server}" @ONLY)

foreach(side server client port_server)
  add_executable(readme_${side} ${readme_dir}/${side}.cc)
  target_link_libraries(readme_${side} PRIVATE readme_rpc tern_warnings)
endforeach()
