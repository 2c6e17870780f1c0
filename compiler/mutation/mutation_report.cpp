#include "compiler/mutation/mutation_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace remit::mutation {
namespace {

// The lines that the change is on, as they are and as they would be.
struct Lines {
  std::string before;
  std::string after;
};

auto LinesOf(const MutantResult& mutant, const SourceManager& sources) -> Lines {
  const std::string_view text = sources.file(mutant.span.file).text();
  const auto begin = text.rfind('\n', mutant.span.begin == 0 ? 0 : mutant.span.begin - 1);
  const size_t first = begin == std::string_view::npos ? 0 : begin + 1;
  const size_t last = std::min(text.find('\n', mutant.span.end), text.size());
  const auto head = text.substr(first, mutant.span.begin - first);
  const auto tail = text.substr(mutant.span.end, last - mutant.span.end);
  return {.before = std::string(text.substr(first, last - first)), .after = fmt::format("{}{}{}", head, mutant.after, tail)};
}

// Each line with a sign before it; none where nothing but white space is left.
void AppendLines(std::string& out, char sign, std::string_view text) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t;") != std::string_view::npos) out += fmt::format("  {} {}\n", sign, line);
  }
}

}  // namespace

auto FormatText(const MutationResult& result, const SourceManager& sources, bool color) -> std::string {
  std::string text;
  const std::string_view mark = color ? "\033[1;31m" : "";
  const std::string_view reset = color ? "\033[0m" : "";
  for (const auto& mutant : result.mutants) {
    if (mutant.fate != Fate::Survived && mutant.fate != Fate::Unreached) continue;
    const auto& file = sources.file(mutant.span.file);
    const auto place = file.locate(mutant.span.begin);
    const auto reached = mutant.fate == Fate::Unreached ? "no test reaches it" : fmt::format("{} tests pass", mutant.tests);
    text += fmt::format("{}:{}:{}: {}survived{}[{}]: `{}`: {}: {}\n", file.name(), place.line, place.column, mark, reset,
                        MutationCode(mutant.mutation), mutant.statement, MutationText(mutant.mutation), reached);
    const auto lines = LinesOf(mutant, sources);
    AppendLines(text, '-', lines.before);
    AppendLines(text, '+', lines.after);
  }
  text += fmt::format("{} mutants: {} killed, {} survived, {} reached by no test", result.mutants.size(), result.Count(Fate::Killed),
                      result.Count(Fate::Survived), result.Count(Fate::Unreached));
  for (const Fate fate : {Fate::Invalid, Fate::Equivalent}) {
    if (result.Count(fate) > 0) text += fmt::format(", {} {}", result.Count(fate), FateName(fate));
  }
  if (result.Count(Fate::TimedOut) > 0) text += fmt::format(", {} took too long", result.Count(Fate::TimedOut));
  if (result.Count(Fate::NotRun) > 0) text += fmt::format(", {} not run in time", result.Count(Fate::NotRun));
  return text + fmt::format("; score {:.1f} %\n", result.score());
}

auto FormatJson(const MutationResult& result, const SourceManager& sources) -> std::string {
  using Json = nlohmann::ordered_json;
  Json mutants = Json::array();
  for (const auto& mutant : result.mutants) {
    const auto& file = sources.file(mutant.span.file);
    const auto place = file.locate(mutant.span.begin);
    Json json = {{"code", MutationCode(mutant.mutation)},
                 {"fate", FateName(mutant.fate)},
                 {"statement", mutant.statement},
                 {"file", file.name()},
                 {"line", place.line},
                 {"column", place.column},
                 {"before", sources.text(mutant.span)},
                 {"after", mutant.after}};
    if (!mutant.killed_by.empty()) json["killedBy"] = mutant.killed_by;
    json["tests"] = mutant.tests;
    mutants.push_back(std::move(json));
  }
  Json json = {{"mutants", std::move(mutants)}};
  for (const Fate fate : {Fate::Killed, Fate::Survived, Fate::Unreached, Fate::Invalid, Fate::Equivalent, Fate::TimedOut, Fate::NotRun}) {
    json[std::string(FateName(fate))] = result.Count(fate);
  }
  json["score"] = result.score();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace remit::mutation
