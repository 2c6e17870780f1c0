#include "compiler/lsp/workspace.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "compiler/driver/files.h"
#include "compiler/lsp/uri.h"

namespace remit::lsp {
namespace fs = std::filesystem;
namespace {

constexpr size_t kMaxFileBytes = size_t{16} << 20;
constexpr size_t kMaxFiles = 50'000;
constexpr int kMaxDepth = 32;

auto EndsWith(const std::string& path, std::initializer_list<std::string_view> endings) -> bool {
  return std::ranges::any_of(endings, [&](std::string_view each) { return path.ends_with(each); });
}

auto KindOfPath(const std::string& path) -> std::optional<FileKind> {
  if (EndsWith(path, {".cedarschema", ".cedarschema.json"})) return FileKind::Schema;
  if (EndsWith(path, {".cedar", ".remit"})) return FileKind::Policies;
  if (fs::path(path).filename() == project::kFileName) return FileKind::Settings;
  return std::nullopt;
}

auto IsSkippedFolder(const fs::path& path) -> bool {
  const auto name = path.filename().string();
  return name.starts_with('.') || name == "node_modules" || name == "build" || name == "target";
}

auto ParentOf(const std::string& path) -> std::string { return fs::path(path).parent_path().string(); }

auto KeyOfUri(const std::string& uri) -> std::string { return PathOfUri(uri).value_or(uri); }

}  // namespace

// ---- what there is -----------------------------------------------------------------------------------------------------------

void Workspace::AddFolder(const std::string& path) {
  if (!folders_.insert(path).second) return;
  Scan(path);
  is_assigned_ = false;
}

void Workspace::RemoveFolder(const std::string& path) {
  if (folders_.erase(path) == 0) return;
  std::vector<std::string> keys;
  for (const auto& [key, document] : documents_) {
    if (!document.is_open && IsWithin(key, path) && FolderOf(key).empty()) keys.push_back(key);
  }
  for (const auto& key : keys) Remove(key);
  is_assigned_ = false;
}

void Workspace::Scan(const std::string& folder) {
  std::error_code error;
  auto it = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && it != fs::recursive_directory_iterator() && documents_.size() < kMaxFiles; it.increment(error)) {
    if (it->is_directory(error)) {
      if (IsSkippedFolder(it->path()) || it.depth() > kMaxDepth) it.disable_recursion_pending();
      continue;
    }
    const auto path = it->path().string();
    const auto kind = KindOfPath(path);
    if (kind && it->is_regular_file(error)) AddFromDisk(path, *kind);
  }
}

auto Workspace::AddFromDisk(const std::string& path, FileKind kind) -> bool {
  auto text = ReadTextFile(path, kMaxFileBytes);
  if (!text) return false;
  auto& document = documents_[path];
  document.key = path;
  document.uri = UriOfPath(path);
  document.kind = kind;
  document.text = TextDocument(std::move(*text));
  return true;
}

void Workspace::Remove(const std::string& key) {
  const auto it = documents_.find(key);
  if (it == documents_.end()) return;
  if (it->second.project != nullptr) it->second.project->RemoveFile(key);
  gone_.push_back(it->second.uri);
  if (it->second.kind == FileKind::Settings) MakeProjectsAnew();
  is_assigned_ = false;  // a project file may name it
  documents_.erase(it);
}

// ---- what the editor says ------------------------------------------------------------------------------------------------------

void Workspace::Open(const std::string& uri, const std::string& language, int64_t version, std::string text) {
  const auto key = KeyOfUri(uri);
  const bool is_new = !documents_.contains(key);
  auto& document = documents_[key];
  const auto usual = KindOfPath(key).value_or(is_new ? FileKind::Policies : document.kind);
  const auto kind = language == "cedarschema" ? FileKind::Schema : usual;
  const bool is_same = !is_new && document.text.text() == text && document.kind == kind;
  document.key = key;
  document.uri = uri;
  document.version = version;
  document.is_open = true;
  if (is_same) return;
  document.kind = kind;
  document.text = TextDocument(std::move(text));
  if (is_new) is_assigned_ = false;
  if (kind == FileKind::Settings) MakeProjectsAnew();
  if (document.project != nullptr) document.project->SetFile(key, kind, &document.text);
}

void Workspace::Change(const std::string& uri, int64_t version, const std::vector<TextChange>& changes, Encoding encoding) {
  auto* document = Find(uri);
  if (document == nullptr) return;
  document->version = version;
  for (const auto& change : changes) {
    if (change.is_whole) {
      document->text = TextDocument(change.text);
    } else {
      document->text.Replace(change.begin, change.end, change.text, encoding);
    }
  }
  if (document->kind == FileKind::Settings) MakeProjectsAnew();
  if (document->project != nullptr) document->project->SetFile(document->key, document->kind, &document->text);
}

void Workspace::Close(const std::string& uri) {
  auto* document = Find(uri);
  if (document == nullptr) return;
  document->is_open = false;
  LookAgain(uri);
}

void Workspace::LookAgain(const std::string& uri) {
  const auto key = KeyOfUri(uri);
  auto* document = FindByKey(key);
  if (document != nullptr && document->is_open) return;
  const std::string before = document != nullptr ? std::string(document->text.text()) : std::string();
  const auto kind = document != nullptr ? std::optional(document->kind) : KindOfPath(key);
  // Of no kind by its name: a project file that misses it may name it.
  if (!kind) return void(is_assigned_ = is_assigned_ && file_notes_.empty());
  if (!AddFromDisk(key, *kind)) return Remove(key);
  if (document == nullptr) is_assigned_ = false;
  const auto& now = documents_.at(key);
  if (document != nullptr && before == now.text.text()) return;
  if (*kind == FileKind::Settings) MakeProjectsAnew();
  if (document != nullptr && document->project != nullptr) document->project->SetFile(key, now.kind, &now.text);
}

// What a project file says may be anything.
void Workspace::MakeProjectsAnew() {
  projects_.clear();
  for (auto& [name, each] : documents_) each.project = nullptr;
  is_assigned_ = false;
}

auto Workspace::Find(const std::string& uri) -> Document* { return FindByKey(KeyOfUri(uri)); }

auto Workspace::FindByKey(const std::string& key) -> Document* {
  const auto it = documents_.find(key);
  return it == documents_.end() ? nullptr : &it->second;
}

// ---- projects ----------------------------------------------------------------------------------------------------------------

auto Workspace::FolderOf(const std::string& path) const -> std::string {
  std::string found;
  for (const auto& folder : folders_) {
    if (IsWithin(path, folder) && folder.size() > found.size()) found = folder;
  }
  return found;
}

auto Workspace::RootOf(const Document& document, const std::set<std::string>& schema_folders) const -> std::string {
  if (const auto* named = NamedBy(document)) return named->root;
  if (!document.key.starts_with('/')) return document.key;  // of no folder: alone
  const auto top = FolderOf(document.key);
  for (auto folder = ParentOf(document.key);; folder = ParentOf(folder)) {
    if (schema_folders.contains(folder)) return folder;
    if (folder == top || folder == ParentOf(folder)) break;
  }
  return top.empty() ? ParentOf(document.key) : top;
}

// Projects whose files are the same stay as they are.
void Workspace::Assign() {
  ReadProjectFiles();
  std::set<std::string> schema_folders;
  for (const auto& [key, document] : documents_) {
    if (document.kind == FileKind::Schema) schema_folders.insert(ParentOf(key));
  }
  std::map<std::string, std::vector<Document*>> members;
  std::set<std::string> with_policies;
  for (auto& [key, document] : documents_) {
    if (document.kind == FileKind::Schema || document.kind == FileKind::Settings) continue;
    const auto root = RootOf(document, schema_folders);
    with_policies.insert(root);
    members[root].push_back(&document);
  }
  for (auto& [key, document] : documents_) {
    if (document.kind != FileKind::Schema) continue;
    if (const auto* named = NamedBy(document)) {
      members[named->root].push_back(&document);
      continue;
    }
    // A schema beside its policies' folder, not above it, is that of the whole workspace folder.
    const auto folder = ParentOf(key);
    const auto top = FolderOf(key);
    const bool is_for_top = !with_policies.contains(folder) && with_policies.contains(top) && !schema_folders.contains(top);
    members[is_for_top ? top : folder].push_back(&document);
  }
  std::map<std::string, std::unique_ptr<Project>> projects;
  for (auto& [root, documents] : members) {
    auto& project = projects[root];
    const auto old = projects_.find(root);
    const bool is_same = old != projects_.end() && old->second->files().size() == documents.size() &&
                         std::ranges::all_of(documents, [&](Document* each) { return old->second->FindFile(each->key) != nullptr; });
    if (is_same) {
      project = std::move(old->second);
      continue;
    }
    project = std::make_unique<Project>(root);
    if (const auto named = named_.find(root); named != named_.end()) project->SetSettings(SettingsOf(named->second));
    for (auto* document : documents) {
      document->project = project.get();
      project->SetFile(document->key, document->kind, &document->text);
    }
  }
  projects_ = std::move(projects);
  is_assigned_ = true;
}

auto Workspace::Analyze() -> Changes {
  Changes changes;
  const bool assigns = !is_assigned_;
  if (assigns) Assign();
  for (const auto& [root, project] : projects_) {
    for (const auto* file : project->Analyze()) changes.documents.push_back(&documents_.at(file->path));
  }
  NoteShipped(changes);
  if (assigns) {
    changes.documents.clear();
    for (const auto& [key, document] : documents_) changes.documents.push_back(&document);
  }
  for (auto& uri : std::exchange(gone_, {})) {
    if (Find(uri) == nullptr) changes.gone.push_back(std::move(uri));
  }
  return changes;
}

}  // namespace remit::lsp
