// What the floors share: dense numbers for the entities of a workload, their ancestors, and sets made for a few look-ups.
#pragma once

#include <bit>
#include <map>
#include <set>
#include <unordered_map>

#include "bench/workload.h"

namespace remit::bench::floors {

// Entities numbered within their type, in the order of the file.
class Graph {
 public:
  explicit Graph(const Workload& workload);

  auto Number(const Uid& uid) const -> uint32_t { return numbers_.at(uid); }
  auto Count(const std::string& type) const -> uint32_t;
  auto Attributes(const Uid& uid) const -> const nlohmann::json& { return entities_[documents_.at(uid)].at("attrs"); }
  auto All(const std::string& type) const -> const std::vector<Uid>&;
  // Strict ancestors.
  auto Ancestors(const Uid& uid) const -> std::set<Uid>;
  auto AncestorNumbers(const Uid& uid, const std::string& type) const -> std::vector<uint32_t>;

 private:
  nlohmann::json entities_;
  std::map<Uid, size_t> documents_;
  std::map<Uid, uint32_t> numbers_;
  std::map<std::string, std::vector<Uid>> by_type_;
};

auto Reference(const nlohmann::json& value) -> Uid;

// Many sets of numbers as rows of bits: for few numbers, where a row is a cache line or less.
class BitRows {
 public:
  BitRows(size_t rows, size_t width) : words_((width + 63) / 64), bits_(rows * words_) {}
  void Add(size_t row, uint32_t number) { bits_[row * words_ + number / 64] |= uint64_t{1} << (number % 64); }
  auto Has(size_t row, uint32_t number) const -> bool { return (bits_[row * words_ + number / 64] >> (number % 64) & 1) != 0; }
  auto Words() const -> size_t { return words_; }
  auto Row(size_t row) const -> const uint64_t* { return bits_.data() + row * words_; }

 private:
  size_t words_;
  std::vector<uint64_t> bits_;
};

// Many hash tables in one array, at most half full, probed in order: for many numbers. A value of a key that occurs twice is found twice.
template <typename Value>
class HashRows {
 public:
  static constexpr uint32_t kEmpty = ~0U;
  struct Slot {
    uint32_t key = kEmpty;
    [[no_unique_address]] Value value{};
  };
  struct Place {
    uint32_t begin = 0;
    uint32_t mask = 0;
  };

  // Puts the pairs into a table of their own.
  auto Add(const std::vector<std::pair<uint32_t, Value>>& pairs) -> Place {
    const auto size = static_cast<uint32_t>(std::bit_ceil(pairs.size() * 2 + 1));
    const Place place{.begin = static_cast<uint32_t>(slots_.size()), .mask = size - 1};
    slots_.resize(slots_.size() + size);
    for (const auto& [key, value] : pairs) {
      uint32_t at = Hash(key) & place.mask;
      while (slots_[place.begin + at].key != kEmpty) at = (at + 1) & place.mask;
      slots_[place.begin + at] = {.key = key, .value = value};
    }
    return place;
  }

  template <typename Found>
  void Each(Place place, uint32_t key, Found found) const {
    for (uint32_t at = Hash(key) & place.mask;; at = (at + 1) & place.mask) {
      const Slot& slot = slots_[place.begin + at];
      if (slot.key == key) found(slot.value);
      if (slot.key == kEmpty) return;
    }
  }

  auto Find(Place place, uint32_t key) const -> const Value* {
    for (uint32_t at = Hash(key) & place.mask;; at = (at + 1) & place.mask) {
      const Slot& slot = slots_[place.begin + at];
      if (slot.key == key) return &slot.value;
      if (slot.key == kEmpty) return nullptr;
    }
  }

 private:
  static auto Hash(uint32_t key) -> uint32_t { return (key * 0x9E3779B1U) >> 12; }

  std::vector<Slot> slots_;
};

struct Nothing {};
using HashSets = HashRows<Nothing>;

}  // namespace remit::bench::floors
