#include <fmt/format.h>

#include <algorithm>

#include "compiler/coverage/lines.h"
#include "compiler/coverage/report.h"

namespace remit::coverage {
namespace {

// A record is a line, and a name is its last field.
auto OneLine(std::string_view name) -> std::string {
  std::string text{name};
  std::ranges::replace_if(text, [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == ','; }, ' ');
  return text;
}

// A statement is a function that was called as often as it was satisfied.
auto Functions(const FileCoverage& file, const SourceManager& sources) -> std::string {
  std::string text;
  uint64_t hit = 0;
  for (const auto* statement : file.statements) {
    text += fmt::format("FN:{},{}\n", sources.file(file.file).locate(statement->span.begin).line, OneLine(statement->id));
  }
  for (const auto* statement : file.statements) {
    text += fmt::format("FNDA:{},{}\n", statement->satisfied, OneLine(statement->id));
    hit += statement->satisfied > 0 ? 1 : 0;
  }
  return text + fmt::format("FNF:{}\nFNH:{}\n", file.statements.size(), hit);
}

// `-` is for a condition that was never reached.
auto BranchLines(uint32_t line, uint32_t block, const Branch& branch) -> std::string {
  const bool was_reached = branch.was_true + branch.was_false > 0;
  const auto taken = [&](uint64_t count) { return was_reached ? std::to_string(count) : "-"; };
  return fmt::format("BRDA:{},{},0,{}\nBRDA:{},{},1,{}\n", line, block, taken(branch.was_true), line, block, taken(branch.was_false));
}

auto Branches(const FileCoverage& file) -> std::string {
  std::string text;
  uint64_t found = 0;
  uint64_t hit = 0;
  for (const auto& [number, line] : file.lines) {
    for (uint32_t block = 0; block < line.branches.size(); ++block) {
      const Branch& branch = *line.branches[block];
      text += BranchLines(number, block, branch);
      found += 2;
      hit += (branch.was_true > 0 ? 1 : 0) + (branch.was_false > 0 ? 1 : 0);
    }
  }
  return text + fmt::format("BRF:{}\nBRH:{}\n", found, hit);
}

auto Lines(const FileCoverage& file) -> std::string {
  std::string text;
  uint64_t hit = 0;
  for (const auto& [number, line] : file.lines) {
    text += fmt::format("DA:{},{}\n", number, line.hits);
    hit += line.hits > 0 ? 1 : 0;
  }
  return text + fmt::format("LF:{}\nLH:{}\n", file.lines.size(), hit);
}

}  // namespace

auto FormatLcov(const Coverage& coverage, const SourceManager& sources) -> std::string {
  std::string text;
  for (const auto& file : ByLine(coverage, sources)) {
    text += fmt::format("TN:remit\nSF:{}\n", sources.file(file.file).name());
    text += Functions(file, sources) + Branches(file) + Lines(file) + "end_of_record\n";
  }
  return text;
}

}  // namespace remit::coverage
