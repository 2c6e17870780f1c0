// The line of a source that something is said about.
#pragma once

#include <string>
#include <string_view>

#include "compiler/source/source_file.h"

namespace remit {

// Escape sequences around what is marked; none by default.
struct ExcerptColors {
  std::string_view mark = {};
  std::string_view reset = {};
};

// The source line under the span, with `^~~` below what is meant. Long lines are shown around the span.
auto FormatExcerpt(const SourceFile& file, Span span, const ExcerptColors& colors = {}) -> std::string;

}  // namespace remit
