// What is wrong with a document, as the protocol has it.
#include "compiler/lsp/features.h"

namespace remit::lsp {
namespace {

// Of one document: an editor shows no more, and who reads them mends the first.
constexpr size_t kMostShown = 1'000;

auto SeverityOf(lint::Level level) -> int {
  switch (level) {
    case lint::Level::Error: return 1;
    case lint::Level::Warning: return 2;
    case lint::Level::Info: return 3;
    case lint::Level::Off: return 4;
  }
  return 4;
}

// Shown faded: what could as well not be there.
auto IsUnnecessary(const Note& note) -> bool { return note.code.starts_with("unused-") || note.code.starts_with("shadowed-"); }

}  // namespace

auto DiagnosticsJson(Session& session, const Document& document) -> Json {
  Json all = Json::array();
  const auto* file = document.project != nullptr ? document.project->FindFile(document.key) : nullptr;
  const auto& notes = file == nullptr ? document.notes : file->notes;
  for (const auto& note : notes) {
    if (all.size() == kMostShown) break;
    Json diagnostic = {{"range", RangeJson(session, document.text, note.range)},
                       {"severity", SeverityOf(note.level)},
                       {"code", note.code},
                       {"source", "remit"},
                       {"message", note.help.empty() ? note.message : note.message + "\nhelp: " + note.help}};
    if (note.is_finding && !session.documentation.empty()) {
      diagnostic["codeDescription"] = {{"href", session.documentation + note.code + ".md"}};
    }
    if (IsUnnecessary(note)) diagnostic["tags"] = {1};
    all.push_back(std::move(diagnostic));
  }
  return all;
}

}  // namespace remit::lsp
