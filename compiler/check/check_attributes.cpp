// Attributes of entities and records, and what makes reading an optional one safe.
#include <algorithm>

#include "compiler/check/expr_checker.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit::check {
namespace {

constexpr size_t kMostListed = 12;

}  // namespace

auto ExprChecker::FindAttribute(TypeRef object, SymbolId attr) -> const FieldType* {
  const Type& type = types().at(object);
  if (type.kind == TypeKind::Record) return FindField(type, attr);
  if (type.kind != TypeKind::Entity) return nullptr;
  return FindField(types().at(context_.schema.AttributesOf(type)), attr);
}

auto ExprChecker::MayHaveAttribute(TypeRef object, SymbolId attr) -> bool {
  const Type& type = types().at(object);
  if (type.kind == TypeKind::Never) return true;
  if (type.kind == TypeKind::Record) return type.open || FindField(type, attr) != nullptr;
  return context_.schema.MayHaveAttribute(type, attr);
}

auto ExprChecker::CheckGetAttr(const Object& object, Answer answer, SymbolId attr, const Known& prior) -> Answer {
  answer = Expect(std::move(answer), object.text.has_value() ? object.text : object.place, {types().any_entity(), types().any_record()});
  if (!answer.type.has_value()) return Fail();
  const auto* field = FindAttribute(answer.type, attr);
  if (field == nullptr) {
    ReportUnknownAttribute(object, answer.type, attr);
    return Fail();
  }
  const bool is_safe = field->required || prior.Contains({.kind = CapabilityKind::Attribute, .subject = object.shape, .name = attr.value});
  if (!is_safe) ReportUnguarded(object, answer.type, attr);
  return After(answer.ok && is_safe, Succeed(field->type));
}

// An entity need not exist, so that its type has an attribute does not make `has` true; that of a record does.
auto ExprChecker::CheckHasAttr(const Object& object, Answer answer, SymbolId attr, const Known& prior) -> Answer {
  answer = Expect(std::move(answer), object.text.has_value() ? object.text : object.place, {types().any_entity(), types().any_record()},
                  &HelpForSearch);
  if (!answer.type.has_value()) return Fail(types().bool_type());
  const auto* field = FindAttribute(answer.type, attr);
  if (field == nullptr) {
    return After(answer.ok, Succeed(MayHaveAttribute(answer.type, attr) ? types().bool_type() : types().false_type()));
  }
  const Capability present{.kind = CapabilityKind::Attribute, .subject = object.shape, .name = attr.value};
  const bool is_certain = prior.Contains(present) || (field->required && kind(answer.type) == TypeKind::Record);
  return After(answer.ok, Succeed(is_certain ? types().true_type() : types().bool_type(), {present}));
}

// `x has a.b.c` is `x has a && x.a has b && x.a.b has c`.
auto ExprChecker::CheckHasPath(ast::ExprId id, const ast::HasAttr& node, Answer object, const Known& prior) -> Answer {
  Object step{.place = id, .text = node.object, .shape = context_.shapes.Of(node.object)};
  TypeRef type = object.type;
  bool ok = object.ok;
  Answer all = CheckHasAttr(step, std::move(object), node.path[0], prior);
  for (size_t i = 1; i < node.path.size(); ++i) {
    all = And(std::move(all), prior, [&](const Known& guarded) {
      const Answer inner = CheckGetAttr(step, {.type = type, .ok = ok}, node.path[i - 1], guarded);
      step = {.place = id, .text = {}, .shape = context_.shapes.OfAttribute(step.shape, node.path[i - 1])};
      type = inner.type;
      ok = inner.ok;
      return CheckHasAttr(step, inner, node.path[i], guarded);
    });
  }
  return all;
}

// ---- reports -------------------------------------------------------------------------------------------------------

auto ExprChecker::OwnerText(const Object& object, TypeRef type) const -> std::string {
  if (kind(type) != TypeKind::Record || !object.text.has_value()) return name(type);
  const auto text = TextOf(object.text);
  return text.empty() ? name(type) : fmt::format("`{}`", text);
}

void ExprChecker::ReportUnknownAttribute(const Object& object, TypeRef type, SymbolId attr) {
  const auto text = context_.interner.text(attr);
  auto& diagnostic = context_.findings.Report(DiagnosticCode::UnknownAttribute, span(object.place), text, OwnerText(object, type));
  if (MayHaveAttribute(type, attr)) {
    diagnostic.help = "some of these types have it, but not all, so it cannot be read without knowing the type";
    return;
  }
  const Type& at = types().at(type);
  if (at.kind != TypeKind::Record && at.kind != TypeKind::Entity) return;
  const Type& record = at.kind == TypeKind::Record ? at : types().at(context_.schema.AttributesOf(at));
  std::vector<std::string_view> names;
  for (const auto& field : record.fields) names.push_back(context_.interner.text(field.key));
  std::ranges::sort(names);
  diagnostic.help = DidYouMean(text, names);
  if (!diagnostic.help.empty()) return;
  if (names.empty()) {
    diagnostic.help = "it has no attributes";
  } else {
    const bool is_long = names.size() > kMostListed;
    if (is_long) names.resize(kMostListed);
    diagnostic.help = fmt::format("it has `{}`{}", fmt::join(names, "`, `"), is_long ? ", .." : "");
  }
}

void ExprChecker::ReportUnguarded(const Object& object, TypeRef type, SymbolId attr) {
  const auto text = context_.interner.text(attr);
  auto& diagnostic = context_.findings.Report(DiagnosticCode::UnguardedAttribute, span(object.place), text, OwnerText(object, type));
  const auto owner = TextOf(object.text);
  if (owner.empty() || !IsIdentifier(text)) return;
  diagnostic.help = fmt::format("ask first: `{0} has {1} && .. {0}.{1}`", owner, text);
}

}  // namespace remit::check
