#include "compiler/project/templates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "compiler/driver/files.h"
#include "runtime/base/did_you_mean.h"

namespace remit::project {
namespace fs = std::filesystem;
namespace {

constexpr const char* kNothingWritten = "nothing was written";
// What every project begins with.
constexpr std::string_view kCommon = "common";

// Nothing is there yet, and what it will lie in is a folder or can become one. A link that leads nowhere is in the way, too.
auto IsFree(const fs::path& path) -> Expected<void> {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::not_found) {
    return Fail("file-exists", fmt::format("`{}` exists already", path.string()), kNothingWritten);
  }
  for (auto folder = path.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    const auto type = fs::status(folder, error).type();
    if (type == fs::file_type::directory) return {};
    const bool is_absent = fs::symlink_status(folder, error).type() == fs::file_type::not_found;
    if (!is_absent) return Fail("file-exists", fmt::format("`{}` is no folder", folder.string()), kNothingWritten);
    if (folder == folder.parent_path()) break;
  }
  return {};
}

}  // namespace

auto TemplateNames() -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const TemplateFile& file : AllTemplateFiles()) {
    const bool is_new = names.empty() || names.back() != file.name;
    if (is_new && file.name != kCommon) names.push_back(file.name);
  }
  return names;
}

auto WriteTemplate(std::string_view name, const std::string& folder) -> Expected<std::vector<std::string>> {
  const auto names = TemplateNames();
  if (std::ranges::find(names, name) == names.end()) {
    return Fail("unknown-template", fmt::format("there is no template `{}`", name),
                DidYouMean(name, names, fmt::format("there are {}", fmt::join(names, ", "))));
  }
  std::vector<const TemplateFile*> files;
  std::vector<std::string> paths;
  for (const TemplateFile& file : AllTemplateFiles()) {
    if (file.name != name && file.name != kCommon) continue;
    files.push_back(&file);
    paths.push_back((fs::path(folder) / file.path).lexically_normal().string());
    if (auto free = IsFree(paths.back()); !free) return std::unexpected(std::move(free.error()));
  }
  for (size_t i = 0; i < files.size(); ++i) {
    std::error_code error;
    if (const auto parent = fs::path(paths[i]).parent_path(); !parent.empty()) fs::create_directories(parent, error);
    if (error) return Fail("cannot-write", fmt::format("cannot make the folder of `{}`: {}", paths[i], error.message()), {});
    if (auto done = WriteTextFile(paths[i], files[i]->text); !done) return std::unexpected(std::move(done.error()));
  }
  return paths;
}

}  // namespace remit::project
