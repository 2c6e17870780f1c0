# Language level, warnings and sanitizers of every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(remit_options INTERFACE)
target_include_directories(remit_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(remit_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  -Werror=switch -Werror=return-type)
if(REMIT_WERROR)
  target_compile_options(remit_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of g++ 12 in optimised builds.
  target_compile_options(remit_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-stringop-overflow -Wno-array-bounds)
endif()

# With REMIT_UNITY eight files of a library are compiled as one, in a third of the time: most of it goes into headers. Fuzz builds compile each by
# itself, so that each has the includes that it needs. Names of anonymous namespaces differ within a library.
if(REMIT_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Every file is an included one then, whose local types it takes for those of a header.
  target_compile_options(remit_options INTERFACE -Wno-subobject-linkage)
endif()

if(REMIT_SANITIZE)
  add_compile_options(-fsanitize=${REMIT_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${REMIT_SANITIZE})
  if(REMIT_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(REMIT_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not see the fences of Boost.Asio, and need not: its locks order the same.
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(REMIT_FUZZ)
  # Coverage for libFuzzer in every library; its main comes with the targets in tests/fuzz.
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fuse-ld=lld)
endif()

# A fifth of the time of GNU ld, for more than a hundred test programs. Optimised builds keep the compiler's own, which its link-time optimisation is tested with.
find_program(REMIT_MOLD mold)
if(REMIT_MOLD AND NOT REMIT_FUZZ AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-fuse-ld=mold)
endif()

find_program(REMIT_CCACHE ccache)
if(REMIT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${REMIT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${REMIT_CCACHE})
endif()
