# remit_llvm: LLVM's headers and its shared library.
#
# LLVM's own CMake package asks for the development packages of everything LLVM was built with (Z3, curl, libxml2, ...). What is linked here
# is one shared library, which brings what it needs.
set(REMIT_LLVM_VERSION 19)
find_path(REMIT_LLVM_INCLUDE llvm/ExecutionEngine/Orc/LLJIT.h PATHS /usr/lib/llvm-${REMIT_LLVM_VERSION}/include REQUIRED)
find_library(REMIT_LLVM_LIBRARY NAMES LLVM-${REMIT_LLVM_VERSION} LLVM PATHS /usr/lib/llvm-${REMIT_LLVM_VERSION}/lib REQUIRED)

add_library(remit_llvm INTERFACE)
target_include_directories(remit_llvm SYSTEM INTERFACE ${REMIT_LLVM_INCLUDE})
target_link_libraries(remit_llvm INTERFACE ${REMIT_LLVM_LIBRARY})
