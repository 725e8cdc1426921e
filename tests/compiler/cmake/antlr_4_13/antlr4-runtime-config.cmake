# Of an ANTLR that is not there: a version is all of it that is looked at.
set(ANTLR4_INCLUDE_DIR "${CMAKE_CURRENT_LIST_DIR}")
add_library(antlr4_shared INTERFACE IMPORTED)
