// Bytes of a bundle, written and read by one description of each structure.
//
// A structure has one function template `Fields(archive, structure)` (fields.h); given a writer it writes, given a reader it reads. Two lists of
// fields, one for each way, would drift apart. Numbers are variable-length (LEB128), symbols are positions in the bundle's own table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/base/interner.h"

namespace remit::bundle {

// Symbols in the order of their ids, so that a reader that starts with an empty interner gives them the ids 0, 1, 2, ...
class SymbolTable {
 public:
  // Collected in a first pass over everything; then `Sort`.
  void Collect(SymbolId id);
  void Sort();
  auto PositionOf(SymbolId id) const -> uint32_t;
  auto symbols() const -> const std::vector<SymbolId>& { return symbols_; }

 private:
  std::vector<SymbolId> symbols_;
  std::vector<uint32_t> positions_;  // by id
  std::vector<bool> is_known_;  // by id
};

// The first pass: only symbols count.
class Collector {
 public:
  static constexpr bool kReads = false;
  explicit Collector(SymbolTable& table) : table_(table) {}

  template <typename T>
  void Number(const T&) {}
  void Signed(int64_t) {}
  void Text(std::string_view) {}
  void Bytes(std::string_view) {}
  void Symbol(SymbolId id) { table_.Collect(id); }
  void OptionalSymbol(SymbolId id) {
    if (id.has_value()) table_.Collect(id);
  }
  void Count(size_t) {}
  auto ok() const -> bool { return true; }

 private:
  SymbolTable& table_;
};

class Writer {
 public:
  static constexpr bool kReads = false;
  explicit Writer(const SymbolTable* symbols) : symbols_(symbols) {}

  template <typename T>
  void Number(const T& value) {
    Put(static_cast<uint64_t>(value));
  }
  void Signed(int64_t value) { Put((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63)); }
  void Text(std::string_view text) {
    Put(text.size());
    bytes_ += text;
  }
  // As they are, without their number.
  void Bytes(std::string_view bytes) { bytes_ += bytes; }
  void Symbol(SymbolId id) { Put(symbols_->PositionOf(id)); }
  void OptionalSymbol(SymbolId id) { Put(id.has_value() ? uint64_t{symbols_->PositionOf(id)} + 1 : 0); }
  void Count(size_t count) { Put(count); }
  auto ok() const -> bool { return true; }
  auto bytes() && -> std::string { return std::move(bytes_); }

 private:
  void Put(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  const SymbolTable* symbols_;
  std::string bytes_;
};

// Never reads beyond its bytes and never believes a count that they cannot hold; after the first mistake everything it gives is zero or empty.
class Reader {
 public:
  static constexpr bool kReads = true;
  // `symbols`: the bundle's table as the interner's ids.
  Reader(std::string_view bytes, const std::vector<SymbolId>* symbols) : rest_(bytes), symbols_(symbols) {}

  template <typename T>
  void Number(T& value) {
    const uint64_t number = Take();
    if constexpr (std::is_same_v<T, bool>) {
      if (number > 1) Fail();
      value = number == 1;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(number);  // whoever knows the enumeration checks it
      if (static_cast<uint64_t>(value) != number) Fail();
    } else {
      value = static_cast<T>(number);
      if (static_cast<uint64_t>(value) != number) Fail();
    }
  }
  void Signed(int64_t& value) {
    const uint64_t number = Take();
    value = static_cast<int64_t>((number >> 1) ^ (~(number & 1) + 1));
  }
  void Text(std::string_view& text) {
    const uint64_t size = Take();
    if (size > rest_.size()) return Fail();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  // All that is left.
  auto Rest() -> std::string_view { return std::exchange(rest_, {}); }
  void Text(std::string& text) {
    std::string_view view;
    Text(view);
    text = view;
  }
  void Symbol(SymbolId& id) { SymbolAt(Take(), id); }
  void OptionalSymbol(SymbolId& id) {
    const uint64_t position = Take();
    if (position > 0) SymbolAt(position - 1, id);
  }
  // Each of the things counted takes a byte at least.
  auto Count() -> size_t {
    const uint64_t count = Take();
    if (count > rest_.size()) Fail();
    return ok_ ? count : 0;
  }
  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  auto ok() const -> bool { return ok_; }
  auto at_end() const -> bool { return rest_.empty(); }

 private:
  void SymbolAt(uint64_t position, SymbolId& id) {
    if (!ok_ || position >= symbols_->size()) return Fail();
    id = (*symbols_)[position];
  }
  auto Take() -> uint64_t {
    if (!rest_.empty() && static_cast<uint8_t>(rest_.front()) < 0x80) {  // most numbers
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      return byte;
    }
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }

  std::string_view rest_;
  const std::vector<SymbolId>* symbols_;
  bool ok_ = true;
};

// A list whose elements have `Fields`, or are handled by `each(archive, element)`.
template <typename Archive, typename T, typename Each>
void List(Archive& archive, T& list, Each each) {
  if constexpr (Archive::kReads) {
    const size_t count = archive.Count();
    list.clear();
    list.reserve(count);
    for (size_t i = 0; i < count && archive.ok(); ++i) {
      list.emplace_back();
      each(archive, list.back());
    }
  } else {
    archive.Count(list.size());
    for (auto& element : list) each(archive, element);
  }
}

}  // namespace remit::bundle
