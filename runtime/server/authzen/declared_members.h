// Members of the records that a schema declares, by their names.
//
// A request's keys are looked for among the few that its place may have, in one small table for each record type: without symbols, whose table holds all
// names that there are.
//
// Threads: const use is free.
#pragma once

#include <string_view>
#include <vector>

#include "runtime/base/interner.h"
#include "runtime/entity/schema.h"

namespace remit::authzen {

class DeclaredMembers {
 public:
  // Nothing is declared.
  DeclaredMembers() = default;
  // Both outlive it.
  DeclaredMembers(const Schema& schema, const Interner& interner);

  // Null: this record type, one of the schema's, does not declare it.
  auto Find(TypeId record, std::string_view name) const -> const TypeField*;

 private:
  struct Slot {
    std::string_view name = {};
    const TypeField* field = nullptr;  // null: empty
  };
  // Half of its slots are empty at least.
  struct Table {
    uint32_t first = 0;
    uint32_t mask = 0;
  };
  auto PlaceOf(const Table& table, std::string_view name) const -> size_t;

  uint64_t seed_ = 0;
  std::vector<Table> tables_;  // by TypeId
  std::vector<Slot> slots_;
};

}  // namespace remit::authzen
