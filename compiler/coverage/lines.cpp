#include "compiler/coverage/lines.h"

#include <algorithm>

namespace remit::coverage {
namespace {

auto LineOf(Span span, const SourceManager& sources) -> uint32_t { return sources.file(span.file).locate(span.begin).line; }

void AddStatement(const StatementCoverage& statement, const SourceManager& sources, FileCoverage& file) {
  file.statements.push_back(&statement);
  const auto hit = [&](Span span, uint64_t hits) -> Line& {
    auto& line = file.lines[LineOf(span, sources)];
    line.hits = std::max(line.hits, hits);
    return line;
  };
  hit(statement.span, statement.evaluated);
  for (const auto& clause : statement.clauses) {
    auto& line = hit(clause.span, clause.hits);
    if (clause.hits == 0) line.unreached.push_back(&clause);
  }
  for (const auto& branch : statement.branches) hit(branch.span, branch.was_true + branch.was_false).branches.push_back(&branch);
}

}  // namespace

auto ByLine(const Coverage& coverage, const SourceManager& sources) -> std::vector<FileCoverage> {
  std::map<uint32_t, FileCoverage> files;
  for (const auto& statement : coverage) {
    if (!statement.span.has_place()) continue;
    auto& file = files[statement.span.file.value];
    file.file = statement.span.file;
    AddStatement(statement, sources, file);
  }
  std::vector<FileCoverage> result;
  for (auto& [number, file] : files) result.push_back(std::move(file));
  return result;
}

}  // namespace remit::coverage
