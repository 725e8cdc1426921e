# Fails if HEADER, found in INCLUDES, preprocesses to more than LIMIT lines that are not blank.
set(flags -std=c++20 -E -P -DASIO_STANDALONE -DASIO_NO_DEPRECATED -x c++)
foreach(directory IN LISTS INCLUDES)
  list(APPEND flags "-I${directory}")
endforeach()
execute_process(
  COMMAND sh -c "echo '#include \"${HEADER}\"' | \"$@\" - | grep -c ." sh ${COMPILER} ${flags}
  OUTPUT_VARIABLE count
  OUTPUT_STRIP_TRAILING_WHITESPACE)
message(STATUS "${HEADER}: ${count} lines; the limit is ${LIMIT}")
if(count LESS 1000 OR count GREATER LIMIT)
  message(FATAL_ERROR "${HEADER} preprocesses to ${count} lines; expected at most ${LIMIT}")
endif()
