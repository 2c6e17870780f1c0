#include "compiler/source/source_file.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit {

auto Cover(Span a, Span b) -> Span {
  if (!a.has_place()) return b;
  if (!b.has_place()) return a;
  return {.file = a.file, .begin = std::min(a.begin, b.begin), .end = std::max(a.end, b.end)};
}

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)), line_starts_{0} {
  for (uint32_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

auto SourceFile::locate(uint32_t offset) const -> LineColumn {
  const auto next = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<uint32_t>(next - line_starts_.begin());
  uint32_t column = 1;
  const size_t end = std::min<size_t>(offset, text_.size());
  for (size_t i = line_starts_[line - 1]; i < end; ++column) {
    DecodeUtf8(text_, i);
  }
  return {.line = line, .column = column};
}

auto SourceFile::line_text(uint32_t line) const -> std::string_view {
  const size_t begin = line_starts_[line - 1];
  const size_t end = line < line_starts_.size() ? line_starts_[line] - 1 : text_.size();
  auto text = std::string_view{text_}.substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

auto SourceManager::Add(std::string name, std::string text) -> FileId {
  files_.emplace_back(std::move(name), std::move(text));
  return {static_cast<uint32_t>(files_.size() - 1)};
}

auto SourceManager::text(Span span) const -> std::string_view { return file(span.file).text().substr(span.begin, span.end - span.begin); }

}  // namespace remit
