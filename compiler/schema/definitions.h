// Everything that a schema's fragments declare, by full name, and the rules by which a name finds its declaration.
//
// A bare name in namespace `N` means `N::name` if there is such a thing, else `name` of the unnamed namespace; of two things with
// one full name the common type comes before the entity type. Built-in types are common types of `__cedar`, with an alias
// in the unnamed namespace unless something declared there has its name. These are Cedar's RFCs 24 and 70.
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"

namespace remit {

// Where a declaration stands: what its types are read in.
struct SchemaPlace {
  const schema_ast::Fragment* fragment;
  SymbolId name_space;  // none: the unnamed one
};

struct DeclaredType {
  SymbolId name;  // in full
  Span span;
  SchemaPlace place;
  const schema_ast::CommonTypeDecl* decl;
};
struct DeclaredEntity {
  SymbolId name;
  Span span;
  SchemaPlace place;
  const schema_ast::EntityDecl* decl;
};
struct DeclaredAction {
  EntityUid uid;
  Span span;
  SchemaPlace place;
  const schema_ast::ActionDecl* decl;
};

// What a name stands for.
struct FoundCommonType {
  uint32_t index;
};  // into `common_types`
struct FoundEntityType {
  SymbolId name;
};
using FoundType = std::variant<FoundCommonType, FoundEntityType, Kind>;

class Definitions {
 public:
  explicit Definitions(ParseContext& context);

  // Reports duplicates, reserved names and shadowing. The fragments must outlive this.
  void Collect(const std::vector<schema_ast::Fragment>& fragments);

  auto common_types() const -> const std::vector<DeclaredType>& { return common_types_; }
  auto entities() const -> const std::vector<DeclaredEntity>& { return entities_; }
  auto actions() const -> const std::vector<DeclaredAction>& { return actions_; }
  auto has_errors() const -> bool { return has_errors_; }

  // None if there is nothing of that kind. An action's type counts as an entity type here.
  auto Find(SymbolId name, SymbolId name_space, schema_ast::Reference reference) const -> std::optional<FoundType>;
  auto IsDeclaredEntity(SymbolId name) const -> bool { return entity_index_.contains(name); }
  // Position in `actions`.
  auto FindAction(const schema_ast::ActionRef& ref, SymbolId name_space) const -> std::optional<uint32_t>;

 private:
  void CollectNamespace(const schema_ast::Fragment& fragment, const schema_ast::Namespace& name_space);
  void AddCommonType(const schema_ast::CommonTypeDecl& decl, SchemaPlace place);
  void AddEntity(const schema_ast::EntityDecl& decl, const schema_ast::Name& name, SchemaPlace place);
  void AddAction(const schema_ast::ActionDecl& decl, const schema_ast::Name& name, SchemaPlace place);
  void CheckTypeShadowing();
  void CheckActionShadowing();
  void ReportDuplicate(std::string_view what, std::string_view name, Span second, Span first);

  auto FindExact(SymbolId name, schema_ast::Reference reference) const -> std::optional<FoundType>;
  auto Qualify(SymbolId name_space, std::string_view name) -> SymbolId;
  // None if nothing has this name.
  auto FindQualified(SymbolId name_space, std::string_view name) const -> SymbolId;

  template <typename... Args>
  auto Report(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    has_errors_ = true;
    return context_.sink.Report(code, span, args...);
  }

  ParseContext& context_;
  SymbolId action_word_;
  std::vector<DeclaredType> common_types_;
  std::vector<DeclaredEntity> entities_;
  std::vector<DeclaredAction> actions_;
  std::unordered_map<SymbolId, uint32_t> common_index_;
  std::unordered_map<SymbolId, uint32_t> entity_index_;
  std::unordered_map<uint64_t, uint32_t> action_index_;
  std::unordered_set<SymbolId> action_types_;
  std::unordered_map<SymbolId, Kind> builtins_;  // `__cedar::Long` and, where free, `Long`
  bool has_errors_ = false;
};

}  // namespace remit
