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
foreach(side server client)
  add_executable(readme_${side} ${readme_dir}/${side}.cc)
  target_link_libraries(readme_${side} PRIVATE readme_rpc tern_warnings)
endforeach()
