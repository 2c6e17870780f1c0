#include "runtime/server/authzen/declared_members.h"

#include <bit>

#include "runtime/base/hash.h"
#include "runtime/base/same_text.h"

namespace remit::authzen {

DeclaredMembers::DeclaredMembers(const Schema& schema, const Interner& interner) : seed_(HashSeed()) {
  for (const Type& type : schema.types) {
    const auto slots = static_cast<uint32_t>(std::bit_ceil(type.fields.size() * 2 + 1));
    const Table table = {.first = static_cast<uint32_t>(slots_.size()), .mask = slots - 1};
    tables_.push_back(table);
    slots_.resize(slots_.size() + slots);
    for (const TypeField& field : type.fields) {
      const auto name = interner.text(field.key);
      slots_[PlaceOf(table, name)] = {.name = name, .field = &field};
    }
  }
}

// Of the name's slot, or of the empty one where it belongs.
auto DeclaredMembers::PlaceOf(const Table& table, std::string_view name) const -> size_t {
  for (auto at = static_cast<uint32_t>(HashText(name, seed_));; ++at) {
    const size_t place = table.first + (at & table.mask);
    if (slots_[place].field == nullptr || SameText(slots_[place].name, name)) return place;
  }
}

auto DeclaredMembers::Find(TypeId record, std::string_view name) const -> const TypeField* {
  return slots_[PlaceOf(tables_[record.value], name)].field;
}

}  // namespace remit::authzen
