// Uids of the references that requests repeat, by how they are spelt: `{"type":"User","id":"ana"}`.
//
// The same few entities stand in request after request, and most of them several times in each. A table where each spelling has one place, so that
// a reference that is there takes one hash of its text and one comparison, instead of those of its parts and the search for either name. Whatever
// loses its place, or is too long, is read as ever.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "runtime/base/hash.h"
#include "runtime/value/value.h"

namespace remit::json {

class KnownReferences {
 public:
  // Spellings that fit: from the shortest that there is to what a cache line holds beside the uid.
  static constexpr size_t kLeastBytes = 16;
  static constexpr size_t kLeastMiddle = 8;  // bytes before the comma
  static constexpr size_t kMostBytes = 53;

  // Of a spelling that was kept, else null. Valid until the next one is. `comma`: where in the text it is.
  auto Find(std::string_view text, size_t comma) const -> const EntityUid* {
    if (places_ == nullptr || !Fits(text, comma)) return nullptr;
    const Place& place = places_[PlaceOf(text, comma)];
    return place.generation == generation_ && place.size == text.size() && HasText(place, text) ? &place.uid : nullptr;
  }
  void Keep(std::string_view text, size_t comma, EntityUid uid) {
    if (!Fits(text, comma)) return;
    if (places_ == nullptr) places_ = std::make_unique<Place[]>(kPlaces);
    Place& place = places_[PlaceOf(text, comma)];
    place.uid = uid;
    place.generation = generation_;
    place.size = static_cast<uint8_t>(text.size());
    std::memcpy(place.text, text.data(), text.size());
  }
  // The symbols mean nothing any more. The memory stays: names that requests make up do this again and again.
  void Clear() {
    if (++generation_ == 0) Release();
  }
  void Release() { places_.reset(); }

 private:
  static constexpr size_t kPlaceBits = 11;
  static constexpr size_t kPlaces = size_t{1} << kPlaceBits;

  struct Place {
    EntityUid uid;
    uint16_t generation = 0;
    uint8_t size = 0;  // none was kept
    char text[kMostBytes];
  };
  static_assert(sizeof(Place) == 64);

  static auto Fits(std::string_view text, size_t comma) -> bool {
    return text.size() >= kLeastBytes && text.size() <= kMostBytes && comma >= kLeastMiddle && comma < text.size();
  }
  // Where the two strings end, which is where most differ, and where the first begins; either may be the id.
  static auto PlaceOf(std::string_view text, size_t comma) -> size_t {
    using hash_detail::Fold;
    constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
    constexpr size_t kFirst = 7;
    constexpr size_t kEnd = 10;  // eight bytes of the second string, a quotation mark and a brace
    const auto word = [&](size_t at) { return hash_detail::Load<uint64_t>(text.data() + at); };
    const uint64_t first = Fold(word(kFirst) ^ HashSeed(), word(comma - kLeastMiddle) ^ kOdd);
    return Fold(first ^ text.size(), word(text.size() - kEnd) ^ kOdd) >> (64 - kPlaceBits);
  }
  // Words of a known size, so that nothing is called; the last may overlap the one before.
  static auto HasText(const Place& place, std::string_view text) -> bool {
    constexpr size_t kWord = 16;
    static_assert(kWord <= kLeastBytes);
    const auto same = [&](size_t at) { return std::memcmp(place.text + at, text.data() + at, kWord) == 0; };
    for (size_t at = 0; at + kWord < text.size(); at += kWord) {
      if (!same(at)) return false;
    }
    return same(text.size() - kWord);
  }

  std::unique_ptr<Place[]> places_;  // null: nothing was kept
  uint16_t generation_ = 0;
};

}  // namespace remit::json
