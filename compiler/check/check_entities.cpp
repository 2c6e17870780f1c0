// `in`, `is`, and tags.
#include <algorithm>

#include "compiler/check/expr_checker.h"

namespace remit::check {

auto ExprChecker::LiteralEntity(ast::ExprId id) const -> std::optional<EntityUid> {
  if (const auto* literal = std::get_if<ast::EntityLit>(&node(id))) return literal->uid;
  const auto* variable = std::get_if<ast::VarRef>(&node(id));
  if (variable != nullptr && variable->var == ast::Var::Action && environment_.action != nullptr) return environment_.action->uid;
  return std::nullopt;
}

auto ExprChecker::LiteralEntities(ast::ExprId id) const -> std::optional<std::vector<EntityUid>> {
  if (const auto one = LiteralEntity(id)) return std::vector{*one};
  const auto* set = std::get_if<ast::SetLit>(&node(id));
  if (set == nullptr) return std::nullopt;
  std::vector<EntityUid> all;
  for (const auto element : set->elements) {
    const auto one = LiteralEntity(element);
    if (!one) return std::nullopt;
    all.push_back(*one);
  }
  return all;
}

// ---- in ------------------------------------------------------------------------------------------------------------

auto ExprChecker::CheckIn(ast::ExprId left_id, Answer left, ast::ExprId right_id, const Known& prior) -> Answer {
  left = Expect(std::move(left), left_id, {types().any_entity()},
                [](TypeKind) -> std::string_view { return "`.contains(..)` asks for an element of a set"; });
  const Answer right =
      Expect(Check(right_id, prior), right_id, {types().any_entity(), types().SetOf(types().any_entity())}, &HelpForSearch);
  if (!left.ok || !right.ok) return Fail(types().bool_type());
  return Succeed(TypeOfIn(left_id, left.type, right_id, right.type));
}

// Of actions the schema knows the whole hierarchy; of other entities it knows which types may be in which.
auto ExprChecker::TypeOfIn(ast::ExprId left_id, TypeRef left, ast::ExprId right_id, TypeRef right) -> TypeRef {
  const auto one = LiteralEntity(left_id);
  if (one && context_.schema.IsActionType(one->type)) {
    if (const auto others = LiteralEntities(right_id)) {
      return types().Bool(std::ranges::any_of(*others, [&](EntityUid other) { return context_.schema.IsActionIn(*one, other); }));
    }
  }
  const TypeRef element = kind(right) == TypeKind::Set ? types().at(right).element : right;
  const bool known = kind(left) == TypeKind::Entity && kind(element) == TypeKind::Entity;
  const bool impossible = known && !context_.schema.MayBeIn(types().at(left), types().at(element));
  return impossible ? types().false_type() : types().bool_type();
}

// ---- is ------------------------------------------------------------------------------------------------------------

auto ExprChecker::TypeOfIs(TypeRef object, SymbolId type) -> TypeRef {
  if (kind(object) != TypeKind::Entity) return types().bool_type();
  const auto& possible = types().at(object).entity_types;
  if (std::ranges::find(possible, type) == possible.end()) return types().false_type();
  return possible.size() == 1 ? types().true_type() : types().bool_type();
}

auto ExprChecker::CheckIs(const ast::Is& node, Answer object, const Known& prior) -> Answer {
  const TypeRef object_type = object.type;
  const Answer entity = Expect(std::move(object), node.object, {types().any_entity()},
                               [](TypeKind) -> std::string_view { return "`is` tells the types of entities only"; });
  Answer is = !entity.type.has_value()               ? Fail(types().bool_type())
              : kind(entity.type) == TypeKind::Never ? Fail(types().bool_type())
                                                     : After(entity.ok, Succeed(TypeOfIs(entity.type, node.type)));
  if (!node.in.has_value()) return is;
  return And(std::move(is), prior,
             [&](const Known& guarded) { return CheckIn(node.object, {.type = object_type, .ok = entity.ok}, node.in, guarded); });
}

// ---- tags ----------------------------------------------------------------------------------------------------------

auto ExprChecker::CheckHasTag(const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  left = Expect(std::move(left), node.left, {types().any_entity()});
  const Answer right = Expect(Check(node.right, prior), node.right, {types().string_type()});
  const bool ok = left.ok && right.ok;
  if (!left.type.has_value() || kind(left.type) == TypeKind::Never) return Fail();
  const Capability tag{.kind = CapabilityKind::Tag, .subject = context_.shapes.Of(node.left), .name = context_.shapes.Of(node.right)};
  TypeRef result = types().bool_type();
  if (context_.schema.TagTypesOf(types().at(left.type)).empty()) {
    result = types().false_type();
  } else if (prior.Contains(tag)) {
    result = types().true_type();
  }
  return After(ok, Succeed(result, {tag}));
}

auto ExprChecker::CheckGetTag(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  left = Expect(std::move(left), node.left, {types().any_entity()});
  const Answer right = Expect(Check(node.right, prior), node.right, {types().string_type()});
  const bool ok = left.ok && right.ok;
  if (!left.type.has_value() || kind(left.type) == TypeKind::Never) return Fail();
  const Capability tag{.kind = CapabilityKind::Tag, .subject = context_.shapes.Of(node.left), .name = context_.shapes.Of(node.right)};
  if (!prior.Contains(tag)) {
    auto& diagnostic = context_.findings.Report(DiagnosticCode::UnguardedTag, span(id), name(left.type));
    const auto object = TextOf(node.left);
    const auto key = TextOf(node.right);
    if (!object.empty() && !key.empty()) diagnostic.help = fmt::format("guard it: `{0}.hasTag({1}) && .. {0}.getTag({1})`", object, key);
    return Fail();
  }
  const auto tags = context_.schema.TagTypesOf(types().at(left.type));
  if (tags.empty()) {
    context_.findings.Report(DiagnosticCode::NoTags, span(id), name(left.type));
    return Fail();
  }
  const auto joined = JoinAll(tags, id);
  return joined ? After(ok, Succeed(*joined)) : Fail();
}

}  // namespace remit::check
