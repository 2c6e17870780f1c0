// Where a policy file is cut: behind the line on which a statement ends, unless the next one begins there too. So what a comment says of its line, or
// of the statement below it, never crosses a cut.
#include "compiler/lsp/project.h"
#include "compiler/parse/split.h"

namespace remit::lsp {
namespace {

// The first place behind `end` where a line begins, if nothing but white space and a comment come before; else none.
auto CutBehind(std::string_view text, uint32_t end, uint32_t limit) -> std::optional<uint32_t> {
  const auto gap = text.substr(end, limit - end);
  const auto line_end = gap.find('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  const auto first = gap.find_first_not_of(" \t\r\n");
  const bool is_blank = first == std::string_view::npos || first > line_end || gap.substr(first).starts_with("//");
  return is_blank ? std::optional(end + static_cast<uint32_t>(line_end) + 1) : std::nullopt;
}

}  // namespace

auto CutText(std::string_view text, const Limits& limits) -> std::vector<TextRange> {
  SourceManager sources;
  Interner interner;
  DiagnosticSink sink(0);
  ParseContext context = {.sources = sources, .interner = interner, .sink = sink, .limits = limits};
  const auto statements = SplitStatements(sources.Add("", std::string(text)), context);
  std::vector<TextRange> pieces;
  uint32_t begin = 0;
  const auto size = static_cast<uint32_t>(text.size());
  for (size_t i = 0; i < statements.size(); ++i) {
    const auto limit = i + 1 < statements.size() ? statements[i + 1].begin : size;
    if (const auto cut = CutBehind(text, statements[i].end, limit)) {
      pieces.push_back({.begin = begin, .end = *cut});
      begin = *cut;
    }
  }
  if (begin < size) pieces.push_back({.begin = begin, .end = size});
  return pieces;
}

}  // namespace remit::lsp
