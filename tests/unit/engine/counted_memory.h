// Counts what a thread allocates. In a file of its own, where compilers do not see `new` and `free` meet.
#pragma once

#include <cstdint>

namespace remit_test {

extern thread_local int64_t allocations;

}  // namespace remit_test
