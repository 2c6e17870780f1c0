// The project files of a workspace: what they name, what is wrong with them, and whose a document is.
#include <algorithm>
#include <filesystem>

#include "compiler/driver/files.h"
#include "compiler/lsp/workspace.h"

namespace remit::lsp {
namespace fs = std::filesystem;
namespace {

auto LevelOf(DiagnosticCode code) -> lint::Level {
  return CodeSeverity(code) == Severity::Error ? lint::Level::Error : lint::Level::Warning;
}

}  // namespace

auto IsWithin(const std::string& path, const std::string& folder) -> bool {
  return path == folder || (path.starts_with(folder) && (folder.ends_with('/') || path[folder.size()] == '/'));
}

auto SettingsOf(const project::Project& project) -> Project::Settings {
  Project::Settings settings = {
      .levels = project.lint.levels, .check = project.check.options, .forbid_errors_deny = project.forbid_errors_deny};
  for (const auto* paths : {&project.policies, &project.tests}) {
    for (const auto& each : *paths) {
      if (each.is_builtin()) settings.shipped_policies.insert(each.path);
    }
  }
  for (const auto& each : project.schema) {
    if (each.is_builtin()) settings.shipped_schemas.insert(each.path);
  }
  return settings;
}

// One that is wrong names nothing: until it is mended, its folders are as if it were not there.
void Workspace::ReadProjectFiles() {
  named_.clear();
  file_notes_.clear();
  std::vector<Document*> files;
  for (auto& [key, document] : documents_) {
    if (document.kind == FileKind::Settings && key.starts_with('/')) files.push_back(&document);
  }
  for (auto* file : files) ReadProjectFile(*file);
  for (const auto& [root, project] : named_) AddNamed(project);
  DropUnnamed();
  for (auto* file : files) file->notes = file_notes_.contains(file->key) ? file_notes_.at(file->key) : std::vector<Note>{};
}

void Workspace::ReadProjectFile(Document& document) {
  SourceManager sources;
  DiagnosticSink sink;
  auto project = project::ReadProject(document.key, std::string(document.text.text()), sources, sink);
  for (const auto& each : sink.diagnostics()) {
    file_notes_[document.key].push_back({.range = {.begin = each.span.begin, .end = each.span.end},
                                         .level = LevelOf(each.code),
                                         .code = std::string(CodeName(each.code)),
                                         .message = each.message,
                                         .help = each.help});
  }
  if (!project) return;
  if (project->forbid_errors_deny) project->lint.levels.Set(lint::Rule::ForbidCanFail, lint::Level::Off);
  named_.emplace(project->root, std::move(*project));
}

// Files that only a project file makes what they are: JSON, and whatever else it calls policies or a schema.
void Workspace::AddNamed(const project::Project& project) {
  const auto add = [&](const project::ProjectPath& each, FileKind kind) {
    std::error_code error;
    if (each.is_builtin() || !fs::is_regular_file(each.path, error)) return;
    const auto known = documents_.find(each.path);
    if (known == documents_.end() && !AddFromDisk(each.path, kind)) return;
    auto& document = documents_.at(each.path);
    const bool is_json = kind == FileKind::Policies && GuessPolicyFormat(each.path, document.text.text()) == PolicyFormat::Json;
    document.kind = is_json ? FileKind::JsonPolicies : kind;
  };
  for (const auto& each : project.schema) add(each, FileKind::Schema);
  for (const auto& each : project.policies) add(each, FileKind::Policies);
  for (const auto& each : project.tests) add(each, FileKind::Policies);
  if (project.links) add(*project.links, FileKind::Links);
}

// JSON that no project file names any more is nobody's.
void Workspace::DropUnnamed() {
  std::vector<std::string> keys;
  for (const auto& [key, document] : documents_) {
    const bool is_json = document.kind == FileKind::JsonPolicies || document.kind == FileKind::Links;
    if (is_json && NamedBy(document) == nullptr) keys.push_back(key);
  }
  for (const auto& key : keys) Remove(key);
}

auto Workspace::NamedBy(const Document& document) const -> const project::Project* {
  const auto names = [&](const std::vector<project::ProjectPath>& paths) {
    return std::ranges::any_of(paths,
                               [&](const project::ProjectPath& each) { return !each.is_builtin() && IsWithin(document.key, each.path); });
  };
  for (const auto& [root, project] : named_) {
    bool is_named = false;
    switch (document.kind) {
      case FileKind::Policies:
      case FileKind::JsonPolicies: is_named = names(project.policies) || names(project.tests); break;
      case FileKind::Schema: is_named = names(project.schema); break;
      case FileKind::Links: is_named = project.links && project.links->path == document.key; break;
      case FileKind::Settings: break;
    }
    if (is_named) return &project;
  }
  return nullptr;
}

// What is shipped and does not go with the project is told where the project names it.
void Workspace::NoteShipped(Changes& changes) {
  for (const auto& [root, named] : named_) {
    const auto file = documents_.find(named.file);
    const auto project = projects_.find(root);
    if (file == documents_.end() || project == projects_.end()) continue;
    std::vector<Note> notes = file_notes_[named.file];
    for (const auto* paths : {&named.policies, &named.tests, &named.schema}) {
      for (const auto& path : *paths) {
        const auto [first, last] = project->second->ShippedDiagnostics().equal_range(path.path);
        for (auto it = first; it != last; ++it) {
          notes.push_back({.range = {.begin = path.span.begin, .end = path.span.end},
                           .level = LevelOf(it->second.code),
                           .code = std::string(CodeName(it->second.code)),
                           .message = "`" + path.path + "`: " + it->second.message,
                           .help = it->second.help});
        }
      }
    }
    if (notes == file->second.notes) continue;
    file->second.notes = std::move(notes);
    changes.documents.push_back(&file->second);
  }
}

}  // namespace remit::lsp
