#include "compiler/parse/names.h"

#include "compiler/parse/literals.h"
#include "runtime/base/text.h"

namespace remit::parse {
namespace {

// Parts of the path before the string or record of an entity.
auto PathLength(Grammar::NameContext* name) -> size_t {
  size_t length = name->children.size();
  return IsEntity(name) || name->record() != nullptr ? length - 2 : length;
}

auto CheckKeyword(Conversion& c, const Rule* word) -> bool {
  const auto text = c.TextOf(word);
  if (!IsReservedWord(text) || text == "__cedar") return true;
  c.Report(DiagnosticCode::ReservedIdentifier, c.SpanOf(word), text);
  return false;
}

// The path alone, checked: keywords are reported where they stand, `__cedar` for the name as a whole.
auto ToPath(Conversion& c, Grammar::NameContext* name) -> std::optional<std::string> {
  std::string text;
  bool good = true;
  bool has_cedar = false;
  const size_t length = PathLength(name);
  for (size_t i = 0; i < length; i += 2) {
    const auto* word = AsRule(name->children[i]);
    good = CheckKeyword(c, word) && good;
    has_cedar = has_cedar || c.TextOf(word) == "__cedar";
    if (i > 0) text += "::";
    text += c.TextOf(word);
  }
  if (good && has_cedar) c.Report(DiagnosticCode::ReservedName, c.SpanOver(name, AsRule(name->children[length - 1])), text);
  return good && !has_cedar ? std::optional{std::move(text)} : std::nullopt;
}

}  // namespace

auto ToIdentifier(Conversion& c, const Rule* word) -> std::optional<SymbolId> {
  const auto text = c.TextOf(word);
  if (text == "__cedar") {
    c.Report(DiagnosticCode::ReservedName, c.SpanOf(word), text);
    return std::nullopt;
  }
  if (!CheckKeyword(c, word)) return std::nullopt;
  return c.Intern(text);
}

auto IsEntity(Grammar::NameContext* name) -> bool { return name->STRING() != nullptr; }

auto IsSimple(Grammar::NameContext* name) -> bool { return name->children.size() == 1; }

auto ToName(Conversion& c, Grammar::NameContext* name) -> std::optional<std::string> { return ToPath(c, name); }

auto ToEntity(Conversion& c, Grammar::NameContext* name) -> std::optional<EntityUid> {
  if (!IsEntity(name)) {
    c.Report(DiagnosticCode::InvalidEntity, c.SpanOf(name), Clip(c.TextOf(name))).help = "an entity is written `Type::\"id\"`";
    return std::nullopt;
  }
  const auto type = ToPath(c, name);
  const auto id = ToString(c, name->STRING());
  if (!type || !id) return std::nullopt;
  return EntityUid{.type = c.Intern(*type), .id = *id};
}

auto FindVariable(std::string_view name) -> std::optional<ast::Var> {
  if (name == "principal") return ast::Var::Principal;
  if (name == "action") return ast::Var::Action;
  if (name == "resource") return ast::Var::Resource;
  if (name == "context") return ast::Var::Context;
  return std::nullopt;
}

}  // namespace remit::parse
