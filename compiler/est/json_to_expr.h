// Expressions, literal values and entity references of JSON policies to syntax tree.
//
// Cedar's rules about which extra members are let pass are followed to the letter: an operator refuses them, an entity reference and
// an `__extn` escape do not, and an object that only looks like an escape is a record.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/est/json_site.h"
#include "compiler/parse/parse.h"

namespace remit {

class JsonExprReader {
 public:
  // `context` and `ast` must outlive the reader.
  JsonExprReader(ParseContext& context, ast::Ast& ast) : context_(context), ast_(ast), report_(context.sink) {}

  // The body of a condition. None if something was reported, as with all that follows.
  auto ReadCondition(const JsonSite& site, ast::ConditionKind kind) -> ast::ExprId;
  // `{"type", "id"}` or `{"__entity": {"type", "id"}}`.
  auto ReadEntity(const JsonSite& site) -> std::optional<EntityUid>;
  auto ReadEntityType(const JsonSite& site) -> SymbolId;

 private:
  auto ReadExpr(const JsonSite& site) -> ast::ExprId;
  auto ReadOperator(const JsonSite& site, std::string_view name) -> ast::ExprId;
  auto ReadCall(const JsonSite& site, const BuiltinInfo& builtin) -> ast::ExprId;
  auto ReadVar(const JsonSite& site) -> ast::ExprId;
  auto ReadSlot(const JsonSite& site) -> ast::ExprId;
  auto ReadUnary(const JsonSite& site, ast::UnaryOp op) -> ast::ExprId;
  auto ReadBinary(const JsonSite& site, ast::BinaryOp op) -> ast::ExprId;
  auto ReadGetAttr(const JsonSite& site) -> ast::ExprId;
  auto ReadHasAttr(const JsonSite& site) -> ast::ExprId;
  auto ReadHasPath(const JsonSite& site, ast::ExprId object, std::vector<SymbolId> path) -> ast::ExprId;
  auto ReadLike(const JsonSite& site) -> ast::ExprId;
  auto ReadPattern(const JsonSite& site) -> std::optional<std::vector<ast::PatternElement>>;
  auto ReadPatternElement(const JsonSite& site, std::vector<ast::PatternElement>& pattern) -> bool;
  auto ReadIs(const JsonSite& site) -> ast::ExprId;
  auto ReadIf(const JsonSite& site) -> ast::ExprId;
  auto ReadSet(const JsonSite& site) -> ast::ExprId;
  auto ReadRecord(const JsonSite& site) -> ast::ExprId;
  auto ReadMember(const JsonSite& site, std::string_view name, const Json* value) -> ast::ExprId;

  auto ReadValue(const JsonSite& site) -> ast::ExprId;
  auto ReadNumber(const JsonSite& site) -> ast::ExprId;
  auto ReadValueSet(const JsonSite& site) -> ast::ExprId;
  auto ReadValueObject(const JsonSite& site) -> ast::ExprId;
  auto ReadExtension(const JsonSite& site, const std::string& function) -> ast::ExprId;

  // `{"type", "id"}` with both strings, else null; reports nothing.
  struct TypeAndId {
    JsonSite type;
    const std::string& id;
  };
  auto FindTypeAndId(const JsonSite& site) -> std::optional<TypeAndId>;
  auto MakeEntity(const TypeAndId& parts) -> std::optional<EntityUid>;

  auto Enter(const JsonSite& site) -> bool;
  auto Intern(std::string_view text) -> SymbolId { return context_.interner.Intern(text); }
  template <typename Node>
  auto Add(Node node) -> ast::ExprId {
    return ast_.Add({.span = {}, .parenthesized = false, .node = std::move(node)});
  }

  ParseContext& context_;
  ast::Ast& ast_;
  JsonReporter report_;
  uint32_t depth_ = 0;
  ast::ConditionKind clause_ = ast::ConditionKind::When;
};

}  // namespace remit
