// Cuts schema text into pieces: heads of namespaces, declarations, closing braces.
//
// A scanner that knows strings, comments and brackets finds where each declaration ends, so the parser proper works on one at a
// time, its memory is bounded by the largest, and nesting is checked before anything recurses. Handing ANTLR whole files would
// need a hundred times their size.
#pragma once

#include <optional>

#include "compiler/source/diagnostic.h"

namespace remit {

enum class PieceKind : uint8_t { NamespaceHead, NamespaceEnd, Declaration };

struct Piece {
  PieceKind kind;
  Span span;  // a head with its `{`, a declaration with its `;` unless that is missing
};

class PieceScanner {
 public:
  // The text is valid UTF-8 and outlives the scanner.
  PieceScanner(std::string_view text, FileId file, uint32_t max_nesting, DiagnosticSink& sink)
      : text_(text), file_(file), max_nesting_(max_nesting), sink_(sink) {}

  // None at the end of the text. Pieces that cannot be handed on (nested too deep, a string without end) are reported and left out.
  auto Next() -> std::optional<Piece>;

  // Continues here instead of behind the last piece: a declaration that lacked its `;` ended earlier than it seemed.
  void ContinueAt(uint32_t offset) { next_ = offset; }

  auto has_errors() const -> bool { return has_errors_; }

 private:
  auto SpanOf(size_t begin, size_t end) const -> Span;
  auto SkipTrivia(size_t at) const -> size_t;
  auto SkipString(size_t at) const -> size_t;
  auto SkipAnnotations(size_t at) const -> size_t;
  auto IsNamespaceHead(size_t at) const -> bool;
  auto SkipOpaque(size_t at) -> std::optional<size_t>;
  auto FindEnd(size_t begin, bool is_head) -> std::optional<size_t>;
  auto ReportNesting(size_t at) -> void;

  std::string_view text_;
  FileId file_;
  uint32_t max_nesting_;
  DiagnosticSink& sink_;
  size_t next_ = 0;
  bool has_errors_ = false;
};

}  // namespace remit
