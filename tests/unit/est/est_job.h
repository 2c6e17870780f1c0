// Reading and writing JSON policies in one job, for tests.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ast/printer.h"
#include "compiler/est/est.h"

namespace remit {

struct EstJob {
  SourceManager sources;
  Interner interner;
  DiagnosticSink sink;
  Limits limits;
  ast::Ast ast;

  auto context() -> ParseContext { return {.sources = sources, .interner = interner, .sink = sink, .limits = limits}; }

  auto ReadPolicy(const std::string& json) -> bool {
    auto parse = context();
    return PolicyFromJson(json, parse, ast).has_value();
  }
  auto ReadSet(const std::string& json) -> bool {
    auto parse = context();
    return PolicySetFromJson(json, parse, ast);
  }
  auto ReadLinks(const std::string& json) -> bool {
    auto parse = context();
    return LinksFromJson(json, parse, ast);
  }
  auto ReadText(const std::string& text) -> bool {
    auto parse = context();
    return ParsePolicies(sources.Add("test.cedar", text), parse, ast);
  }
  // The statement read last.
  auto ToJson() -> nlohmann::ordered_json { return PolicyToJson(ast, {static_cast<uint32_t>(ast.statements.size() - 1)}, interner, sink); }
  auto Print() -> std::string { return ast::PrintStatement(ast, {static_cast<uint32_t>(ast.statements.size() - 1)}, interner); }

  // "code /pointer", for each that was reported.
  auto Reported() const -> std::vector<std::string> {
    std::vector<std::string> all;
    for (const auto& diagnostic : sink.diagnostics()) all.push_back(std::string{CodeName(diagnostic.code)} + " " + diagnostic.pointer);
    return all;
  }
  auto Report() const -> std::string {
    std::string text;
    for (const auto& diagnostic : sink.diagnostics()) text += FormatDiagnostic(diagnostic, sources);
    return text;
  }
};

inline auto Policy(const std::string& conditions, const std::string& more = "") -> std::string {
  return R"({"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[)" + conditions + "]" +
         more + "}";
}
inline auto When(const std::string& body) -> std::string { return Policy(R"({"kind":"when","body":)" + body + "}"); }

// The `input => answer` lines of a file with Cedar's answers.
inline auto CedarAnswers(const std::string& name) -> std::vector<std::pair<std::string, std::string>> {
  std::vector<std::pair<std::string, std::string>> rows;
  std::ifstream in{std::string{REMIT_SOURCE_DIR} + "/tests/unit/est/data/" + name};
  for (std::string line; std::getline(in, line);) {
    const size_t arrow = line.find(" => ");
    if (line.empty() || line[0] == '#' || arrow == std::string::npos) continue;
    rows.emplace_back(line.substr(0, arrow), line.substr(arrow + 4));
  }
  EXPECT_GT(rows.size(), 40U) << name;
  return rows;
}

}  // namespace remit
