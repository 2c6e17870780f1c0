// Allocation functions that fail when they are told to, instead of the standard library's in the whole process.
#pragma once

#include <cstdint>

namespace remit_test {

// Allocations of this thread until one fails; negative: none does. Threads of the engine are let be.
extern thread_local int64_t until_failure;

}  // namespace remit_test
