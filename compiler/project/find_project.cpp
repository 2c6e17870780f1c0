#include "compiler/driver/files.h"
#include "compiler/driver/packs.h"
#include "compiler/project/project.h"

namespace remit::project {
namespace fs = std::filesystem;
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 20;

}  // namespace

auto FindProjectFile(const fs::path& folder) -> std::optional<fs::path> {
  std::error_code error;
  fs::path here = fs::absolute(folder, error).lexically_normal();
  if (error) return std::nullopt;
  for (;;) {
    const fs::path candidate = here / kFileName;
    if (fs::is_regular_file(candidate, error)) return candidate;
    if (!here.has_relative_path()) return std::nullopt;
    here = here.parent_path();
  }
}

auto NamedProjectFile(const fs::path& path) -> fs::path {
  std::error_code error;
  return fs::is_directory(path, error) ? path / kFileName : path;
}

auto LoadProject(const fs::path& file, SourceManager& sources, DiagnosticSink& sink) -> Expected<std::optional<Project>> {
  auto text = ReadTextFile(file.string(), kMaxFileBytes);
  if (!text) return std::unexpected(std::move(text.error()));
  return ReadProject(file, std::move(*text), sources, sink);
}

auto LedgerAddress(const fs::path& root, std::string_view address) -> std::string {
  constexpr std::string_view kFile = "sqlite:";
  const bool is_named = address.starts_with(kFile);
  if (!is_named && (!address.ends_with(".db") || address.find("://") != std::string_view::npos)) return std::string(address);
  return std::string(kFile) + (root / address.substr(is_named ? kFile.size() : 0)).lexically_normal().string();
}

auto ShownPath(const std::string& path, const fs::path& folder) -> std::string {
  if (IsBuiltinName(path)) return path;
  std::error_code error;
  const auto here = fs::absolute(folder, error).lexically_normal();
  const auto relative = fs::path(path).lexically_relative(here);
  if (error || relative.empty()) return path;
  const auto text = relative.string();
  return text.starts_with("../../../") || text.size() > path.size() ? path : text;
}

}  // namespace remit::project
