// Folding and selection: what brackets, statements and comments enclose. From tokens, so that a file with mistakes folds too.
#include <algorithm>

#include "compiler/lsp/features.h"
#include "compiler/lsp/tokens.h"

namespace remit::lsp {
namespace {

// Ranges between brackets that belong together, the inner before the outer.
auto BracketPairs(const std::vector<Token>& tokens) -> std::vector<std::pair<Token, Token>> {
  std::vector<std::pair<Token, Token>> pairs;
  std::vector<Token> open;
  const auto closes = [](const Token& a, const Token& b) {
    return (a.Is("(") && b.Is(")")) || (a.Is("[") && b.Is("]")) || (a.Is("{") && b.Is("}"));
  };
  for (const auto& token : tokens) {
    if (token.Is("(") || token.Is("[") || token.Is("{")) open.push_back(token);
    if (!token.Is(")") && !token.Is("]") && !token.Is("}")) continue;
    while (!open.empty() && !closes(open.back(), token)) open.pop_back();
    if (open.empty()) continue;
    pairs.emplace_back(open.back(), token);
    open.pop_back();
  }
  return pairs;
}

class Folder {
 public:
  Folder(const Session& session, const TextDocument& document) : session_(session), document_(document) {}

  void Add(uint32_t begin, uint32_t end, const char* kind = nullptr) {
    const auto first = document_.PositionAt(begin, session_.encoding).line;
    const auto last = document_.PositionAt(end, session_.encoding).line;
    if (last <= first) return;
    Json range = {{"startLine", first}, {"endLine", last}};
    if (kind != nullptr) range["kind"] = kind;
    ranges_.push_back(std::move(range));
  }
  auto Take() -> Json { return std::move(ranges_); }

 private:
  const Session& session_;
  const TextDocument& document_;
  Json ranges_ = Json::array();
};

void FoldComments(const std::vector<Token>& tokens, std::string_view text, Folder& folder) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    size_t last = i;
    const auto follows = [&](size_t next) {
      if (next >= tokens.size() || tokens[next].kind != TokenKind::Comment) return false;
      const auto gap = text.substr(tokens[next - 1].end, tokens[next].begin - tokens[next - 1].end);
      return std::ranges::count(gap, '\n') == 1;
    };
    if (tokens[i].kind != TokenKind::Comment) continue;
    while (follows(last + 1)) ++last;
    if (last > i) folder.Add(tokens[i].begin, tokens[last].end, "comment");
    i = last;
  }
}

}  // namespace

auto FoldingRanges(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto text = target.document->text.text();
  const auto tokens = Tokenize(text);
  Folder folder(session, target.document->text);
  FoldComments(tokens, text, folder);
  for (const auto& [open, close] : BracketPairs(tokens)) folder.Add(open.begin, close.begin);
  if (target.file->kind == FileKind::Policies) {
    const auto [first, last] = target.project->StatementsOf(*target.file);
    for (uint32_t i = first; i < last; ++i) {
      const auto range = target.project->PlaceOf(target.project->ast().statements[i].span).range;
      folder.Add(range.begin, range.end);
    }
  }
  return folder.Take();
}

// From the word outwards: brackets without and with themselves, the statement, the file.
auto SelectionRanges(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto& document = target.document->text;
  const auto tokens = Tokenize(document.text());
  const auto pairs = BracketPairs(tokens);
  Json answers = Json::array();
  for (const auto& position : params.at("positions")) {
    const auto offset = document.OffsetAt(ReadPosition(position), session.encoding);
    std::vector<TextRange> ranges;
    for (const auto& token : tokens) {
      if (token.begin <= offset && offset <= token.end) ranges.push_back({.begin = token.begin, .end = token.end});
    }
    for (const auto& [open, close] : pairs) {
      if (open.begin > offset || close.end < offset) continue;
      if (open.end <= offset && offset <= close.begin) ranges.push_back({.begin = open.end, .end = close.begin});
      ranges.push_back({.begin = open.begin, .end = close.end});
    }
    for (const auto& piece : target.file->pieces) {
      if (piece->range.begin <= offset && offset <= piece->range.end) ranges.push_back(piece->range);
    }
    ranges.push_back({.begin = 0, .end = static_cast<uint32_t>(document.text().size())});
    std::ranges::stable_sort(ranges, {}, [](TextRange range) { return range.end - range.begin; });
    // Each holds the one before it: two words that meet at the cursor do not.
    std::vector<TextRange> nested;
    for (const auto range : ranges) {
      const bool holds = nested.empty() || (range.begin <= nested.back().begin && nested.back().end <= range.end && range != nested.back());
      if (holds) nested.push_back(range);
    }
    Json answer;
    for (size_t i = nested.size(); i-- > 0;) {
      Json next = {{"range", RangeJson(session, document, nested[i])}};
      if (!answer.is_null()) next["parent"] = std::move(answer);
      answer = std::move(next);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace remit::lsp
