#include "runtime/approval/key_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace remit::approval {
namespace {

constexpr size_t kMaxBytes = 16 << 10;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() { Close(); }
  File(const File&) = delete;
  auto operator=(const File&) -> File& = delete;

  auto is_open() const -> bool { return descriptor_ >= 0; }
  auto get() const -> int { return descriptor_; }
  auto Close() -> bool {
    const int closing = std::exchange(descriptor_, -1);
    return closing < 0 || ::close(closing) == 0;
  }

 private:
  int descriptor_;
};

auto FailFile(std::string code, std::string_view what, const std::string& path) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = std::move(code), .message = fmt::format("`{}` {}: {}", path, what, std::strerror(errno)), .pointer = {}, .help = {}});
}

// As much as a key may have and a little more, so that larger files are refused as no key.
auto ReadFile(const std::string& path) -> Expected<std::string> {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return FailFile("file-unreadable", "cannot be read", path);
  std::string text;
  std::array<char, 4096> buffer = {};
  while (text.size() <= kMaxBytes) {
    const auto size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FailFile("file-unreadable", "cannot be read", path);
    if (size == 0) break;
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text;
}

auto WriteAll(int descriptor, std::string_view text) -> bool {
  while (!text.empty()) {
    const auto size = ::write(descriptor, text.data(), text.size());
    if (size < 0 && errno != EINTR) return false;
    if (size > 0) text.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

// INVARIANT: never in the place of another file, so that no key is lost.
auto WriteNew(const std::string& path, std::string_view text, mode_t mode) -> Expected<void> {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.is_open())
    return errno == EEXIST ? FailFile("file-exists", "is not overwritten", path) : FailFile("file-unwritable", "cannot be written", path);
  const bool is_written = WriteAll(file.get(), text) && ::fsync(file.get()) == 0;
  if (is_written && file.Close()) return {};
  const auto failed = FailFile("file-unwritable", "cannot be written", path);
  ::unlink(path.c_str());
  return failed;
}

}  // namespace

auto ReadSigningKey(const std::string& path) -> Expected<SigningKey> {
  const auto text = ReadFile(path);
  return text ? SigningKey::FromPem(*text) : std::unexpected(text.error());
}

auto ReadPublicKey(const std::string& path) -> Expected<PublicKey> {
  const auto text = ReadFile(path);
  if (!text) return std::unexpected(text.error());
  if (const auto key = SigningKey::FromPem(*text)) return key->public_key();
  return PublicKey::FromPem(*text);
}

auto WriteSigningKey(const std::string& path, const SigningKey& key) -> Expected<void> {
  return WriteNew(path, key.ToPem(), S_IRUSR | S_IWUSR);
}

auto WritePublicKey(const std::string& path, const PublicKey& key) -> Expected<void> {
  return WriteNew(path, key.ToPem(), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

}  // namespace remit::approval
