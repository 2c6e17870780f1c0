#include "compiler/explain/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/source/xml.h"

namespace remit::explain {
namespace {

using Json = nlohmann::ordered_json;

auto PlaceText(Span span, const SourceManager& sources) -> std::string {
  if (!span.has_place()) return {};
  const auto& file = sources.file(span.file);
  const auto place = file.locate(span.begin);
  return fmt::format("{}:{}:{}", file.name(), place.line, place.column);
}

// On one line.
auto OneLine(std::string_view text) -> std::string {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      line += c;
    else if (!line.ends_with(' '))
      line += ' ';
  }
  return line;
}

auto ScopeWords(const StatementNode& statement) -> std::string {
  std::string words;
  for (const auto& [matches, word] :
       {std::pair{statement.scope.principal, "principal"}, {statement.scope.action, "action"}, {statement.scope.resource, "resource"}}) {
    if (!matches) words += fmt::format("{}{}", words.empty() ? "" : ", ", word);
  }
  return words.empty() ? "matches" : "does not match: " + words;
}

auto ValueWords(const ValueNode& value) -> std::string {
  if (!value.error.empty()) return "error: " + value.error;
  return value.value.empty() ? "?" : value.value;
}

auto ChangeWords(const Change& change) -> std::string {
  const auto show = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
  return fmt::format("{}: {} -> {}", change.what, show(change.before), show(change.after));
}

auto SearchWords(const Flips& flips) -> std::string {
  return fmt::format("{} decisions tried of {} changes that the policies suggest{}", flips.tried, flips.candidates,
                     flips.is_exhausted ? ", alone and in pairs" : "; not all of them and their pairs");
}

void AppendValue(std::string& out, const ValueNode& value, size_t depth) {
  out += fmt::format("{:{}}{} = {}\n", "", depth * 2, OneLine(value.text), ValueWords(value));
  for (const auto& part : value.parts) AppendValue(out, part, depth + 1);
}

auto ValueJson(const ValueNode& value) -> Json {
  Json json = {{"text", value.text}};
  if (!value.value.empty()) json["value"] = value.value;
  if (!value.error.empty()) json["error"] = value.error;
  for (const auto& part : value.parts) json["parts"].push_back(ValueJson(part));
  return json;
}

auto StatementJson(const StatementNode& statement, const SourceManager& sources) -> Json {
  Json json = {{"id", statement.id}, {"effect", statement.keyword}, {"satisfied", statement.satisfied}};
  json["scope"] = {{"principal", statement.scope.principal}, {"action", statement.scope.action}, {"resource", statement.scope.resource}};
  json["conditions"] = Json::array();
  for (const auto& condition : statement.conditions) {
    Json one = {{"kind", condition.is_when ? "when" : "unless"}, {"holds", condition.holds}};
    if (!condition.error.empty()) one["error"] = condition.error;
    one["value"] = ValueJson(condition.value);
    json["conditions"].push_back(std::move(one));
  }
  if (statement.span.has_place()) {
    const auto& file = sources.file(statement.span.file);
    json["file"] = file.name();
    json["line"] = file.locate(statement.span.begin).line;
  }
  return json;
}

constexpr std::string_view kHead = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Why</title>
<style>
:root { --good: #d9f2df; --bad: #fbdcdc; --dim: #6a717c; --ink: #1c1f24; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --good: #173d24; --bad: #552020; --dim: #9aa1ac; --ink: #e6e8eb; --paper: #16181c; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: var(--ink); background: var(--paper); }
pre, code { font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; }
.good { background: var(--good); } .bad { background: var(--bad); } .dim { color: var(--dim); }
details { margin: .3rem 0 .3rem 1rem; } summary { padding: 0 .3rem; }
</style>
</head>
<body>
)html";

void AppendValueHtml(std::string& out, const ValueNode& value) {
  const auto line = fmt::format("<code>{}</code> = <code>{}</code>", EscapeXml(OneLine(value.text)), EscapeXml(ValueWords(value)));
  if (value.parts.empty()) {
    out += fmt::format("<div style=\"margin-left: 2rem\">{}</div>\n", line);
    return;
  }
  out += fmt::format("<details open><summary>{}</summary>\n", line);
  for (const auto& part : value.parts) AppendValueHtml(out, part);
  out += "</details>\n";
}

void AppendStatementHtml(std::string& out, const StatementNode& statement, const SourceManager& sources) {
  out += fmt::format("<details{}><summary class=\"{}\"><strong>{}</strong> {} {} <span class=\"dim\">{}</span></summary>\n",
                     statement.scope.principal && statement.scope.action && statement.scope.resource ? " open" : "",
                     statement.satisfied ? "good" : "bad", EscapeXml(statement.id), EscapeXml(statement.keyword),
                     statement.satisfied ? "is satisfied" : "is not satisfied", EscapeXml(PlaceText(statement.span, sources)));
  out += fmt::format("<p>scope <code>{}</code> {}</p>\n", EscapeXml(OneLine(statement.scope_text)), ScopeWords(statement));
  for (const auto& condition : statement.conditions) {
    out += fmt::format("<p class=\"{}\">{} {}</p>\n", condition.holds ? "good" : "bad", condition.is_when ? "when" : "unless",
                       condition.holds ? "holds" : "does not hold");
    AppendValueHtml(out, condition.value);
  }
  out += "</details>\n";
}

}  // namespace

auto FormatText(const Explained& explained, const Flips& flips, std::string_view answer, const SourceManager& sources) -> std::string {
  std::string out(answer);
  for (const auto& statement : explained.statements) {
    const auto place = PlaceText(statement.span, sources);
    out += fmt::format("\n{} `{}` is {}satisfied{}\n", statement.keyword, statement.id, statement.satisfied ? "" : "not ",
                       place.empty() ? "" : fmt::format(" ({})", place));
    out += fmt::format("  scope {} {}\n", OneLine(statement.scope_text), ScopeWords(statement));
    for (const auto& condition : statement.conditions) {
      out += fmt::format("  {} {}\n", condition.is_when ? "when" : "unless", condition.holds ? "holds" : "does not hold");
      AppendValue(out, condition.value, 2);
    }
  }
  if (!explained.is_complete) out += "\nmore statements were left out\n";
  out += flips.found.empty() ? "\nno small change turns it around" : "\nit would turn around with";
  out += fmt::format(" ({}){}\n", SearchWords(flips), flips.found.empty() ? "" : ":");
  for (const auto& flip : flips.found) {
    std::string words;
    for (const auto& change : flip.changes) words += (words.empty() ? "" : " and ") + ChangeWords(change);
    out += fmt::format("  {}: then {}\n", words, flip.outcome);
  }
  return out;
}

auto FormatJson(const Explained& explained, const Flips& flips, std::string_view answer, const SourceManager& sources) -> std::string {
  Json json = {{"answer", Json::parse(answer, nullptr, false)}, {"statements", Json::array()}};
  for (const auto& statement : explained.statements) json["statements"].push_back(StatementJson(statement, sources));
  json["complete"] = explained.is_complete;
  json["flips"] = Json::array();
  for (const auto& flip : flips.found) {
    Json changes = Json::array();
    for (const auto& change : flip.changes) {
      Json one = {{"what", change.what}};
      if (!change.before.empty()) one["before"] = Json::parse(change.before, nullptr, false);
      if (!change.after.empty()) one["after"] = Json::parse(change.after, nullptr, false);
      changes.push_back(std::move(one));
    }
    json["flips"].push_back({{"changes", std::move(changes)}, {"outcome", flip.outcome}});
  }
  json["search"] = {{"tried", flips.tried}, {"candidates", flips.candidates}, {"exhausted", flips.is_exhausted}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

auto FormatHtml(const Explained& explained, const Flips& flips, std::string_view answer, const SourceManager& sources) -> std::string {
  std::string out(kHead);
  out += fmt::format("<h1>Why</h1>\n<pre>{}</pre>\n<h2>What would turn it around</h2>\n<ul>\n", EscapeXml(answer));
  for (const auto& flip : flips.found) {
    std::string words;
    for (const auto& change : flip.changes) words += (words.empty() ? "" : " and ") + ChangeWords(change);
    out += fmt::format("<li><code>{}</code>: then {}</li>\n", EscapeXml(words), flip.outcome);
  }
  out += fmt::format("</ul>\n<p class=\"dim\">{}</p>\n<h2>Statements</h2>\n", SearchWords(flips));
  for (const auto& statement : explained.statements) AppendStatementHtml(out, statement, sources);
  return out + "</body>\n</html>\n";
}

}  // namespace remit::explain
