// What the editor has opened and what is on disk beside it, as projects: texts by path, and which of them belong together.
//
// A project is what a `remit.toml` says, packs, policies as JSON and links included. Where there is none it is a folder with a schema and every policy file below it, down to the next schema;
// policy files without a schema above them make one project of their workspace folder. So a repository with an example a folder is several projects,
// and nobody has to say so.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/lsp/project.h"
#include "compiler/project/project.h"

namespace remit::lsp {

struct Document {
  std::string key;  // the path, or the URI of what is no file
  std::string uri;
  FileKind kind = FileKind::Policies;
  TextDocument text;
  int64_t version = 0;
  bool is_open = false;  // the editor's text counts, not the disk's
  Project* project = nullptr;
  std::vector<Note> notes = {};  // of a project file: what is wrong with it, and with what is shipped and named there
};

// A piece of text in the place of another; without a range, in the place of all.
struct TextChange {
  bool is_whole = false;
  Position begin, end;
  std::string text;
};

// Whether it is the folder, or something below it.
auto IsWithin(const std::string& path, const std::string& folder) -> bool;

// What a project file says of a project.
auto SettingsOf(const project::Project& project) -> Project::Settings;

class Workspace {
 public:
  void AddFolder(const std::string& path);
  void RemoveFolder(const std::string& path);

  void Open(const std::string& uri, const std::string& language, int64_t version, std::string text);
  void Change(const std::string& uri, int64_t version, const std::vector<TextChange>& changes, Encoding encoding);
  // What is on disk counts again.
  void Close(const std::string& uri);
  // Created, changed or deleted on disk.
  void LookAgain(const std::string& uri);

  auto Find(const std::string& uri) -> Document*;
  auto FindByKey(const std::string& key) -> Document*;
  auto documents() const -> const std::map<std::string, Document>& { return documents_; }
  auto projects() const -> const std::map<std::string, std::unique_ptr<Project>>& { return projects_; }

  // Brings every project up to date. Documents whose notes may be others now; URIs of those that are gone.
  struct Changes {
    std::vector<const Document*> documents;
    std::vector<std::string> gone;
  };
  auto Analyze() -> Changes;

 private:
  void Scan(const std::string& folder);
  auto AddFromDisk(const std::string& path, FileKind kind) -> bool;
  void Remove(const std::string& key);
  void Assign();
  void MakeProjectsAnew();
  void ReadProjectFiles();
  void ReadProjectFile(Document& document);
  void AddNamed(const project::Project& project);
  void DropUnnamed();
  void NoteShipped(Changes& changes);
  // The project file that names a file, null if none does.
  auto NamedBy(const Document& document) const -> const project::Project*;
  auto RootOf(const Document& document, const std::set<std::string>& schema_folders) const -> std::string;
  auto FolderOf(const std::string& path) const -> std::string;

  std::set<std::string> folders_;
  std::map<std::string, Document> documents_;  // by key
  std::map<std::string, std::unique_ptr<Project>> projects_;  // by root
  std::map<std::string, project::Project> named_;  // by root: what project files say
  std::map<std::string, std::vector<Note>> file_notes_;  // by project file: what is wrong with it
  std::vector<std::string> gone_;
  bool is_assigned_ = false;
};

}  // namespace remit::lsp
