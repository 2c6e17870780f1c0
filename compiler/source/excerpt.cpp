#include "compiler/source/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit {
namespace {

// Code points between two offsets, at least one: how many characters to underline.
auto CountCodePoints(std::string_view text) -> size_t {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace

auto FormatExcerpt(const SourceFile& file, Span span, const ExcerptColors& colors) -> std::string {
  constexpr size_t kWidest = 160;
  const LineColumn place = file.locate(span.begin);
  const auto line = file.line_text(place.line);
  const size_t line_begin = file.line_begin(place.line);
  const size_t begin = std::min<size_t>(span.begin - line_begin, line.size());
  const size_t end = std::clamp<size_t>(span.end - line_begin, begin, line.size());

  size_t first = begin > kWidest / 2 ? begin - kWidest / 2 : 0;
  while (first > 0 && (static_cast<uint8_t>(line[first]) & 0xC0) == 0x80) --first;
  size_t last = std::min(line.size(), first + kWidest);
  while (last < line.size() && (static_cast<uint8_t>(line[last]) & 0xC0) == 0x80) ++last;

  std::string shown;
  for (const char c : line.substr(first, last - first)) {
    shown += (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) ? ' ' : c;
  }
  const size_t indent = CountCodePoints(line.substr(first, begin - first));
  const size_t length = std::max<size_t>(1, CountCodePoints(line.substr(begin, std::min(end, last) - std::min(begin, last))));
  const auto number = fmt::format("{:>5}", place.line);
  return fmt::format("{} | {}\n{} | {}{}^{}{}\n", number, shown, std::string(number.size(), ' '), std::string(indent, ' '), colors.mark,
                     std::string(length - 1, '~'), colors.reset);
}

}  // namespace remit
