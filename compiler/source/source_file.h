// Source texts and places in them. Spans are byte offsets; lines and columns are computed when somebody looks.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/ids.h"

namespace remit {

using FileId = Id<struct FileTag>;

// Half-open range of bytes in one file. A default span has no file: for nodes that came from JSON.
struct Span {
  FileId file;
  uint32_t begin = 0;
  uint32_t end = 0;

  auto has_place() const -> bool { return file.has_value(); }
  friend auto operator==(Span, Span) -> bool = default;
};

// The smallest span that covers both; either may have no place.
auto Cover(Span a, Span b) -> Span;

// One-based; columns count code points, as editors show them.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  auto name() const -> const std::string& { return name_; }
  auto text() const -> std::string_view { return text_; }
  auto locate(uint32_t offset) const -> LineColumn;
  // The text of a line (one-based) without its line break.
  auto line_text(uint32_t line) const -> std::string_view;
  auto line_begin(uint32_t line) const -> uint32_t { return line_starts_[line - 1]; }

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

// Owns the files of one compile job. Texts stay where they are, so views into them live as long as the manager.
class SourceManager {
 public:
  auto Add(std::string name, std::string text) -> FileId;
  auto file(FileId id) const -> const SourceFile& { return files_[id.value]; }
  auto size() const -> size_t { return files_.size(); }
  // The text under a span that has a place.
  auto text(Span span) const -> std::string_view;

 private:
  std::deque<SourceFile> files_;
};

}  // namespace remit
