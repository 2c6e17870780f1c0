// What may stand where a word begins: by how many brackets are open since the statement began, and of which one.
#include "compiler/lsp/completer.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::lsp {

void Completer::Outline() {
  std::vector<char> brackets;
  std::string_view keyword;
  std::string_view step;
  for (const auto& token : tokens_) {
    if (token.kind == TokenKind::Comment) continue;
    if (token.Is("(") || token.Is("{") || token.Is("[")) brackets.push_back(token.text[0]);
    if ((token.Is(")") || token.Is("}") || token.Is("]")) && !brackets.empty()) brackets.pop_back();
    if ((token.Is(";") && keyword != "test") || (token.Is("}") && keyword == "test" && brackets.empty())) keyword = {}, brackets.clear();
    if (token.Is(";") || token.Is("{")) step = {};
    if (token.kind != TokenKind::Word) continue;
    if (keyword.empty() && brackets.empty() && IsOneOf(token.text, StatementWords())) keyword = token.text;
    if (keyword == "test" && brackets.size() == 1 && step.empty() && IsOneOf(token.text, StepWords())) step = token.text;
  }
  if (keyword.empty()) return Statements();
  if (brackets.empty()) return Clauses(keyword);
  if (keyword == "test" && brackets.size() == 1) return Steps(step);
  if (keyword != "test" && brackets.size() == 1 && brackets[0] == '(') return Scope();
  Expressions();
}

void Completer::Statements() {
  AddWords(StatementWords());
  static const std::vector<std::pair<std::string, std::string>> kSnippets = {
      {"permit", "permit (\n  principal${1},\n  action == Action::\"${2}\",\n  resource\n)${3:\nwhen { ${4} \\}};$0"},
      {"forbid", "forbid (\n  principal${1},\n  action == Action::\"${2}\",\n  resource\n)\nwhen { ${3} };$0"},
      {"escalate",
       "escalate (principal, action == Action::\"${1}\", resource)\nwhen { ${2} }\napproval { by: [${3}], expires: "
       "duration(\"${4:15m}\") };$0"},
      {"budget",
       "budget ${1:name} (principal, action == Action::\"${2}\", resource)\n  per { ${3:principal} }\n  limit { ${4:100} } each "
       "${5:day};$0"},
      {"test", "test \"${1}\" {\n  request (${2}, ${3}, ${4});\n  expect ${5:execute};\n}$0"}};
  if (!has_snippets_) return;
  for (const auto& [name, body] : kSnippets) Add({.label = name + " ..", .kind = kSnippet, .insert = name, .snippet = body});
}

void Completer::Clauses(std::string_view keyword) {
  AddWords({"when", "unless"});
  if (keyword == "permit" || keyword == "escalate" || keyword == "restrict") AddWords({"oblige"});
  if (keyword == "escalate") AddWords({"approval"});
  if (keyword == "restrict") AddWords({"to", "observe", "draft", "deny"});
  if (keyword == "budget") {
    AddWords({"charge", "per",  "limit", "each", "within", "refill",   "concurrent", "hold",     "unsettled", "release", "exceeded", "hour",
              "day",    "week", "month", "in",   "deny",   "restrict", "escalate",   "approval", "to",        "observe", "draft"});
  }
  if (keyword == "breaker") {
    AddWords({"per", "trip", "within", "cooldown", "probe", "open", "deny", "restrict", "escalate", "approval", "to", "observe", "draft"});
  }
  if (keyword == "assert") AddWords({"never", "always", "or", "deny", "observe", "draft", "approve", "execute"});
}

void Completer::Steps(std::string_view step) {
  if (step.empty()) return AddWords(StepWords());
  if (step == "expect") AddWords({"deny", "observe", "draft", "approve", "execute", "by", "budget"});
  if (step == "expect" && Before(0).Is("budget")) return States(ast::StateKind::Budget);
  if (step == "settle") AddWords({"success", "failure", "not_dispatched"});
  if (step == "entity") AddWords({"in", "tags"});
  if (step == "request") AddWords({"with", "for"});
  if (step == "approve" || step == "deny") AddWords({"by", "in", "for"});
  Types(false);
}

void Completer::Scope() {
  AddWords({"principal", "action", "resource", "in", "is"});
  for (const auto slot : {"?principal", "?resource"}) Add({.label = slot, .kind = kVariable, .detail = "slot"});
  Types(true);
}

void Completer::Expressions() {
  for (const auto name : {"principal", "action", "resource", "context"}) Add({.label = name, .kind = kVariable});
  AddWords({"true", "false", "if", "then", "else", "in", "has", "like", "is", "budget", "breaker"});
  for (const auto& each : AllSignatures()) {
    if (!each.is_method) AddCall(each, kFunction);
  }
  Types(true);
}

void Completer::SchemaWords() {
  AddWords({"namespace", "entity", "action", "type", "in", "enum", "tags", "appliesTo", "principal", "resource", "context", "Set"});
  for (const auto& each : {Kind::Bool, Kind::Long, Kind::String, Kind::Ip, Kind::Decimal, Kind::Datetime, Kind::Duration}) {
    Add({.label = BuiltinName(each), .kind = kClass, .detail = "built in"});
  }
  const auto* index = view_.index();
  if (index == nullptr) return;
  for (const auto& [name, entry] : index->entities()) Add({.label = name, .kind = kClass, .detail = "entity"});
  for (const auto& [name, entry] : index->common_types()) Add({.label = name, .kind = kClass, .detail = "type"});
}

}  // namespace remit::lsp
