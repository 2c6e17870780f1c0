#include "compiler/explain/suggestions.h"

#include <algorithm>
#include <optional>

#include "compiler/ast/decimal_text.h"
#include "compiler/explain/constant.h"
#include "runtime/value/format.h"

namespace remit::explain {
namespace {

using ast::BinaryOp;
using ast::ExprId;

auto EntityJson(EntityUid uid, const Interner& interner) -> Json {
  return {{"type", interner.text(uid.type)}, {"id", interner.text(uid.id)}};
}

auto ExtensionJson(std::string_view function, std::string_view text) -> Json { return {{"__extn", {{"fn", function}, {"arg", text}}}}; }

auto ComparesDecimals(BuiltinId builtin) -> bool {
  return builtin == BuiltinId::LessThan || builtin == BuiltinId::LessThanOrEqual || builtin == BuiltinId::GreaterThan ||
         builtin == BuiltinId::GreaterThanOrEqual;
}

class Collector {
 public:
  Collector(const ast::Ast& ast, Interner& interner) : ast_(ast), interner_(interner) {}

  void Scope(const ast::Scope& scope) {
    Group(ast::Var::Principal, scope.principal);
    Group(ast::Var::Resource, scope.resource);
  }

  void Expr(ExprId root) {
    std::vector<ExprId> open = {root};
    while (!open.empty()) {
      const ExprId id = open.back();
      open.pop_back();
      const auto& node = ast_.expr(id).node;
      if (const auto* binary = std::get_if<ast::Binary>(&node)) {
        Binary(*binary);
        open.push_back(binary->left), open.push_back(binary->right);
      } else if (const auto* unary = std::get_if<ast::Unary>(&node)) {
        open.push_back(unary->operand);
      } else if (const auto* choice = std::get_if<ast::If>(&node)) {
        open.push_back(choice->condition), open.push_back(choice->then_branch), open.push_back(choice->else_branch);
      } else if (const auto* call = std::get_if<ast::Call>(&node)) {
        if (ComparesDecimals(call->builtin) && call->args.size() == 2) Bounds(call->args[0], call->args[1]);
        open.insert(open.end(), call->args.begin(), call->args.end());
      } else if (std::holds_alternative<ast::GetAttr>(node)) {
        Boolean(id);
      } else if (const auto* has = std::get_if<ast::HasAttr>(&node)) {
        Absent(*has);
      }
    }
  }

  auto Take() -> std::vector<Suggestion> { return std::move(found_); }

 private:
  void Group(ast::Var variable, const ast::ScopeConstraint& constraint) {
    if (constraint.op != ast::ScopeOp::In && constraint.op != ast::ScopeOp::IsIn) return;
    for (const EntityUid uid : constraint.entities)
      found_.push_back({.variable = variable, .path = {}, .value = EntityJson(uid, interner_)});
  }

  // None for what is no chain of attributes behind a variable.
  auto Path(ExprId id) const -> std::optional<Suggestion> {
    Suggestion path;
    while (const auto* attribute = std::get_if<ast::GetAttr>(&ast_.expr(id).node)) {
      path.path.emplace_back(interner_.text(attribute->attr));
      id = attribute->object;
    }
    const auto* variable = std::get_if<ast::VarRef>(&ast_.expr(id).node);
    if (variable == nullptr || variable->var == ast::Var::Action) return std::nullopt;
    path.variable = variable->var;
    std::ranges::reverse(path.path);
    return path;
  }

  auto Literal(ExprId id) const -> std::optional<Json> {
    const auto& node = ast_.expr(id).node;
    if (const auto* boolean = std::get_if<ast::BoolLit>(&node)) return Json(boolean->value);
    if (const auto* number = std::get_if<ast::LongLit>(&node)) return Json(number->value);
    if (const auto* text = std::get_if<ast::StringLit>(&node)) return Json(interner_.text(text->text));
    if (const auto* entity = std::get_if<ast::EntityLit>(&node)) return Json{{"__entity", EntityJson(entity->uid, interner_)}};
    return std::nullopt;
  }

  void Add(Suggestion path, Json value, bool is_member = false) {
    path.value = std::move(value);
    path.is_member = is_member;
    found_.push_back(std::move(path));
  }

  // `context.price.lessThan(decimal("10.00"))`, `context.at < datetime("2026-01-01")`: the bound, and what is just beside it.
  void Bounds(ExprId left, ExprId right) {
    const auto path = Path(left).has_value() ? Path(left) : Path(right);
    if (!path || path->path.empty()) return;
    const ExprId bound = Path(left).has_value() ? right : left;
    if (const auto text = ast::ConstructorText(ast_, bound, BuiltinId::DecimalParse, interner_)) {
      for (const int64_t steps : {0, 1, -1}) {
        if (const auto near = ast::StepDecimal(*text, steps)) Add(*path, ExtensionJson("decimal", *near));
      }
    }
    if (!ast::ConstructorText(ast_, bound, BuiltinId::DatetimeParse, interner_)) return;
    const auto time = ConstantOf(ast_, bound, interner_);
    if (!time || !time->is(Kind::Datetime)) return;
    for (const int64_t millis : {0, 1, -1}) {
      const auto near = FormatDatetime({.millis = time->as_datetime().millis + millis});
      if (near) Add(*path, ExtensionJson("datetime", *near));
    }
  }

  void Binary(const ast::Binary& binary) {
    if (binary.op == BinaryOp::In) return In(binary);
    if (binary.op >= BinaryOp::Eq && binary.op <= BinaryOp::GreaterEq) Bounds(binary.left, binary.right);
    const auto left = Path(binary.left);
    const auto right = Path(binary.right);
    const auto value = Literal(left ? binary.right : binary.left);
    if (!value || left.has_value() == right.has_value()) return;
    const Suggestion& path = left ? *left : *right;
    if (path.path.empty()) return;
    if (binary.op == BinaryOp::Contains) return left ? Add(path, *value, true) : void();
    const bool compares = binary.op >= BinaryOp::Eq && binary.op <= BinaryOp::GreaterEq;
    if (!compares) return;
    Add(path, *value);
    if (!value->is_number_integer()) return;
    // The bound and its neighbours: on one of them the comparison is true, on another it is not.
    const auto bound = value->get<int64_t>();
    if (bound < INT64_MAX) Add(path, bound + 1);
    if (bound > INT64_MIN) Add(path, bound - 1);
  }

  void In(const ast::Binary& binary) {
    auto path = Path(binary.left);
    const auto* entity = std::get_if<ast::EntityLit>(&ast_.expr(binary.right).node);
    if (path && path->path.empty() && entity != nullptr) Add(std::move(*path), EntityJson(entity->uid, interner_));
  }

  void Boolean(ExprId id) {
    if (auto path = Path(id)) {
      Add(*path, true);
      Add(std::move(*path), false);
    }
  }

  void Absent(const ast::HasAttr& has) {
    auto path = Path(has.object);
    if (!path) return;
    for (const SymbolId step : has.path) path->path.emplace_back(interner_.text(step));
    path->is_absent = true;
    found_.push_back(std::move(*path));
  }

  const ast::Ast& ast_;
  Interner& interner_;
  std::vector<Suggestion> found_ = {};
};

}  // namespace

auto Suggest(const ast::Ast& ast, const ast::Statement& statement, Interner& interner) -> std::vector<Suggestion> {
  Collector collector(ast, interner);
  std::visit(
      [&](const auto& body) {
        if constexpr (requires { body.scope.principal; }) collector.Scope(body.scope);
        if constexpr (requires { body.conditions; }) {
          for (const auto& condition : body.conditions) collector.Expr(condition.body);
        }
      },
      statement.body);
  return collector.Take();
}

}  // namespace remit::explain
