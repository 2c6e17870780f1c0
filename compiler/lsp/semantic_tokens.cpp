// Semantic tokens: five numbers a word, each place relative to the one before it.
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
  auto Take() -> Json { return std::move(data_); }

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
  Json data_ = Json::array();
};

auto Tokens(Session& session, const Target& target, TextRange range) -> Json {
  const auto text = target.document->text.text();
  Encoder encoder(target.document->text, session.encoding);
  const auto marks = target.document->kind == FileKind::Schema ? MarkSchema(text) : MarkPolicies(text);
  for (const auto& mark : marks) {
    if (mark.end > range.begin && mark.begin < range.end) encoder.Add(mark);
  }
  return {{"data", encoder.Take()}};
}

}  // namespace

auto SemanticTokensLegend() -> Json { return {{"tokenTypes", kTypes}, {"tokenModifiers", kModifiers}}; }

auto SemanticTokens(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  return Tokens(session, target, {.begin = 0, .end = UINT32_MAX});
}

auto SemanticTokensRange(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  return Tokens(session, target, ReadRange(session, target.document->text, params.at("range")));
}

}  // namespace remit::lsp
