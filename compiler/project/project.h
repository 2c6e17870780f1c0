// The project: what `remit.toml` says, so that verbs and editors need no arguments.
//
// One file, found upwards from where somebody stands, as git finds its own. Paths in it are relative to its folder and kept absolute. What is wrong
// goes to a sink with a place in the file, like everything else that people write. Settings of the decision server are not looked into: only the server
// knows them, and it reads the same file (`server`).
//
// Flags and files on a command line win over all of this; a folder without the file is no project and has Cedar's defaults.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/formatter.h"
#include "compiler/check/check.h"
#include "compiler/driver/compile_job.h"
#include "compiler/driver/native.h"
#include "compiler/driver/packs.h"
#include "compiler/lint/lint.h"

namespace remit::project {

inline constexpr std::string_view kFileName = "remit.toml";

// A file or folder that the project names: absolute, or `builtin:NAME`.
struct ProjectPath {
  std::string path;
  Span span;  // where it is named

  auto is_builtin() const -> bool { return IsBuiltinName(path); }
};

// A setting that somebody else knows, as text; a list is several values.
struct RawSetting {
  std::string key;  // `tls.cert`
  std::vector<std::string> values;
  Span span;
};

struct CheckSettings {
  check::CheckOptions options = {};
  bool deny_warnings = false;
};

struct LintSettings {
  lint::LintOptions levels = {};
  bool deny_warnings = false;
};

struct AuditSettings {
  std::optional<ProjectPath> folder = std::nullopt;
  std::optional<ProjectPath> key = std::nullopt;
  std::string origin = {};
};

struct ApprovalSettings {
  std::optional<ProjectPath> signing_key = std::nullopt;
  std::vector<ProjectPath> accepted_keys = {};
};

struct ServerSettings {
  std::optional<ProjectPath> config = std::nullopt;  // a file of the server's own
  std::vector<RawSetting> settings = {};
};

struct Project {
  std::string file;  // the path of remit.toml
  std::string root;  // its folder

  std::vector<ProjectPath> policies = {};  // files, folders, packs; at least one
  std::vector<ProjectPath> tests = {};  // more of the same, only for checking, linting and testing
  std::vector<ProjectPath> schema = {};
  std::optional<ProjectPath> entities = std::nullopt;
  std::optional<ProjectPath> links = std::nullopt;

  ast::IdConvention ids = ast::IdConvention::Remit;
  bool forbid_errors_deny = false;  // `forbid_errors = "deny"`
  EngineChoice engine = EngineChoice::Interpreter;
  std::string ledger = {};  // an address; that of a file is absolute

  CheckSettings check = {};
  LintSettings lint = {};
  std::optional<double> min_coverage = std::nullopt;
  ast::FormatOptions format = {};
  ApprovalSettings approvals = {};
  AuditSettings audit = {};
  ServerSettings server = {};
};

// The remit.toml of `folder` or the nearest folder above it.
auto FindProjectFile(const std::filesystem::path& folder) -> std::optional<std::filesystem::path>;
// What `--project` names: a folder that has one, or the file itself. Nobody looks whether it is there.
auto NamedProjectFile(const std::filesystem::path& path) -> std::filesystem::path;

// Reads text as the project file at `file`, which need not exist as such: an editor has it unsaved. Nothing after reporting to `sink`, whose spans are of a
// file that is added to `sources`. Paths that should exist are looked at.
auto ReadProject(const std::filesystem::path& file, std::string text, SourceManager& sources, DiagnosticSink& sink)
    -> std::optional<Project>;

// The same from disk. A file that cannot be read is an error of its own, without a diagnostic.
auto LoadProject(const std::filesystem::path& file, SourceManager& sources, DiagnosticSink& sink) -> Expected<std::optional<Project>>;

// The address of a ledger as a project in `root` has it: that of a file becomes absolute.
auto LedgerAddress(const std::filesystem::path& root, std::string_view address) -> std::string;

// `path` as somebody in `folder` would write it: shorter of the two where it lies below, and absolute where it lies elsewhere.
auto ShownPath(const std::string& path, const std::filesystem::path& folder) -> std::string;

// Every setting, for documentation: docs/project.md has them as a table.
struct SettingInfo {
  std::string_view key;  // `lint.deny_warnings`
  std::string_view type;  // what it takes, for people, in Markdown: `path`
  std::string_view help;
};
auto ProjectSettings() -> std::span<const SettingInfo>;

// What holds, defaults too, but for settings that are not there; `server.KEY` are left to who knows them. Values are TOML, which writes texts, numbers, flags
// and lists as JSON does.
struct ShownSetting {
  std::string key;
  std::string value;
};
auto ShowSettings(const Project& project) -> std::vector<ShownSetting>;

}  // namespace remit::project
