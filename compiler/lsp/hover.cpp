// Hover: what a name stands for, its type and what the schema or the library says of it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/check/walk.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/policy_view.h"
#include "compiler/lsp/signatures.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

auto Code(std::string_view language, std::string_view text) -> std::string { return fmt::format("```{}\n{}\n```\n", language, text); }

// `@doc("..")` and the like, a line each.
auto AnnotationLines(const std::vector<ast::Annotation>& annotations, const Interner& interner) -> std::string {
  std::string lines;
  for (const auto& each : annotations) {
    const auto key = interner.text(each.key);
    const auto value = each.value ? interner.text(*each.value) : std::string_view();
    lines += key == "doc" ? fmt::format("\n{}\n", value) : fmt::format("\n`@{}` {}\n", key, value);
  }
  return lines;
}

auto Shorten(std::string_view text) -> std::string {
  constexpr size_t kLongest = 1'500;
  return text.size() <= kLongest ? std::string(text) : std::string(text.substr(0, kLongest)) + "\n..";
}

class Hoverer {
 public:
  Hoverer(const PolicyView& view, const ProjectFile& file) : view_(view), file_(file), interner_(view.project().job().interner) {}

  auto OfOccurrence(const Occurrence& each) const -> std::string {
    const auto colon = each.key.find(':');
    const auto kind = std::string_view(each.key).substr(0, colon);
    const auto name = each.key.substr(colon + 1);
    if (kind == "type") return OfType(name);
    if (kind == "action") return OfAction(name);
    if (kind == "common") return OfCommon(name);
    if (kind == "attribute") return OfAttribute(each.key);
    if (kind == "entity") return OfType(name.substr(0, name.rfind("::\"")));
    return OfStatement(kind, name);
  }

  // A variable, in a statement that may not be readable.
  auto OfVariable(std::string_view name, uint32_t offset) const -> std::string {
    const auto* index = view_.index();
    if (index == nullptr) return {};
    const auto subjects = view_.SubjectsAt(file_, offset);
    if (name == "action") {
      std::string list;
      for (const auto uid : subjects.actions) list += fmt::format("{}{}", list.empty() ? "" : ", ", FormatEntityUid(uid, interner_));
      return Code("cedar", fmt::format("action: {}", Shorten(list)));
    }
    const auto& shapes = name == "principal" ? subjects.principal : name == "resource" ? subjects.resource : subjects.context;
    return shapes.empty() ? std::string() : Code("cedar", fmt::format("{}: {}", name, Shorten(index->Describe(shapes))));
  }

 private:
  // What is shipped has a text, too, though no place in a file. JSON has none.
  auto TextAt(Span span) const -> std::string_view {
    return span.has_place() ? view_.project().job().sources.text(span) : std::string_view();
  }

  auto OfType(const std::string& name) const -> std::string {
    const auto* index = view_.index();
    if (index == nullptr || !index->entities().contains(name)) return {};
    const auto& entry = index->entities().at(name);
    return Code("cedarschema", Shorten(TextAt(entry.declaration->span))) + AnnotationLines(entry.declaration->annotations, interner_);
  }
  auto OfAction(const std::string& name) const -> std::string {
    const auto* index = view_.index();
    if (index == nullptr || !index->actions().contains(name)) return {};
    const auto& entry = index->actions().at(name);
    return Code("cedarschema", Shorten(TextAt(entry.declaration->span))) + AnnotationLines(entry.declaration->annotations, interner_);
  }
  auto OfCommon(const std::string& name) const -> std::string {
    const auto& entry = view_.index()->common_types().at(name);
    return Code("cedarschema", Shorten(TextAt(entry.declaration->span))) + AnnotationLines(entry.declaration->annotations, interner_);
  }

  // `attribute:FILE:OFFSET`: looked for by its owner, so that the owner can be named.
  auto OfAttribute(const std::string& key) const -> std::string {
    const auto* index = view_.index();
    for (const auto& [name, entry] : index->entities()) {
      if (auto text = AmongFields(index->FieldsOf({index->EntityShape(interner_.Find(name))}), key, name); !text.empty()) return text;
    }
    for (const auto& [name, entry] : index->actions()) {
      const auto context = index->ShapeOf(*entry.fragment, entry.declaration->applies_to.context, entry.name_space);
      if (auto text = AmongFields(index->FieldsOf(context), key, "context of " + name); !text.empty()) return text;
    }
    for (const auto& [name, entry] : index->common_types()) {
      const auto shape = index->ShapeOf(*entry.fragment, entry.declaration->type, entry.name_space);
      if (auto text = AmongFields(index->FieldsOf(shape), key, name); !text.empty()) return text;
    }
    return {};
  }

  auto AmongFields(const std::vector<Field>& fields, const std::string& key, const std::string& owner, int depth = 0) const -> std::string {
    for (const auto& field : fields) {
      const auto name = interner_.text(field.declaration->name.text);
      if (view_.KeyOf(*field.declaration) == key) {
        return Code("cedarschema", fmt::format("{}{}: {}  // {}", name, field.declaration->required ? "" : "?",
                                               view_.index()->Describe(field.shapes), owner)) +
               (field.declaration->required ? "" : "\nOptional: read it behind `has`.\n") +
               AnnotationLines(field.declaration->annotations, interner_);
      }
      auto records = field.shapes;
      std::erase_if(records, [](const Shape& each) { return each.form != Shape::Form::Record; });
      if (depth > 8 || records.empty()) continue;
      if (auto text = AmongFields(view_.index()->FieldsOf(records), key, fmt::format("{}.{}", owner, name), depth + 1); !text.empty())
        return text;
    }
    return {};
  }

  auto OfStatement(std::string_view kind, const std::string& name) const -> std::string {
    const auto& ast = view_.project().ast();
    for (uint32_t i = 0; i < ast.statements.size(); ++i) {
      const auto& statement = ast.statements[i];
      if (std::holds_alternative<ast::Test>(statement.body) || view_.project().ids()[i] != name) continue;
      const auto word = ast::StatementKeyword(statement);
      if ((kind == "budget" || kind == "breaker") && word != kind) continue;
      return Code("cedar", Shorten(TextAt(statement.span)));
    }
    return {};
  }

  const PolicyView& view_;
  const ProjectFile& file_;
  const Interner& interner_;
};

// The innermost attribute access, method or call around an offset has a type worth telling.
auto TypeLine(const PolicyView& view, const ProjectFile& file, const Mark& mark) -> std::string {
  const auto* index = view.index();
  const auto statement = view.project().StatementAt(file, mark.begin);
  if (index == nullptr || !statement) return {};
  const auto& ast = view.project().ast();
  const auto roots = check::RootsOf(ast.statements[*statement]);
  const auto subjects = view.SubjectsOfStatement(*statement);
  const ShapeFinder finder(ast, *index, subjects, roots);
  Shapes shapes;
  uint32_t length = UINT32_MAX;
  check::VisitExprs(ast, roots, [&](ast::ExprId id, const ast::Expr& expr) {
    const auto range = view.project().PlaceOf(expr.span).range;
    if (range.begin > mark.begin || range.end < mark.end || range.end - range.begin >= length) return;
    shapes = finder.Of(id);
    length = range.end - range.begin;
  });
  return shapes.empty() ? std::string() : Code("cedar", fmt::format("{}: {}", mark.name, index->Describe(shapes)));
}

auto OfBuiltin(const Mark& mark) -> std::string {
  const auto signature = FindSignature(mark.name, mark.kind == MarkKind::Method);
  if (!signature) return {};
  return Code("cedar", signature->label) + fmt::format("\n{}\n", signature->documentation) +
         (signature->example.empty() ? std::string() : "\n" + Code("cedar", signature->example));
}

}  // namespace

auto Hover(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  const auto offset = OffsetOf(session, target, params);
  const Hoverer hoverer(view, *target.file);
  std::string text;
  std::set<std::string> said;
  std::optional<TextRange> range;
  for (const auto& each : view.At(*target.file, offset)) {
    auto more = hoverer.OfOccurrence(each);
    if (more.empty() || !said.insert(more).second) continue;
    text += (text.empty() ? "" : "\n---\n") + more;
    range = each.range;
  }
  if (text.empty() && target.file->kind == FileKind::Policies) {
    const auto marks = MarkPolicies(target.document->text.text());
    const auto* mark = MarkAt(marks, offset);
    if (mark == nullptr) return Json();
    if (mark->kind == MarkKind::Method || mark->kind == MarkKind::Function) text = OfBuiltin(*mark);
    if (mark->kind == MarkKind::Variable) text = hoverer.OfVariable(mark->name, offset);
    if (mark->kind == MarkKind::Local || mark->kind == MarkKind::Attribute) text = TypeLine(view, *target.file, *mark);
    if (mark->kind == MarkKind::Keyword) text = std::string(KeywordHelp(mark->name));
    range = {.begin = mark->begin, .end = mark->end};
  }
  if (text.empty()) return Json();
  return Json{{"contents", Markup(std::move(text))}, {"range", RangeJson(session, target.document->text, *range)}};
}

}  // namespace remit::lsp
