#include "compiler/check/levels.h"

#include <algorithm>

namespace remit::check {

auto LevelChecker::IsEntity(TypeRef ref) const -> bool { return ref.has_value() && context_.types.kind(ref) == TypeKind::Entity; }

void LevelChecker::RequireLevel(uint32_t level, Span span) {
  if (level > max_level_) context_.findings.Report(DiagnosticCode::LevelExceeded, span, level, max_level_);
}

void LevelChecker::CheckPosition(const ast::ScopeConstraint& position) {
  if (position.op == ast::ScopeOp::In || position.op == ast::ScopeOp::IsIn) RequireLevel(1, position.span);
}

void LevelChecker::CheckScope(const ast::Scope& scope) {
  CheckPosition(scope.principal);
  CheckPosition(scope.action);
  CheckPosition(scope.resource);
}

// What follows a condition that is always false was not checked.
void LevelChecker::CheckConditions(const std::vector<ast::Condition>& conditions) {
  for (const auto& condition : conditions) {
    Check(condition.body);
    const bool stops = condition.kind == ast::ConditionKind::When ? Is(condition.body, context_.types.false_type())
                                                                  : Is(condition.body, context_.types.true_type());
    if (stops) return;
  }
}

// ---- the level of an entity ----------------------------------------------------------------------------------------

auto LevelChecker::LevelOfLiteral(ast::ExprId id, EntityUid uid) -> uint32_t {
  if (uid != environment_.action->uid) context_.findings.Report(DiagnosticCode::LevelOfLiteral, context_.ast.expr(id).span);
  return 0;
}

auto LevelChecker::LevelOf(ast::ExprId id, Path path) -> uint32_t {
  for (uint32_t steps = 0;;) {
    const auto& at = node(id);
    if (const auto* get = std::get_if<ast::GetAttr>(&at)) {
      if (IsEntity(type(get->object))) {
        ++steps;
      } else {
        path.push_back(get->attr);
      }
      id = get->object;
    } else if (const auto* binary = std::get_if<ast::Binary>(&at); binary != nullptr && binary->op == ast::BinaryOp::GetTag) {
      Check(binary->right);
      ++steps;
      id = binary->left;
    } else if (const auto* branch = std::get_if<ast::If>(&at)) {
      Check(branch->condition);
      const bool skip_then = Is(branch->condition, context_.types.false_type());
      const bool skip_else = Is(branch->condition, context_.types.true_type());
      const uint32_t on_then = skip_then ? 0 : LevelOf(branch->then_branch, path);
      const uint32_t on_else = skip_else ? 0 : LevelOf(branch->else_branch, path);
      return steps + std::max(on_then, on_else);
    } else if (const auto* record = std::get_if<ast::RecordLit>(&at)) {
      if (path.empty()) return steps;
      const SymbolId wanted = path.back();
      path.pop_back();
      const auto entry = std::ranges::find(record->entries, wanted, &ast::RecordLit::Entry::key);
      for (const auto& other : record->entries) {
        if (other.key != wanted) Check(other.value);
      }
      if (entry == record->entries.end()) return steps;
      id = entry->value;
    } else if (const auto* set = std::get_if<ast::SetLit>(&at)) {
      uint32_t highest = 0;
      for (const auto element : set->elements) highest = std::max(highest, LevelOf(element, path));
      return steps + highest;
    } else if (const auto* local = std::get_if<ast::LocalRef>(&at)) {
      const auto it = std::find_if(locals_.rbegin(), locals_.rend(), [&](const auto& each) { return each.first == local->name; });
      return steps + (it == locals_.rend() ? 0 : it->second);
    } else if (const auto* literal = std::get_if<ast::EntityLit>(&at)) {
      return steps + LevelOfLiteral(id, literal->uid);
    } else {
      return steps;  // a variable
    }
  }
}

// ---- expressions ---------------------------------------------------------------------------------------------------

void LevelChecker::CheckAccess(ast::ExprId id, ast::ExprId object) {
  if (IsEntity(type(object))) {
    RequireLevel(LevelOf(object, {}) + 1, context_.ast.expr(id).span);
  } else {
    Check(object);
  }
}

// Each step but the last is read, and each is asked of an entity or of a record.
void LevelChecker::CheckHasPath(ast::ExprId id, const ast::HasAttr& node) {
  TypeRef type_of_step = type(node.object);
  if (!IsEntity(type_of_step)) Check(node.object);
  Path path;
  uint32_t level = IsEntity(type_of_step) ? LevelOf(node.object, {}) : 0;
  for (size_t i = 0; i < node.path.size() && type_of_step.has_value(); ++i) {
    const Type& at = context_.types.at(type_of_step);
    if (at.kind == TypeKind::Entity) RequireLevel(level + 1, context_.ast.expr(id).span);
    if (at.kind != TypeKind::Entity && at.kind != TypeKind::Record) return;
    const Type& record = at.kind == TypeKind::Record ? at : context_.types.at(context_.schema.AttributesOf(at));
    if (at.kind == TypeKind::Entity) ++level;
    path.insert(path.begin(), node.path[i]);
    const auto* field = FindField(record, node.path[i]);
    if (field == nullptr) return;
    type_of_step = field->type;
    // From a record the first entity is as deep as the record says. What is asked for last is not read.
    const bool is_read = i + 1 < node.path.size();
    if (is_read && at.kind == TypeKind::Record && IsEntity(type_of_step) && level == 0) level = LevelOf(node.object, path);
  }
}

struct LevelChecker::Visitor {
  LevelChecker& levels;
  ast::ExprId id;

  // The operand to go on with, so that long chains are a loop.
  auto operator()(const ast::Unary& node) const -> ast::ExprId { return node.operand; }
  auto operator()(const ast::Binary& node) const -> ast::ExprId {
    const auto& types = levels.context_.types;
    switch (node.op) {
      case ast::BinaryOp::And:
        if (!levels.Is(node.left, types.false_type())) levels.Check(node.right);
        return node.left;
      case ast::BinaryOp::Or:
        if (!levels.Is(node.left, types.true_type())) levels.Check(node.right);
        return node.left;
      case ast::BinaryOp::In:
      case ast::BinaryOp::GetTag:
      case ast::BinaryOp::HasTag:
        levels.RequireLevel(levels.LevelOf(node.left, {}) + 1, levels.context_.ast.expr(id).span);
        return node.right;
      case ast::BinaryOp::Eq:
      case ast::BinaryOp::NotEq:
      case ast::BinaryOp::Less:
      case ast::BinaryOp::LessEq:
      case ast::BinaryOp::Greater:
      case ast::BinaryOp::GreaterEq:
      case ast::BinaryOp::Add:
      case ast::BinaryOp::Sub:
      case ast::BinaryOp::Mul:
      case ast::BinaryOp::Contains:
      case ast::BinaryOp::ContainsAll:
      case ast::BinaryOp::ContainsAny: levels.Check(node.right); return node.left;
    }
    return {};
  }
  auto operator()(const ast::If& node) const -> ast::ExprId {
    levels.Check(node.condition);
    if (!levels.Is(node.condition, levels.context_.types.false_type())) levels.Check(node.then_branch);
    return levels.Is(node.condition, levels.context_.types.true_type()) ? ast::ExprId{} : node.else_branch;
  }
  auto operator()(const ast::GetAttr& node) const -> ast::ExprId {
    levels.CheckAccess(id, node.object);
    return {};
  }
  auto operator()(const ast::HasAttr& node) const -> ast::ExprId {
    levels.CheckHasPath(id, node);
    return {};
  }
  auto operator()(const ast::Like& node) const -> ast::ExprId { return node.text; }
  auto operator()(const ast::Is& node) const -> ast::ExprId {
    // Where `is` is always false, what it should be `in` was not checked.
    if (!node.in.has_value() || !levels.type(node.in).has_value()) return node.object;
    levels.RequireLevel(levels.LevelOf(node.object, {}) + 1, levels.context_.ast.expr(id).span);
    return node.in;
  }
  auto operator()(const ast::SetLit& node) const -> ast::ExprId {
    for (const auto element : node.elements) levels.Check(element);
    return {};
  }
  auto operator()(const ast::RecordLit& node) const -> ast::ExprId {
    for (const auto& entry : node.entries) levels.Check(entry.value);
    return {};
  }
  auto operator()(const ast::Call& node) const -> ast::ExprId {
    for (size_t i = 1; i < node.args.size(); ++i) levels.Check(node.args[i]);
    return node.args.empty() ? ast::ExprId{} : node.args[0];
  }
  auto operator()(const ast::Quantifier& node) const -> ast::ExprId {
    levels.locals_.emplace_back(node.variable, levels.LevelOf(node.set, {}));
    levels.Check(node.body);
    levels.locals_.pop_back();
    return node.set;
  }
  // Leaves.
  template <typename Node>
  auto operator()(const Node& /*node*/) const -> ast::ExprId {
    return {};
  }
};

void LevelChecker::Check(ast::ExprId id) {
  // Where the checker did not go there is no type.
  while (id.has_value() && type(id).has_value()) id = std::visit(Visitor{.levels = *this, .id = id}, node(id));
}

}  // namespace remit::check
