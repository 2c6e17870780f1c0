#include "runtime/native/target.h"

namespace remit {

#if defined(__x86_64__)

auto RunsHere(std::string_view target) -> bool {
  if (target == "x86-64") return true;
  if (target == "x86-64-v2") return __builtin_cpu_supports("x86-64-v2") != 0;
  if (target == "x86-64-v3") return __builtin_cpu_supports("x86-64-v3") != 0;
  return false;
}

auto HostTarget() -> std::string_view {
  for (const std::string_view level : {"x86-64-v3", "x86-64-v2"}) {
    if (RunsHere(level)) return level;
  }
  return "x86-64";
}

#else

auto RunsHere(std::string_view) -> bool { return false; }
auto HostTarget() -> std::string_view { return {}; }

#endif

}  // namespace remit
