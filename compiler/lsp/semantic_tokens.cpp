// Semantic tokens: five numbers a word, each place relative to the one before it.
#include <algorithm>
#include <array>

#include "compiler/lsp/features.h"
#include "compiler/lsp/marks.h"

namespace remit::lsp {
namespace {

// The legend: a mark's kind to the protocol's word for it.
constexpr std::array<std::string_view, 13> kTypes = {"keyword",   "variable",  "type",   "enumMember", "property", "function", "method",
                                                     "decorator", "parameter", "number", "string",     "operator", "comment"};
constexpr std::array<std::string_view, 2> kModifiers = {"declaration", "readonly"};

auto TypeOf(MarkKind kind) -> std::string_view {
  switch (kind) {
    case MarkKind::Keyword: return "keyword";
    case MarkKind::Variable:
    case MarkKind::Local:
    case MarkKind::Budget:
    case MarkKind::Breaker: return "variable";
    case MarkKind::Type: return "type";
    case MarkKind::Action: return "enumMember";
    case MarkKind::EntityId:
    case MarkKind::StatementId:
    case MarkKind::ExpectedId:
    case MarkKind::Title:
    case MarkKind::String: return "string";
    case MarkKind::Attribute:
    case MarkKind::Key:
    case MarkKind::StateField: return "property";
    case MarkKind::Function: return "function";
    case MarkKind::Method: return "method";
    case MarkKind::Annotation: return "decorator";
    case MarkKind::Slot: return "parameter";
    case MarkKind::Number: return "number";
    case MarkKind::Comment: return "comment";
    case MarkKind::Sign: return {};
  }
  return {};
}

class Encoder {
 public:
  Encoder(const TextDocument& document, Encoding encoding) : document_(document), encoding_(encoding) {}

  // A token does not go beyond its line: a string over several becomes one a line.
  void Add(const Mark& mark) {
    const auto type = TypeOf(mark.kind);
    if (type.empty()) return;
    const auto text = document_.text();
    uint32_t begin = mark.begin;
    while (begin < mark.end) {
      auto end = static_cast<uint32_t>(std::min<size_t>(text.find_first_of("\r\n", begin), mark.end));
      if (end > begin) AddPiece(begin, end, type, mark.is_declaration || mark.kind == MarkKind::Title);
      while (end < mark.end && (text[end] == '\r' || text[end] == '\n')) ++end;
      begin = end;
    }
  }
  auto Take() -> std::vector<uint32_t> { return std::move(data_); }

 private:
  void AddPiece(uint32_t begin, uint32_t end, std::string_view type, bool is_declaration) {
    const auto at = document_.PositionAt(begin, encoding_);
    const auto number = static_cast<uint32_t>(std::ranges::find(kTypes, type) - kTypes.begin());
    const bool same_line = at.line == last_.line;
    for (const auto value :
         {at.line - last_.line, same_line ? at.character - last_.character : at.character,
          TextDocument::Length(document_.text().substr(begin, end - begin), encoding_), number, is_declaration ? 1U : 0U}) {
      data_.push_back(value);
    }
    last_ = at;
  }

  const TextDocument& document_;
  Encoding encoding_;
  Position last_;
  std::vector<uint32_t> data_;
};

auto Tokens(const Session& session, const Target& target, TextRange range) -> std::vector<uint32_t> {
  const auto text = target.document->text.text();
  Encoder encoder(target.document->text, session.encoding);
  const auto marks = target.document->kind == FileKind::Schema ? MarkSchema(text) : MarkPolicies(text);
  for (const auto& mark : marks) {
    if (mark.end > range.begin && mark.begin < range.end) encoder.Add(mark);
  }
  return encoder.Take();
}

constexpr TextRange kWhole = {.begin = 0, .end = UINT32_MAX};

// A closed document is nobody's to ask about again.
auto Remember(Session& session, const Target& target, std::vector<uint32_t> data) -> std::string {
  auto id = std::to_string(session.next_tokens_id++);
  if (target.document->is_open) session.answered_tokens[target.document->uri] = {.id = id, .data = std::move(data)};
  return id;
}

// What is between what both begin and end with, as one edit.
auto EditsBetween(const std::vector<uint32_t>& before, const std::vector<uint32_t>& now) -> Json {
  const auto most = std::min(before.size(), now.size());
  const auto head =
      static_cast<size_t>(std::mismatch(now.begin(), now.begin() + static_cast<ptrdiff_t>(most), before.begin()).first - now.begin());
  size_t tail = 0;
  while (tail < most - head && now[now.size() - 1 - tail] == before[before.size() - 1 - tail]) ++tail;
  if (head == now.size() && now.size() == before.size()) return Json::array();
  const std::vector<uint32_t> between(now.begin() + static_cast<ptrdiff_t>(head), now.end() - static_cast<ptrdiff_t>(tail));
  return Json::array({{{"start", head}, {"deleteCount", before.size() - head - tail}, {"data", between}}});
}

}  // namespace

auto SemanticTokensLegend() -> Json { return {{"tokenTypes", kTypes}, {"tokenModifiers", kModifiers}}; }

auto SemanticTokens(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto data = Tokens(session, target, kWhole);
  return Json{{"resultId", Remember(session, target, data)}, {"data", data}};
}

auto SemanticTokensDelta(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto it = session.answered_tokens.find(target.document->uri);
  if (it == session.answered_tokens.end() || it->second.id != params.at("previousResultId").get<std::string>()) {
    return SemanticTokens(session, params);
  }
  auto data = Tokens(session, target, kWhole);
  auto edits = EditsBetween(it->second.data, data);
  return Json{{"resultId", Remember(session, target, std::move(data))}, {"edits", std::move(edits)}};
}

auto SemanticTokensRange(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  return Json{{"data", Tokens(session, target, ReadRange(session, target.document->text, params.at("range")))}};
}

}  // namespace remit::lsp
