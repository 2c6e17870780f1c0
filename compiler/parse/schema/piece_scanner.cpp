#include "compiler/parse/schema/piece_scanner.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit {
namespace {

auto IsWordByte(char c) -> bool { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

auto WordAt(std::string_view text, size_t at) -> std::string_view {
  size_t end = at;
  while (end < text.size() && IsWordByte(text[end])) ++end;
  return text.substr(at, end - at);
}

auto SkipComment(std::string_view text, size_t at) -> size_t { return std::min(text.find_first_of("\n\r", at), text.size()); }

auto StartsComment(std::string_view text, size_t at) -> bool { return text.substr(at, 2) == "//"; }

}  // namespace

auto PieceScanner::SpanOf(size_t begin, size_t end) const -> Span {
  return {.file = file_, .begin = static_cast<uint32_t>(begin), .end = static_cast<uint32_t>(end)};
}

auto PieceScanner::SkipTrivia(size_t at) const -> size_t {
  while (at < text_.size()) {
    if (StartsComment(text_, at)) {
      at = SkipComment(text_, at);
    } else {
      size_t after = at;
      if (!IsWhiteSpace(DecodeUtf8(text_, after))) return at;
      at = after;
    }
  }
  return at;
}

// Behind the closing quote; the end of the text if there is none.
auto PieceScanner::SkipString(size_t at) const -> size_t {
  for (++at; at < text_.size(); ++at) {
    if (text_[at] == '"') return at + 1;
    if (text_[at] == '\\') ++at;
  }
  return text_.size() + 1;
}

auto PieceScanner::SkipAnnotations(size_t at) const -> size_t {
  at = SkipTrivia(at);
  while (at < text_.size() && text_[at] == '@') {
    at = SkipTrivia(at + 1);
    at = SkipTrivia(at + WordAt(text_, at).size());
    if (at >= text_.size() || text_[at] != '(') continue;
    at = SkipTrivia(at + 1);
    if (at < text_.size() && text_[at] == '"') at = SkipTrivia(SkipString(at));
    if (at >= text_.size() || text_[at] != ')') return at;
    at = SkipTrivia(at + 1);
  }
  return at;
}

auto PieceScanner::IsNamespaceHead(size_t at) const -> bool {
  const size_t word = SkipAnnotations(at);
  return word < text_.size() && WordAt(text_, word) == "namespace";
}

void PieceScanner::ReportNesting(size_t at) {
  sink_.Report(DiagnosticCode::NestingTooDeep, SpanOf(at, at + 1), max_nesting_).help = "give the inner types names of their own";
  has_errors_ = true;
}

// Behind a string or comment that starts here, `at` itself for anything else. None: reported.
auto PieceScanner::SkipOpaque(size_t at) -> std::optional<size_t> {
  if (StartsComment(text_, at)) return SkipComment(text_, at);
  if (text_[at] != '"') return at;
  const size_t after = SkipString(at);
  if (after <= text_.size()) return after;
  sink_.Report(DiagnosticCode::UnterminatedString, SpanOf(at, at + 1));
  has_errors_ = true;
  return std::nullopt;
}

// Where the piece ends: behind its `;` (a head: behind its `{`), or before what cannot belong to it. None: reported, `next_` is set.
auto PieceScanner::FindEnd(size_t begin, bool is_head) -> std::optional<size_t> {
  uint32_t depth = 0;   // of `{`, `[`, `(`
  uint32_t angles = 0;  // of `<`; kept apart, so that a missing `>` does not swallow the rest of the file
  bool too_deep = false;
  size_t end = text_.size();
  for (size_t at = begin; at < text_.size();) {
    const auto after = SkipOpaque(at);
    if (!after) {
      next_ = text_.size();
      return std::nullopt;
    }
    if (*after > at) {
      at = *after;
      continue;
    }
    const char c = text_[at++];
    const bool opens = c == '{' || c == '[' || c == '(';
    const bool closes = c == '}' || c == ']' || c == ')';
    if (depth == 0 && (c == ';' || c == '}' || (c == '{' && is_head))) {
      end = c == '}' ? at - 1 : at;
      break;
    }
    if (opens) ++depth;
    if (closes && depth > 0) --depth;
    if (c == '<') ++angles;
    if (c == '>' && angles > 0) --angles;
    if (!too_deep && depth + angles > max_nesting_) {
      ReportNesting(at - 1);
      too_deep = true;
    }
  }
  next_ = end;
  return too_deep ? std::nullopt : std::optional{end};
}

auto PieceScanner::Next() -> std::optional<Piece> {
  while (true) {
    const size_t begin = SkipTrivia(next_);
    if (begin >= text_.size()) return std::nullopt;
    if (text_[begin] == '}') {
      next_ = begin + 1;
      return Piece{.kind = PieceKind::NamespaceEnd, .span = SpanOf(begin, begin + 1)};
    }
    const bool is_head = IsNamespaceHead(begin);
    if (const auto end = FindEnd(begin, is_head)) {
      return Piece{.kind = is_head ? PieceKind::NamespaceHead : PieceKind::Declaration, .span = SpanOf(begin, *end)};
    }
  }
}

}  // namespace remit
