// Symbols of the names that a document repeats in every entity: its few types and attributes.
//
// A table where each name has one place, so that most lookups are one comparison. A name that loses its place is looked up again: that costs
// what it always cost, whatever the names are.
#pragma once

#include <array>
#include <string_view>

#include "runtime/base/interner.h"
#include "runtime/base/same_text.h"

namespace remit::json {

class KnownNames {
 public:
  explicit KnownNames(Interner& interner) : interner_(&interner) {}

  // None if the name is not in the table.
  auto Known(std::string_view name) const -> SymbolId {
    const Place& place = places_[PlaceOf(name)];
    return place.symbol.has_value() && SameText(place.name, name) ? place.symbol : SymbolId{};
  }
  auto Intern(std::string_view name) -> SymbolId {
    const SymbolId known = Known(name);
    return known.has_value() ? known : Keep(name, interner_->Intern(name));
  }
  // None if the interner does not have it.
  auto Find(std::string_view name) -> SymbolId {
    SymbolId symbol = Known(name);
    if (symbol.has_value()) return symbol;
    symbol = interner_->Find(name);
    return symbol.has_value() ? Keep(name, symbol) : symbol;
  }

 private:
  static constexpr size_t kPlaces = 16;

  struct Place {
    std::string_view name;  // the interner's
    SymbolId symbol;
  };

  static auto PlaceOf(std::string_view name) -> size_t {
    if (name.empty()) return 0;
    const auto first = static_cast<unsigned char>(name.front());
    const auto last = static_cast<unsigned char>(name.back());
    return (name.size() * 5 + first * size_t{3} + last) % kPlaces;
  }

  auto Keep(std::string_view name, SymbolId symbol) -> SymbolId {
    places_[PlaceOf(name)] = {.name = interner_->text(symbol), .symbol = symbol};
    return symbol;
  }

  Interner* interner_;
  std::array<Place, kPlaces> places_ = {};
};

}  // namespace remit::json
