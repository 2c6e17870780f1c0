// Where the names of a schema are declared, and what types look like from the outside: for hover, completion and navigation.
//
// It reads the schema as written: a resolved schema has forgotten places, common types and annotations.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/lsp/project.h"

namespace remit::lsp {

// A type as far as it can be told.
struct Shape {
  enum class Form : uint8_t { Builtin, Entity, Record, Set };
  Form form = Form::Builtin;
  Kind kind = Kind::Bool;                          // Builtin
  SymbolId entity = {};                                 // Entity
  const schema_ast::Fragment* fragment = nullptr;  // Record and Set
  schema_ast::TypeExprId type = {};
  SymbolId name_space = {};

  friend auto operator==(const Shape&, const Shape&) -> bool = default;
};
// What something may be: one shape for each kind of request.
using Shapes = std::vector<Shape>;
void Join(Shapes& into, const Shapes& more);

struct Field {
  const schema_ast::Attribute* declaration = nullptr;
  Shapes shapes = {};
};

struct EntityEntry {
  const schema_ast::EntityDecl* declaration = nullptr;
  const schema_ast::Fragment* fragment = nullptr;
  SymbolId name_space = {};
  Span span = {};  // of the name
};
struct ActionEntry {
  const schema_ast::ActionDecl* declaration = nullptr;
  const schema_ast::Fragment* fragment = nullptr;
  SymbolId name_space = {};
  Span span = {};
};
struct CommonEntry {
  const schema_ast::CommonTypeDecl* declaration = nullptr;
  const schema_ast::Fragment* fragment = nullptr;
  SymbolId name_space = {};
};

class SchemaIndex {
 public:
  // Both outlive the index.
  SchemaIndex(const ProjectSchema& schema, Interner& interner);

  auto schema() const -> const Schema& { return schema_.schema; }
  // Of files.
  auto fragments() const -> const std::vector<schema_ast::Fragment>& { return schema_.fragments; }
  auto interner() const -> Interner& { return interner_; }
  // By full name; actions as in policies, `N::Action::"a"`.
  auto entities() const -> const std::map<std::string, EntityEntry>& { return entities_; }
  auto actions() const -> const std::map<std::string, ActionEntry>& { return actions_; }
  auto common_types() const -> const std::map<std::string, CommonEntry>& { return common_; }

  auto ShapeOf(const schema_ast::Fragment& fragment, schema_ast::TypeExprId type, SymbolId name_space) const -> Shapes;
  auto EntityShape(SymbolId name) const -> Shape { return {.form = Shape::Form::Entity, .entity = name}; }
  auto ContextOf(EntityUid action) const -> Shapes;
  auto FieldsOf(const Shapes& shapes) const -> std::vector<Field>;
  auto FieldsNamed(const Shapes& shapes, SymbolId name) const -> std::vector<Field>;
  auto TagsOf(const Shapes& shapes) const -> Shapes;
  auto ElementsOf(const Shapes& shapes) const -> Shapes;
  // The full name of what a name stands for in a namespace, empty if nothing has it.
  auto FullName(std::string_view name, SymbolId name_space, bool wants_common) const -> std::string;

  // `Set<String>`, `User or Agent`, `{a: Long, b?: User}`
  auto Describe(const Shapes& shapes) const -> std::string;
  auto Describe(const Shape& shape, int depth = 0) const -> std::string;

 private:
  void Collect(const schema_ast::Fragment& fragment, const schema_ast::Namespace& space);
  auto Qualified(SymbolId name_space, std::string_view name) const -> std::string;
  auto Resolve(const schema_ast::Fragment& fragment, schema_ast::TypeExprId type, SymbolId name_space, int depth) const -> Shapes;
  auto FieldsOfRecord(const Shape& record) const -> std::vector<Field>;

  const ProjectSchema& schema_;
  Interner& interner_;
  std::map<std::string, EntityEntry> entities_;
  std::map<std::string, ActionEntry> actions_;
  std::map<std::string, CommonEntry> common_;
};

// `Long`, `ipaddr`, ..
auto BuiltinName(Kind kind) -> std::string;

}  // namespace remit::lsp
