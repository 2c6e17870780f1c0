// How rows are written: numbers of eight bytes, texts after their length. Reading checks every length: a store may hold anything.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace remit::ledger {

class WireWriter {
 public:
  void Number(int64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value)); }
  void Text(std::string_view text) {
    Number(static_cast<int64_t>(text.size()));
    bytes_ += text;
  }
  auto Take() -> std::string { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// After the first thing that is not there everything reads as zero and `ok` is false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  auto Number() -> int64_t {
    int64_t value = 0;
    const std::string_view bytes = Bytes(sizeof(value));
    if (ok_) std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }
  auto Text() -> std::string_view {
    const int64_t size = Number();
    return size < 0 ? Fail() : Bytes(static_cast<size_t>(size));
  }
  // A number within [0, limit]; anything else fails.
  auto Small(int64_t limit) -> int64_t {
    const int64_t value = Number();
    if (value >= 0 && value <= limit) return value;
    Fail();
    return 0;
  }

  auto ok() const -> bool { return ok_; }
  auto AtEnd() const -> bool { return ok_ && rest_.empty(); }
  auto Fail() -> std::string_view {
    ok_ = false;
    return rest_ = {};
  }

 private:
  auto Bytes(size_t size) -> std::string_view {
    if (!ok_ || size > rest_.size()) return Fail();
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace remit::ledger
