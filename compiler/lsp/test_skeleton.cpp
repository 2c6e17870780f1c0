#include "compiler/lsp/test_skeleton.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/scope.h"
#include "compiler/check/walk.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

constexpr int kDeepest = 8;  // records inside one another

class SkeletonWriter {
 public:
  explicit SkeletonWriter(const PolicyView& view) : view_(view), interner_(view.project().job().interner) {}

  auto Write(const ast::Scope& scope, const check::Environment& environment, const std::string& id) -> std::string {
    const auto& action = *environment.action;
    const auto principal = Pick(scope.principal, environment.principal, "p1");
    const auto resource = Pick(scope.resource, environment.resource, "r1");
    std::string text = fmt::format("test {} {{\n", QuoteString(fmt::format("{} decides", id)));
    text += Entity(principal, scope.principal);
    if (resource != principal) text += Entity(resource, scope.resource);
    const auto context = Record(view_.index()->ContextOf(action.uid), 0);
    text += fmt::format("  request ({}, {}, {}){};\n", Text(principal), Text(action.uid), Text(resource),
                        context == "{}" ? "" : " with " + context);
    return text + "  expect deny;\n}\n";
  }

 private:
  auto Text(EntityUid uid) const -> std::string { return FormatEntityUid(uid, interner_); }

  // The entity that the scope names, unless that is one to be in.
  auto Pick(const ast::ScopeConstraint& constraint, SymbolId type, std::string_view id) -> EntityUid {
    if (constraint.op == ast::ScopeOp::Eq && !constraint.entities.empty()) return constraint.entities[0];
    const auto* decl = view_.index()->schema().FindEntityType(type);
    if (decl != nullptr && !decl->enumerated_ids.empty()) return {.type = type, .id = decl->enumerated_ids[0]};
    return {.type = type, .id = view_.project().job().interner.Intern(id)};
  }

  auto Entity(EntityUid uid, const ast::ScopeConstraint& constraint) -> std::string {
    const auto* decl = view_.index()->schema().FindEntityType(uid.type);
    if (decl == nullptr || !decl->enumerated_ids.empty()) return {};
    const bool is_in = constraint.op == ast::ScopeOp::In || constraint.op == ast::ScopeOp::IsIn;
    const bool has_parent = is_in && !constraint.entities.empty() && constraint.entities[0] != uid;
    const auto attributes = Record({view_.index()->EntityShape(uid.type)}, 0);
    return fmt::format("  entity {}{}{};\n", Text(uid), has_parent ? " in " + Text(constraint.entities[0]) : "",
                       attributes == "{}" ? "" : " " + attributes);
  }

  auto Record(const Shapes& shapes, int depth) -> std::string {
    std::string list;
    for (const auto& field : view_.index()->FieldsOf(shapes)) {
      if (!field.declaration->required) continue;
      const auto name = interner_.text(field.declaration->name.text);
      list += fmt::format("{}{}: {}", list.empty() ? " " : ", ", IsIdentifier(name) ? std::string(name) : QuoteString(name),
                          field.shapes.empty() ? "\"\"" : Value(field.shapes[0], depth + 1));
    }
    return list.empty() ? "{}" : "{" + list + " }";
  }

  auto Value(const Shape& shape, int depth) -> std::string {
    switch (shape.form) {
      case Shape::Form::Builtin: return Builtin(shape.kind);
      case Shape::Form::Entity: return Text(Pick({}, shape.entity, "x1"));
      case Shape::Form::Set: {  // not empty: the type of `[]` is not known
        const auto elements = view_.index()->ElementsOf({shape});
        return elements.empty() || depth > kDeepest ? "[\"\"]" : fmt::format("[{}]", Value(elements[0], depth + 1));
      }
      case Shape::Form::Record: return depth > kDeepest ? "{}" : Record({shape}, depth);
    }
    return "\"\"";
  }

  static auto Builtin(Kind kind) -> std::string {
    switch (kind) {
      case Kind::Bool: return "false";
      case Kind::Long: return "0";
      case Kind::Ip: return "ip(\"10.0.0.1\")";
      case Kind::Decimal: return "decimal(\"0.0\")";
      case Kind::Datetime: return "datetime(\"2026-01-05\")";
      case Kind::Duration: return "duration(\"0s\")";
      case Kind::String:
      case Kind::Set:
      case Kind::Record:
      case Kind::Entity:
      case Kind::Url:
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: return "\"\"";
    }
    return "\"\"";
  }

  const PolicyView& view_;
  const Interner& interner_;
};

}  // namespace

auto TestSkeleton(const PolicyView& view, uint32_t statement) -> std::optional<std::string> {
  const auto* scope = check::ScopeOf(view.project().ast().statements[statement]);
  if (scope == nullptr || view.view() == nullptr) return std::nullopt;
  const auto matches = check::MatchScope(*scope, *view.view(), check::Mode::Permissive);
  if (matches.empty()) return std::nullopt;
  SkeletonWriter writer(view);
  return writer.Write(*scope, view.view()->environments()[matches[0].environment], view.project().ids()[statement]);
}

}  // namespace remit::lsp
