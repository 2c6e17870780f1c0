// What an expression of a policy is, by the schema as written: so that its attributes have places and words.
//
// It follows what the author wrote and forgives what the checker would not: an attribute that nothing guards has a type here, since whoever asks is
// about to write the guard.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "compiler/lsp/marks.h"
#include "compiler/lsp/schema_index.h"

namespace remit::lsp {

// What requests a statement is about.
struct Subjects {
  Shapes principal, resource, context;
  std::vector<EntityUid> actions;
};
auto SubjectsOf(const ast::Scope& scope, const check::SchemaView& view, const SchemaIndex& index) -> Subjects;
// Of every request there is.
auto AllSubjects(const check::SchemaView& view, const SchemaIndex& index) -> Subjects;

class ShapeFinder {
 public:
  // All outlive this. `roots`: of the statement, for what its quantifiers bind.
  ShapeFinder(const ast::Ast& ast, const SchemaIndex& index, const Subjects& subjects, const std::vector<ast::ExprId>& roots);

  auto Of(ast::ExprId id) const -> Shapes { return Of(id, 0); }

 private:
  auto Of(ast::ExprId id, int depth) const -> Shapes;

  const ast::Ast& ast_;
  const SchemaIndex& index_;
  const Subjects& subjects_;
  std::map<SymbolId, ast::ExprId> sets_;  // by what a quantifier binds
};

// A name of the project, under one key wherever it stands: `type:A::B`, `action:..`, `entity:..`, `id:..`, `budget:..`, `breaker:..`, `common:..`,
// `attribute:FILE:OFFSET` of its declaration.
struct Occurrence {
  std::string key = {};
  const ProjectFile* file = nullptr;
  TextRange range = {};
  bool is_declaration = false;
  bool is_quoted = false;  // a string literal stands here
};

// What a feature asks of one project. Made for one answer.
class PolicyView {
 public:
  explicit PolicyView(Project& project);

  auto project() const -> Project& { return project_; }
  auto index() const -> const SchemaIndex* { return index_ ? &*index_ : nullptr; }
  auto view() const -> const check::SchemaView* { return project_.view(); }

  auto SubjectsOfStatement(uint32_t statement) const -> Subjects;
  // Of a file: every name in it.
  auto OccurrencesIn(const ProjectFile& file) const -> std::vector<Occurrence>;
  // Everywhere.
  auto OccurrencesOf(const std::string& key) const -> std::vector<Occurrence>;
  // Those at a place; several if an attribute is declared for several types.
  auto At(const ProjectFile& file, uint32_t offset) const -> std::vector<Occurrence>;

  auto KeyOf(const schema_ast::Attribute& attribute) const -> std::string;

  // What the text in front of `offset` is about to say, in a statement that may be half written.
  auto SubjectsAt(const ProjectFile& file, uint32_t offset) const -> Subjects;
  auto ShapesOfText(std::string_view expression, const Subjects& subjects) const -> Shapes;

 private:
  void FromMarks(const ProjectFile& file, std::vector<Occurrence>& found) const;
  void FromTrees(const ProjectFile& file, std::vector<Occurrence>& found) const;
  void FromTest(const ast::Test& test, const ProjectFile& file, std::vector<Occurrence>& found) const;
  void FromSchema(const ProjectFile& file, std::vector<Occurrence>& found) const;
  void AddFields(const std::vector<Field>& fields, const ProjectFile& file, TextRange range, bool is_quoted,
                 std::vector<Occurrence>& found) const;
  void AddRecord(ast::ExprId record, const Shapes& shapes, const ProjectFile& file, std::vector<Occurrence>& found) const;

  Project& project_;
  std::optional<SchemaIndex> index_;
};

}  // namespace remit::lsp
