// Golden documents: the files of a folder under tests/golden, one test each.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace remit {

inline auto GoldenFolder(std::string_view name) -> std::filesystem::path {
  return std::filesystem::path{REMIT_SOURCE_DIR} / "tests/golden" / name;
}

// Their names without `.test`, sorted.
inline auto GoldenNames(const std::filesystem::path& folder) -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

inline auto ReadGolden(const std::filesystem::path& path) -> std::string {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace remit
