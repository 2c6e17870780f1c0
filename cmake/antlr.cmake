# remit_grammar(NAME GRAMMAR file.g4 PACKAGE namespace [BASES header.h]): an object library with the lexer and parser that ANTLR makes of a grammar.
#
# The generator (4.7.2) and the runtime (4.9) are Debian's. What it generates is not C++20, so it gets a library and a language
# level of its own; our code that uses it is C++23 like the rest. BASES declares the base classes that the grammar's options name.
find_program(REMIT_ANTLR antlr4 REQUIRED)
find_path(REMIT_ANTLR_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_library(REMIT_ANTLR_RUNTIME antlr4-runtime REQUIRED)

function(remit_grammar name)
  cmake_parse_arguments(ARG "" "GRAMMAR;PACKAGE;BASES" "" ${ARGN})
  get_filename_component(stem ${ARG_GRAMMAR} NAME_WE)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(outputs ${folder}/${stem}Lexer.cpp ${folder}/${stem}Lexer.h ${folder}/${stem}Parser.cpp ${folder}/${stem}Parser.h)
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${REMIT_ANTLR} -Werror -Dlanguage=Cpp -no-visitor -no-listener -package ${ARG_PACKAGE} -Xexact-output-dir -o ${folder} ${ARG_GRAMMAR}
    DEPENDS ${ARG_GRAMMAR}
    COMMENT "Generating the parser of ${stem}.g4"
    VERBATIM)
  add_library(${name} OBJECT ${outputs})
  set_target_properties(${name} PROPERTIES CXX_STANDARD 17)
  target_compile_options(${name} PRIVATE -w)
  if(ARG_BASES)
    target_compile_options(${name} PRIVATE -include ${ARG_BASES})
  endif()
  target_include_directories(${name} SYSTEM PUBLIC ${folder} ${REMIT_ANTLR_INCLUDE})
  target_link_libraries(${name} PUBLIC ${REMIT_ANTLR_RUNTIME})
endfunction()
