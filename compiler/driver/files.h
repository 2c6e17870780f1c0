// Files of the command line: reading with a limit, `-` for standard input, policy folders.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "runtime/base/error.h"

namespace remit {

// The contents of `path`, or of standard input for `-`. Codes: "cannot-read", "file-too-large".
auto ReadTextFile(const std::string& path, size_t max_bytes) -> Expected<std::string>;

// Writes to a new file beside `path` and renames it, so that a reader never sees half of it.
auto WriteTextFile(const std::string& path, std::string_view text) -> Expected<void>;

// `path` itself if it is a file or `-`; every `*.cedar` and `*.remit` below it, sorted, if it is a folder.
auto ListPolicyFiles(const std::string& path) -> Expected<std::vector<std::string>>;

// JSON by the suffix `.json`, or for text without a suffix we know by its first character.
auto GuessPolicyFormat(const std::string& path, std::string_view text) -> PolicyFormat;

// Lines of a file or of standard input. A line longer than the limit is an error and ends the reading: nobody grows our memory.
class LineReader {
 public:
  static auto Open(const std::string& path, size_t max_line_bytes) -> Expected<LineReader>;
  LineReader(LineReader&& other) noexcept;
  auto operator=(LineReader&&) -> LineReader& = delete;
  ~LineReader();

  // The next line without its break; nothing at the end of the input.
  auto Next() -> Expected<std::optional<std::string_view>>;

  auto bytes_read() const -> size_t { return bytes_read_; }
  // Size of the file, 0 where it is not known.
  auto total_bytes() const -> size_t { return total_bytes_; }

 private:
  LineReader(FILE* stream, std::string name, size_t max_line_bytes, size_t total_bytes);

  FILE* stream_;
  std::string name_;
  size_t max_line_bytes_;
  size_t total_bytes_;
  size_t bytes_read_ = 0;
  std::string buffer_;    // read, not yet returned, but for `consumed_` bytes of the last line
  size_t consumed_ = 0;
  bool at_end_ = false;
};

}  // namespace remit
