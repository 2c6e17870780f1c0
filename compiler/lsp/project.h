// What is known of a project while somebody types: its texts, what is wrong with them, and the trees that hover, completion and navigation read.
//
// Files are cut into pieces, each whole lines around one statement, and a piece is a file of its own to the compiler: what was found in it is in its
// own offsets and stays true when text is inserted above it. A keystroke costs reading and checking the pieces whose text changed, those that depend on
// what changed in them (budgets by name, tests by the ids they expect), and the few rules that compare statements with each other. The tempting
// alternative, a graph of memoized queries, pays for every node what most pieces never need.
//
// INVARIANT: what `Notes` gives depends on the texts alone, never on the order in which they came to be. Whatever depends on more than a piece, its
// schema and those names is computed anew each time; a change of the schema forgets everything.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "compiler/lint/allowances.h"
#include "compiler/lint/lint.h"
#include "compiler/lsp/text_document.h"
#include "compiler/schema/ast.h"

namespace remit::lsp {

// Of one pass over the project.
inline constexpr uint32_t kMostDiagnostics = 100'000;

// Of JSON, links and project files an editor is told what is wrong, and nothing else is asked of them.
enum class FileKind : uint8_t { Policies, Schema, JsonPolicies, Links, Settings };

struct TextRange {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend auto operator==(TextRange, TextRange) -> bool = default;
};

struct NoteEdit {
  TextRange range;
  std::string text;

  friend auto operator==(const NoteEdit&, const NoteEdit&) -> bool = default;
};

// A diagnostic or a finding, where it is in the file.
struct Note {
  TextRange range = {};
  lint::Level level = lint::Level::Error;
  std::string code = {};
  std::string message = {};
  std::string help = {};
  bool is_finding = false;  // the linter's: has a page, can be allowed
  std::vector<NoteEdit> fix = {};

  friend auto operator==(const Note&, const Note&) -> bool = default;
};

// A name of a budget or breaker.
struct StateName {
  ast::StateKind kind;
  SymbolId name;

  friend auto operator<=>(const StateName&, const StateName&) = default;
};

struct ProjectFile;

// A piece of a policy file.
struct Piece {
  const ProjectFile* owner = nullptr;  // null: of something shipped, which nobody edits
  TextRange range;  // in the file
  FileId file;  // its text
  uint32_t statements = 0;  // those that could be read
  std::vector<Diagnostic> diagnostics;
  std::vector<lint::Finding> findings;  // of rules that look at one statement
  std::vector<lint::Allowance> allowances;
  bool has_errors = false;
  bool is_stale = true;  // not checked since it or what it depends on changed
  std::vector<StateName> declares, reads;
  std::vector<std::string> expected_ids;  // of its tests
};

struct ProjectFile {
  std::string path;
  FileKind kind = FileKind::Policies;
  const TextDocument* document = nullptr;  // the workspace's
  bool is_changed = true;
  FileId schema_file;  // of a schema
  std::vector<std::unique_ptr<Piece>> pieces;
  std::vector<Note> notes;
  std::vector<Diagnostic> diagnostics;  // of JSON, whose statements have no places
};

// A schema that could be read, in both forms.
struct ProjectSchema {
  std::vector<schema_ast::Fragment> fragments;  // of files
  std::vector<schema_ast::Fragment> shipped;
  Schema schema;
};

class Project {
 public:
  explicit Project(std::string root) : root_(std::move(root)) { Forget(); }
  ~Project();
  Project(const Project&) = delete;
  auto operator=(const Project&) -> Project& = delete;

  auto root() const -> const std::string& { return root_; }

  // `document` outlives its being here. Said again whenever the text changes.
  void SetFile(const std::string& path, FileKind kind, const TextDocument* document);
  void RemoveFile(const std::string& path);
  auto is_empty() const -> bool { return files_.empty(); }
  // What a project file says; without one, the defaults of the command line.
  struct Settings {
    lint::LintOptions levels = {};
    check::CheckOptions check = {};
    bool forbid_errors_deny = false;
    std::set<std::string> shipped_policies = {};  // `builtin:approvals`
    std::set<std::string> shipped_schemas = {};
  };
  void SetSettings(Settings settings);
  auto settings() const -> const Settings& { return settings_; }

  // Brings everything up to date. The files whose notes are others now; removed ones are not among them.
  auto Analyze() -> std::vector<const ProjectFile*>;
  auto is_current() const -> bool { return !is_changed_; }

  // By path. INVARIANT of what follows: up to date, `Analyze` has been called.
  auto files() const -> const std::map<std::string, ProjectFile>& { return files_; }
  auto FindFile(const std::string& path) const -> const ProjectFile*;
  // What is wrong with what is shipped, in this project, by its name: it may not go with the schema, or with other statements.
  auto ShippedDiagnostics() const -> const std::multimap<std::string, Diagnostic>& { return shipped_diagnostics_; }
  auto job() -> CompileJob& { return *job_; }
  // All statements that could be read, by file and place; spans are of pieces.
  auto ast() const -> const ast::Ast& { return job_->ast; }
  auto ids() const -> const std::vector<std::string>& { return ids_; }
  // Null without one, and where it has errors.
  auto schema() const -> const ProjectSchema* { return schema_ ? &*schema_ : nullptr; }
  auto view() const -> const check::SchemaView*;

  // Where a span of a piece, or of a schema's file, is.
  struct Place {
    const ProjectFile* file = nullptr;
    TextRange range = {};
  };
  auto PlaceOf(Span span) const -> Place;
  // Statements of a file: positions in the tree, [first, last).
  auto StatementsOf(const ProjectFile& file) const -> std::pair<uint32_t, uint32_t>;
  // The statement around an offset of a file.
  auto StatementAt(const ProjectFile& file, uint32_t offset) const -> std::optional<uint32_t>;

 private:
  void Forget();
  void ReadSchema();
  void ReadOutside();
  void ReadShipped();
  void ReadJson(ProjectFile& file);
  void NumberOutside();
  void CheckLinkTypes();
  auto AllPieces() const -> std::vector<Piece*>;
  void CutFile(ProjectFile& file, uint32_t first_statement);
  void ReadPiece(Piece& piece);
  void FindDependencies(Piece& piece, uint32_t first_statement);
  void MarkDependents();
  auto PiecesToRead() const -> std::set<FileId>;
  void CheckStale();
  void CheckWholeSet();
  auto CollectFindings() const -> std::vector<lint::Finding>;
  auto CollectNotes() -> std::vector<const ProjectFile*>;
  auto HasErrors() const -> bool;

  auto context(DiagnosticSink& sink) -> ParseContext;
  auto PieceText(const Piece& piece) const -> std::string_view;

  std::string root_;
  Settings settings_;
  std::map<std::string, ProjectFile> files_;
  bool is_changed_ = true;
  bool is_schema_changed_ = true;

  std::unique_ptr<CompileJob> job_;
  size_t first_size_ = 0;  // expressions and files when everything was read last
  std::vector<const Piece*> piece_of_;  // by FileId; null: no longer
  std::map<FileId, const ProjectFile*> schema_of_;  // by FileId
  bool has_schema_files_ = false;
  std::vector<Diagnostic> schema_diagnostics_;
  std::optional<ProjectSchema> schema_;
  std::vector<lint::Allowance> schema_allowances_;
  // Of no statements, for rules that only ask for the schema.
  ast::Ast no_statements_;
  std::vector<std::string> no_ids_;
  std::unique_ptr<check::TypedPolicySet> bare_;

  // Statements that are in no text of an editor's: behind all others, read with the schema and only then.
  std::vector<std::unique_ptr<Piece>> shipped_;
  std::vector<SymbolId> outside_ids_;  // of those, where JSON gives them; none for shipped ones
  std::multimap<std::string, Diagnostic> shipped_diagnostics_;

  std::map<StateName, std::vector<FileId>> states_;  // by name, the pieces that declare it
  std::vector<std::string> ids_;  // parallel to the statements
  std::vector<std::string> sorted_ids_;
  std::vector<Diagnostic> set_diagnostics_;
  std::vector<lint::Finding> set_findings_;
};

// The pieces of a text: ranges of whole lines that cover it.
auto CutText(std::string_view text, const Limits& limits) -> std::vector<TextRange>;

}  // namespace remit::lsp
