#include "compiler/driver/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

namespace remit {
namespace fs = std::filesystem;
namespace {

constexpr size_t kChunk = 65536;

struct CloseUnlessStdin {
  void operator()(FILE* stream) const {
    if (stream != stdin) std::fclose(stream);
  }
};
using Stream = std::unique_ptr<FILE, CloseUnlessStdin>;

auto CannotRead(const std::string& path, std::string_view reason) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = "cannot-read", .message = fmt::format("cannot read `{}`: {}", path, reason), .pointer = {}, .help = {}});
}

auto OpenForReading(const std::string& path) -> Expected<Stream> {
  if (path == "-") return Stream{stdin};
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return CannotRead(path, "it is a folder");
  Stream stream{std::fopen(path.c_str(), "rb")};
  if (!stream) return CannotRead(path, std::strerror(errno));
  return stream;
}

auto IsPolicyFile(const fs::path& path) -> bool { return path.extension() == ".cedar" || path.extension() == ".remit"; }

}  // namespace

auto ReadTextFile(const std::string& path, size_t max_bytes) -> Expected<std::string> {
  auto stream = OpenForReading(path);
  if (!stream) return std::unexpected(stream.error());
  std::string text;
  std::array<char, kChunk> chunk;
  while (const size_t count = std::fread(chunk.data(), 1, chunk.size(), stream->get())) {
    if (text.size() + count > max_bytes) {
      return std::unexpected(Error{.code = "file-too-large",
                                   .message = fmt::format("`{}` has more than the limit of {} bytes", path, max_bytes),
                                   .pointer = {},
                                   .help = {}});
    }
    text.append(chunk.data(), count);
  }
  if (std::ferror(stream->get()) != 0) return CannotRead(path, std::strerror(errno));
  return text;
}

auto WriteTextFile(const std::string& path, std::string_view text) -> Expected<void> {
  const auto failed = [&] {
    return std::unexpected(Error{
        .code = "cannot-write", .message = fmt::format("cannot write `{}`: {}", path, std::strerror(errno)), .pointer = {}, .help = {}});
  };
  const std::string temporary = path + ".tmp";
  FILE* stream = std::fopen(temporary.c_str(), "wb");
  if (stream == nullptr) return failed();
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if (std::fclose(stream) != 0 || !written) return failed();
  std::error_code error;
  // Of what it takes the place of. A file that is not there has permissions that are unknown, which as a mode are all there are.
  if (const auto old = fs::status(path, error); fs::exists(old)) fs::permissions(temporary, old.permissions(), error);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return failed();
  return {};
}

auto ListPolicyFiles(const std::string& path) -> Expected<std::vector<std::string>> {
  std::error_code error;
  if (path == "-" || !fs::is_directory(path, error)) return std::vector{path};
  std::vector<std::string> files;
  for (auto it = fs::recursive_directory_iterator(path, error); !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_regular_file(error) && IsPolicyFile(it->path())) files.push_back(it->path().string());
  }
  if (error) return CannotRead(path, error.message());
  if (files.empty()) return CannotRead(path, "no `*.cedar` or `*.remit` file below this folder");
  std::ranges::sort(files);
  return files;
}

auto GuessPolicyFormat(const std::string& path, std::string_view text) -> PolicyFormat {
  if (path.ends_with(".json")) return PolicyFormat::Json;
  if (path.ends_with(".cedar") || path.ends_with(".remit")) return PolicyFormat::Text;
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' ? PolicyFormat::Json : PolicyFormat::Text;
}

LineReader::LineReader(FILE* stream, std::string name, size_t max_line_bytes, size_t total_bytes)
    : stream_(stream), name_(std::move(name)), max_line_bytes_(max_line_bytes), total_bytes_(total_bytes) {}

LineReader::LineReader(LineReader&& other) noexcept
    : stream_(std::exchange(other.stream_, nullptr)),
      name_(std::move(other.name_)),
      max_line_bytes_(other.max_line_bytes_),
      total_bytes_(other.total_bytes_),
      bytes_read_(other.bytes_read_),
      buffer_(std::move(other.buffer_)),
      consumed_(other.consumed_),
      at_end_(other.at_end_) {}

LineReader::~LineReader() {
  if (stream_ != nullptr) CloseUnlessStdin{}(stream_);
}

auto LineReader::Open(const std::string& path, size_t max_line_bytes) -> Expected<LineReader> {
  auto stream = OpenForReading(path);
  if (!stream) return std::unexpected(stream.error());
  std::error_code error;
  const auto size = path == "-" ? 0 : fs::file_size(path, error);
  return LineReader(stream->release(), path, max_line_bytes, error ? 0 : size);
}

auto LineReader::Next() -> Expected<std::optional<std::string_view>> {
  buffer_.erase(0, std::exchange(consumed_, 0));
  size_t scanned = 0;
  while (true) {
    const size_t end = buffer_.find('\n', scanned);
    if (end != std::string::npos || (at_end_ && !buffer_.empty())) {
      consumed_ = std::min(end, buffer_.size() - 1) + 1;
      auto line = std::string_view{buffer_}.substr(0, std::min(end, buffer_.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      return line;
    }
    if (at_end_) return std::nullopt;
    if (buffer_.size() > max_line_bytes_) {
      return std::unexpected(Error{.code = "line-too-long",
                                   .message = fmt::format("a line of `{}` has more than the limit of {} bytes", name_, max_line_bytes_),
                                   .pointer = {},
                                   .help = {}});
    }
    scanned = buffer_.size();
    buffer_.resize(scanned + kChunk);
    const size_t count = std::fread(buffer_.data() + scanned, 1, kChunk, stream_);
    buffer_.resize(scanned + count);
    bytes_read_ += count;
    if (std::ferror(stream_) != 0) return CannotRead(name_, std::strerror(errno));
    at_end_ = count == 0;
  }
}

}  // namespace remit
