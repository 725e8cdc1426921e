# tern_generate(TARGET <name> IDL <file.rpc>... [IMPORT_DIRS <dir>...] [OUT_DIR <dir>])
#
# Adds the static library <name>: the code that rpcgen writes for the files, with its include
# directory, linked to tern::runtime. It can be linked into a shared library. rpcgen runs again when
# a file or something it imports changes, and only what its output changes is compiled again.
#
#   IDL          the files; a relative path is relative to the current source directory. Each must be
#                there when CMake runs, unless a rule makes it (its source property GENERATED is set)
#   IMPORT_DIRS  where imports are looked for besides the importing file's own directory; each must be
#                there when CMake runs. A file in one of them is called by its path from there, in
#                #include lines and in OUT_DIR; any other file is called by its name alone
#   OUT_DIR      where the code goes; without it <current binary directory>/generated/<name>
#
# A file that imports one of another tern_generate() library needs that library, too:
# target_link_libraries(<name> PUBLIC <other>).
#
# The rpcgen that runs is TERN_RPCGEN_EXECUTABLE if that is set (cross-compiling needs it: the path
# of an rpcgen for the machine that builds), else the target tern::rpcgen. It is never looked for in
# PATH: the rpcgen there is ONC RPC's.

set(TERN_RPCGEN_EXECUTABLE "" CACHE FILEPATH "An rpcgen that runs on this machine; empty: tern::rpcgen")

# What to run, and what a rule that runs it depends on.
function(_tern_find_rpcgen command_variable depends_variable)
  if(TERN_RPCGEN_EXECUTABLE)
    set(command "${TERN_RPCGEN_EXECUTABLE}")
    set(depends "${TERN_RPCGEN_EXECUTABLE}")
  elseif(NOT TARGET tern::rpcgen)
    message(FATAL_ERROR "tern_generate: there is no target tern::rpcgen; expected the component "
      "\"compiler\" of the package tern, or TERN_RPCGEN_EXECUTABLE to be set")
  elseif(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    message(FATAL_ERROR "tern_generate: tern::rpcgen is built for ${CMAKE_SYSTEM_NAME} "
      "${CMAKE_SYSTEM_PROCESSOR}; expected TERN_RPCGEN_EXECUTABLE to be set to one that runs here")
  else()
    set(command tern::rpcgen)
    set(depends "$<TARGET_FILE:tern::rpcgen>")
    get_target_property(in_tree tern::rpcgen ALIASED_TARGET)
    if(in_tree)
      set(depends ${in_tree})
    endif()
  endif()
  set(${command_variable} "${command}" PARENT_SCOPE)
  set(${depends_variable} "${depends}" PARENT_SCOPE)
endfunction()

# What rpcgen calls `file`, without its extension: the path from the first of the directories that
# holds it, else the name alone.
function(_tern_stem file import_dirs stem_variable)
  file(REAL_PATH "${file}" real_file)
  cmake_path(GET real_file FILENAME path)
  foreach(directory IN LISTS import_dirs)
    file(REAL_PATH "${directory}" real_directory)
    cmake_path(IS_PREFIX real_directory "${real_file}" inside)
    if(inside)
      cmake_path(RELATIVE_PATH real_file BASE_DIRECTORY "${real_directory}" OUTPUT_VARIABLE path)
      break()
    endif()
  endforeach()
  string(REGEX REPLACE "\\.rpc$" "" stem "${path}")
  set(${stem_variable} "${stem}" PARENT_SCOPE)
endfunction()

function(_tern_absolute paths_variable)
  set(absolute "")
  foreach(path IN LISTS ${paths_variable})
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    list(APPEND absolute "${path}")
  endforeach()
  set(${paths_variable} "${absolute}" PARENT_SCOPE)
endfunction()

# Stops if an .rpc file of `target`, or a directory for imports, is not there. A file that a rule of
# the build makes is taken on trust.
function(_tern_check_inputs target files directories)
  set(relative "relative paths start at \"${CMAKE_CURRENT_SOURCE_DIR}\"")
  foreach(file IN LISTS files)
    get_source_file_property(generated "${file}" GENERATED)
    if(generated)
      continue()
    elseif(IS_DIRECTORY "${file}")
      message(FATAL_ERROR "tern_generate(TARGET ${target}): expected IDL to name .rpc files; "
        "\"${file}\" is a directory")
    elseif(NOT EXISTS "${file}")
      message(FATAL_ERROR "tern_generate(TARGET ${target}): expected IDL to name files that exist; "
        "there is no \"${file}\" (${relative})")
    endif()
  endforeach()
  foreach(directory IN LISTS directories)
    if(NOT IS_DIRECTORY "${directory}")
      message(FATAL_ERROR "tern_generate(TARGET ${target}): expected IMPORT_DIRS to name directories "
        "that exist; there is no directory \"${directory}\" (${relative})")
    endif()
  endforeach()
endfunction()

function(tern_generate)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "TARGET;OUT_DIR" "IDL;IMPORT_DIRS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tern_generate: unknown arguments \"${ARG_UNPARSED_ARGUMENTS}\"; expected "
      "TARGET, IDL, IMPORT_DIRS or OUT_DIR")
  endif()
  if(NOT ARG_TARGET OR NOT ARG_IDL)
    message(FATAL_ERROR "tern_generate: expected TARGET and IDL")
  endif()
  _tern_absolute(ARG_IDL)
  _tern_absolute(ARG_IMPORT_DIRS)
  _tern_check_inputs("${ARG_TARGET}" "${ARG_IDL}" "${ARG_IMPORT_DIRS}")
  if(NOT ARG_OUT_DIR)
    set(ARG_OUT_DIR generated/${ARG_TARGET})
  endif()
  cmake_path(ABSOLUTE_PATH ARG_OUT_DIR BASE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}" NORMALIZE)
  _tern_find_rpcgen(rpcgen rpcgen_depends)
  list(TRANSFORM ARG_IMPORT_DIRS PREPEND "-I" OUTPUT_VARIABLE import_flags)

  # rpcgen leaves a file alone whose text would not change, so that nothing is compiled again. The
  # stamp is what says that it has run: it is the rule's output, and the subject of the depfile.
  set(sources "")
  set(stamps "")
  foreach(file IN LISTS ARG_IDL)
    _tern_stem("${file}" "${ARG_IMPORT_DIRS}" stem)
    set(base "${ARG_OUT_DIR}/${stem}")
    set(outputs "${base}.rpc.h" "${base}.rpc.cc" "${base}.service.h" "${base}.service.cc"
        "${base}.descriptor.h")
    add_custom_command(
      OUTPUT "${base}.rpc.stamp"
      BYPRODUCTS ${outputs}
      COMMAND ${rpcgen} --out "${ARG_OUT_DIR}" ${import_flags} --depfile "${base}.rpc.d"
              --stamp "${base}.rpc.stamp" "${file}"
      DEPENDS "${file}" ${rpcgen_depends}
      DEPFILE "${base}.rpc.d"
      COMMENT "Generating C++ from ${stem}.rpc"
      VERBATIM)
    set_source_files_properties(${outputs} PROPERTIES GENERATED ON)
    list(APPEND sources ${outputs})
    list(APPEND stamps "${base}.rpc.stamp")
  endforeach()
  add_custom_target(${ARG_TARGET}_code DEPENDS ${stamps})

  add_library(${ARG_TARGET} STATIC ${sources})
  add_dependencies(${ARG_TARGET} ${ARG_TARGET}_code)
  target_include_directories(${ARG_TARGET} PUBLIC "$<BUILD_INTERFACE:${ARG_OUT_DIR}>")
  set_target_properties(${ARG_TARGET} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${ARG_TARGET} PUBLIC cxx_std_20)
  target_link_libraries(${ARG_TARGET} PUBLIC tern::runtime)
endfunction()
