// Where the conformance data is: $REMIT_CONFORMANCE, or `shared/conformance` beside the clone. It is no part of this repository; tests that find none
// skip and say so.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace remit {

// What concerns Cedar.
inline auto ConformanceFolder() -> std::filesystem::path {
  if (const char* folder = std::getenv("REMIT_CONFORMANCE")) return std::filesystem::path(folder) / "cedar";
  return std::filesystem::path(REMIT_SOURCE_DIR) / ".." / "shared" / "conformance" / "cedar";
}

// Answers of Cedar, line by line.
inline auto ObservedFile(std::string_view name) -> std::filesystem::path { return ConformanceFolder() / "observed" / name; }

}  // namespace remit
