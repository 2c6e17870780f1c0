#include "compiler/lsp/completer.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::lsp {

Completer::Completer(const PolicyView& view, const ProjectFile& file, uint32_t offset, bool has_snippets)
    : view_(view), file_(file), offset_(offset), has_snippets_(has_snippets), text_(file.document->text()) {
  tokens_ = Tokenize(text_.substr(0, offset));
  std::erase_if(tokens_, [&](const Token& each) { return each.kind == TokenKind::Comment && each.end < offset; });
  begin_ = offset;
  if (!tokens_.empty() && tokens_.back().kind == TokenKind::Word && tokens_.back().end == offset) {
    begin_ = tokens_.back().begin;
    tokens_.pop_back();
  }
}

auto Completer::Run() -> std::vector<Item> {
  if (!tokens_.empty() && tokens_.back().kind == TokenKind::Comment && tokens_.back().end == offset_) {
    Allowances(tokens_.back());
  } else if (InString()) {
    Strings();
  } else {
    Words();
  }
  return std::move(items_);
}

auto Completer::Before(size_t distance) const -> const Token& {
  static const Token kNone = {.kind = TokenKind::Other};
  return distance < tokens_.size() ? tokens_[tokens_.size() - 1 - distance] : kNone;
}

void Completer::Add(Item item) {
  if (HasRoom(items_) && labels_.insert(item.label).second) items_.push_back(std::move(item));
}

void Completer::AddWords(const std::vector<std::string_view>& words) {
  for (const auto word : words) Add({.label = std::string(word), .kind = kKeyword, .documentation = std::string(KeywordHelp(word))});
}

void Completer::Words() {
  const auto& last = Before(0);
  if (last.Is("@")) return Annotations();
  if (last.Is(".")) return Members();
  if (last.Is("::")) return PathEnds();
  if (last.Is("is")) return Types(false);
  if (last.Is("has")) return Guards();
  if (file_.kind == FileKind::Schema) return SchemaWords();
  Outline();
}

void Completer::Annotations() {
  for (const auto& [name, doc] : {std::pair<std::string, std::string>{"id", "What the statement goes by."},
                                  {"reason", "Why there is this statement."},
                                  {"description", "What it is for."},
                                  {"owner", "Who answers for it."},
                                  {"advice", "What an enforcement point may tell people."},
                                  {"unit", "What a budget counts."},
                                  {"severity", "How bad it is when this decides."},
                                  {"since", "When it came to be."}}) {
    Add({.label = name, .kind = kProperty, .documentation = doc, .insert = name + "(\"\")", .snippet = name + "(\"$1\")$0"});
  }
}

auto Completer::InString() const -> bool {
  if (tokens_.empty() || tokens_.back().kind != TokenKind::String) return false;
  const auto& last = tokens_.back();
  return last.end == offset_ && (last.text.size() == 1 || !last.text.ends_with('"') || last.text.ends_with("\\\""));
}

void Completer::Strings() {
  begin_ = tokens_.back().begin + 1;
  tokens_.pop_back();
  if (Before(0).Is("::")) return Ids(PathBefore(1));
  if (Before(0).Is("by") || Before(0).Is(",")) return StatementIds();
}

auto Completer::PathBefore(size_t distance) const -> std::string {
  std::string name;
  for (size_t i = distance; Before(i).kind == TokenKind::Word; i += 2) {
    name = std::string(Before(i).text) + (name.empty() ? "" : "::" + name);
    if (!Before(i + 1).Is("::")) break;
  }
  return name;
}

void Completer::Ids(const std::string& type) {
  const auto* index = view_.index();
  const auto& interner = view_.project().job().interner;
  const auto symbol = interner.Find(type);
  if (index != nullptr) {
    for (const auto& action : index->schema().actions) {
      if (action.uid.type == symbol) Add({.label = EscapeString(interner.text(action.uid.id)), .kind = kEnumMember, .detail = type});
    }
    if (const auto* decl = symbol.has_value() ? index->schema().FindEntityType(symbol) : nullptr) {
      for (const auto id : decl->enumerated_ids) Add({.label = EscapeString(interner.text(id)), .kind = kEnumMember, .detail = type});
    }
  }
  const auto prefix = type + "::\"";
  for (const auto& [path, file] : view_.project().files()) {
    if (file.kind != FileKind::Policies || !HasRoom(items_)) continue;
    for (const auto& mark : MarkPolicies(file.document->text())) {
      const bool is_other = &file != &file_ || offset_ < mark.begin || offset_ > mark.end;
      if (mark.kind != MarkKind::EntityId || !is_other || !mark.name.starts_with(prefix)) continue;
      Add({.label = mark.name.substr(prefix.size(), mark.name.size() - prefix.size() - 1), .kind = kValue, .detail = type});
    }
  }
}

void Completer::StatementIds() {
  const auto& ast = view_.project().ast();
  for (size_t i = 0; i < ast.statements.size() && HasRoom(items_); ++i) {
    if (std::holds_alternative<ast::Test>(ast.statements[i].body)) continue;
    Add({.label = EscapeString(view_.project().ids()[i]), .kind = kValue, .detail = std::string(ast::StatementKeyword(ast.statements[i]))});
  }
}

void Completer::Allowances(const Token& comment) {
  const auto open = comment.text.rfind('(');
  if (comment.text.find("remit:") == std::string_view::npos || open == std::string_view::npos) return;
  begin_ = comment.begin + static_cast<uint32_t>(comment.text.find_last_of("(, ") + 1);
  for (const auto& row : lint::AllRules()) {
    Add({.label = std::string(row.code), .kind = kValue, .detail = std::string(row.message), .documentation = std::string(row.why)});
  }
}

}  // namespace remit::lsp
