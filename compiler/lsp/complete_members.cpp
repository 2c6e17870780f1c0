// What may stand behind a dot, a `::` or a `has`: by the type of what is before it.
#include "compiler/lsp/completer.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::lsp {

auto Completer::ReceiverBefore(size_t distance) const -> std::string_view {
  size_t i = distance;
  std::optional<uint32_t> end;
  uint32_t begin = 0;
  while (i < tokens_.size()) {
    const auto& token = Before(i);
    if (!end) end = token.end;
    if (token.Is(")") || token.Is("]")) {
      size_t depth = 0;
      for (; i < tokens_.size(); ++i) {
        if (Before(i).Is(")") || Before(i).Is("]")) ++depth;
        if ((Before(i).Is("(") || Before(i).Is("[")) && --depth == 0) break;
      }
      begin = Before(i).begin;
      const auto& ahead = Before(i + 1);
      const bool goes_on = ahead.kind == TokenKind::Word || ahead.Is(")") || ahead.Is("]");
      if (!goes_on || IsExpressionWord(ahead.text)) break;
      ++i;
      continue;
    }
    if (token.kind != TokenKind::Word && token.kind != TokenKind::String) return {};
    begin = token.begin;
    if (!Before(i + 1).Is(".") && !Before(i + 1).Is("::")) break;
    i += 2;
  }
  return end ? text_.substr(begin, *end - begin) : std::string_view();
}

void Completer::States(ast::StateKind kind) {
  const auto& ast = view_.project().ast();
  for (const auto& statement : ast.statements) {
    const auto& interner = view_.project().job().interner;
    const auto* budget = std::get_if<ast::Budget>(&statement.body);
    const auto* breaker = std::get_if<ast::Breaker>(&statement.body);
    if (budget != nullptr && kind == ast::StateKind::Budget)
      Add({.label = std::string(interner.text(budget->name)), .kind = kVariable, .detail = "budget"});
    if (breaker != nullptr && kind == ast::StateKind::Breaker)
      Add({.label = std::string(interner.text(breaker->name)), .kind = kVariable, .detail = "breaker"});
  }
}

void Completer::Members() {
  const bool is_first = !Before(2).Is(".");
  if (is_first && Before(1).Is("budget")) return States(ast::StateKind::Budget);
  if (is_first && Before(1).Is("breaker")) return States(ast::StateKind::Breaker);
  if (Before(2).Is(".") && !Before(4).Is(".")) {
    if (Before(3).Is("budget")) return AddWordsAs({"used", "charge", "after", "limit", "remaining"}, kField);
    if (Before(3).Is("breaker")) return AddWordsAs({"open"}, kField);
  }
  const auto shapes = view_.ShapesOfText(ReceiverBefore(1), view_.SubjectsAt(file_, offset_));
  Fields(shapes);
  Methods(shapes);
}

void Completer::AddWordsAs(const std::vector<std::string_view>& words, ItemKind kind) {
  for (const auto word : words) Add({.label = std::string(word), .kind = kind});
}

void Completer::Fields(const Shapes& shapes) {
  const auto* index = view_.index();
  if (index == nullptr) return;
  const auto& interner = view_.project().job().interner;
  for (const auto& field : index->FieldsOf(shapes)) {
    const auto name = interner.text(field.declaration->name.text);
    std::string documentation;
    for (const auto& annotation : field.declaration->annotations) {
      if (interner.text(annotation.key) == "doc" && annotation.value) documentation = interner.text(*annotation.value);
    }
    if (!IsIdentifier(name)) continue;
    Add({.label = std::string(name),
         .kind = kField,
         .detail = index->Describe(field.shapes) + (field.declaration->required ? "" : " (optional)"),
         .documentation = std::move(documentation)});
  }
}

void Completer::Methods(const Shapes& shapes) {
  const auto fits = [&](const Signature& each) {
    if (shapes.empty()) return true;
    return std::ranges::any_of(shapes, [&](const Shape& shape) {
      switch (shape.form) {
        case Shape::Form::Builtin: return each.receiver == shape.kind;
        case Shape::Form::Entity: return each.receiver == Kind::Entity;
        case Shape::Form::Set: return each.receiver == Kind::Set;
        case Shape::Form::Record: return false;
      }
      return false;
    });
  };
  for (const auto& each : AllSignatures()) {
    if (each.is_method && fits(each)) AddCall(each, kMethod);
  }
}

void Completer::AddCall(const Signature& each, ItemKind kind) {
  const bool has_arguments = !each.parameters.empty();
  Add({.label = each.name,
       .kind = kind,
       .detail = each.label,
       .documentation = each.documentation,
       .insert = each.name,
       .snippet = has_arguments ? each.name + "($1)$0" : each.name + "()"});
}

void Completer::PathEnds() {
  const auto* index = view_.index();
  const auto path = PathBefore(1);
  if (index == nullptr) return;
  for (const auto& [name, entry] : index->entities()) {
    if (name.starts_with(path + "::")) Add({.label = name.substr(path.size() + 2), .kind = kClass, .detail = "entity"});
  }
  const auto& interner = view_.project().job().interner;
  for (const auto& action : index->schema().actions) {
    const auto type = interner.text(action.uid.type);
    if (type == path) Add({.label = QuoteString(interner.text(action.uid.id)), .kind = kEnumMember, .detail = "action"});
    if (type.starts_with(path + "::")) Add({.label = std::string(type.substr(path.size() + 2)), .kind = kClass, .detail = "action"});
  }
  const auto symbol = interner.Find(path);
  const auto* decl = symbol.has_value() ? index->schema().FindEntityType(symbol) : nullptr;
  for (size_t i = 0; decl != nullptr && i < decl->enumerated_ids.size(); ++i) {
    Add({.label = QuoteString(interner.text(decl->enumerated_ids[i])), .kind = kEnumMember, .detail = path});
  }
}

void Completer::Types(bool with_actions) {
  const auto* index = view_.index();
  if (index == nullptr) return;
  for (const auto& [name, entry] : index->entities()) Add({.label = name, .kind = kClass, .detail = "entity"});
  for (const auto& [name, entry] : index->actions()) {
    if (with_actions) Add({.label = name, .kind = kEnumMember, .detail = "action"});
  }
}

void Completer::Guards() {
  if (Before(1).Is("budget")) return States(ast::StateKind::Budget);
  if (Before(1).Is("breaker")) return States(ast::StateKind::Breaker);
  Fields(view_.ShapesOfText(ReceiverBefore(1), view_.SubjectsAt(file_, offset_)));
}

}  // namespace remit::lsp
