// Structs that begin with their own size: what a caller of another version meant.
//
// A member that the caller's header does not have is zero, which is its default. Members that this library does not have must be zero, so that
// nothing that was asked for is silently left undone. This is how Linux's extensible system calls do it (copy_struct_from_user).
#pragma once

#include <algorithm>
#include <cstring>

#include "runtime/capi/error.h"

namespace remit::capi {

// No struct of ours grows beyond; more is a size that was never set.
inline constexpr size_t kLargestStruct = 4096;

// `given` may be null: then all are defaults.
template <typename T>
auto ReadStruct(const T* given, T& options) -> Result {
  options = {};
  if (given == nullptr) return {};
  size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  if (size < sizeof(size) || size > kLargestStruct) [[unlikely]]
    return FailArgument("the size of a struct is not set: it is its first member");
  if (size > sizeof(T)) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(given);
    if (std::any_of(bytes + sizeof(T), bytes + size, [](unsigned char byte) { return byte != 0; })) {
      return FailArgument("a struct asks for something that this version of the library does not know");
    }
  }
  std::memcpy(&options, given, std::min(size, sizeof(T)));
  return {};
}

// False if the size of `target` was never set. Its size stays, and what lies behind is let be.
template <typename T>
auto WriteStruct(T values, T* target) -> bool {
  size_t size = 0;
  std::memcpy(&size, target, sizeof(size));
  if (size < sizeof(size) || size > kLargestStruct) return false;
  values.size = size;
  std::memcpy(target, &values, std::min(size, sizeof(T)));
  return true;
}

}  // namespace remit::capi
