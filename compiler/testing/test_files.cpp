#include "compiler/testing/test_files.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "compiler/driver/files.h"
#include "compiler/driver/packs.h"

namespace remit::tests {
namespace fs = std::filesystem;
namespace {

auto IsTestFile(const std::string& path) -> bool { return path.ends_with(".test.remit"); }

// Policies, not other tests.
auto PoliciesBeside(const std::string& test) -> std::vector<std::string> {
  const auto folder = fs::path(test).parent_path();
  std::vector<std::string> files;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder.empty() ? "." : folder, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    const auto path = (folder / it->path().filename()).string();
    const bool is_policy = path.ends_with(".cedar") || path.ends_with(".remit");
    if (is_policy && !IsTestFile(path) && it->is_regular_file(error)) files.push_back(path);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

auto ListTestInputs(const std::vector<std::string>& paths) -> Expected<std::vector<std::string>> {
  std::vector<std::string> all;
  std::set<std::string> seen;
  const auto add = [&](const std::string& path) {
    std::error_code error;
    const auto canonical = fs::weakly_canonical(path, error);
    if (seen.insert(error ? path : canonical.string()).second) all.push_back(path);
  };
  const bool only_tests = std::ranges::all_of(paths, IsTestFile);
  for (const auto& path : paths) {
    if (only_tests) std::ranges::for_each(PoliciesBeside(path), add);
  }
  for (const auto& path : paths) {
    if (BuiltinPolicies(path)) {
      all.push_back(path);
      continue;
    }
    const auto files = ListPolicyFiles(path);
    if (!files) return std::unexpected(files.error());
    std::ranges::for_each(*files, add);
  }
  return all;
}

}  // namespace remit::tests
