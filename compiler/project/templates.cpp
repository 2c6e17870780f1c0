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

auto Problem(std::string code, std::string message, std::string help) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = std::move(help)});
}

}  // namespace

auto TemplateNames() -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const TemplateFile& file : AllTemplateFiles()) {
    if (names.empty() || names.back() != file.name) names.push_back(file.name);
  }
  return names;
}

auto WriteTemplate(std::string_view name, const std::string& folder) -> Expected<std::vector<std::string>> {
  const auto names = TemplateNames();
  if (std::ranges::find(names, name) == names.end()) {
    return Problem("unknown-template", fmt::format("there is no template `{}`", name),
                   DidYouMean(name, names, fmt::format("there are {}", fmt::join(names, ", "))));
  }
  std::vector<std::string> written;
  const auto is_wanted = [&](const TemplateFile& file) { return file.name == name; };
  for (const TemplateFile& file : AllTemplateFiles()) {
    if (!is_wanted(file)) continue;
    const auto path = (fs::path(folder) / file.path).lexically_normal();
    std::error_code error;
    // A link that leads nowhere is in the way, too.
    if (fs::symlink_status(path, error).type() != fs::file_type::not_found) {
      return Problem("file-exists", fmt::format("`{}` exists already", path.string()), "nothing was written");
    }
    written.push_back(path.string());
  }
  auto path = written.begin();
  for (const TemplateFile& file : AllTemplateFiles()) {
    if (!is_wanted(file)) continue;
    std::error_code error;
    if (const auto parent = fs::path(*path).parent_path(); !parent.empty()) fs::create_directories(parent, error);
    if (error) return Problem("cannot-write", fmt::format("cannot make the folder of `{}`: {}", *path, error.message()), {});
    if (auto done = WriteTextFile(*path, file.text); !done) return std::unexpected(std::move(done.error()));
    ++path;
  }
  return written;
}

}  // namespace remit::project
