// CHECK: our own bugs, and only those. Author mistakes are diagnostics, request mistakes are errors.
#pragma once

#include <string_view>

namespace remit {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, std::string_view detail);

}  // namespace remit

#define CHECK(condition, ...)                                                              \
  do {                                                                                     \
    if (!(condition)) [[unlikely]] {                                                       \
      ::remit::CheckFailed(__FILE__, __LINE__, #condition, std::string_view{__VA_ARGS__}); \
    }                                                                                      \
  } while (false)
