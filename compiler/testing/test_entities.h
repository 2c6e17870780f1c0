// The entities of one test: those it declares, over those of the run.
#pragma once

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/entity/entity_store.h"
#include "runtime/entity/schema.h"

namespace remit::tests {

class TestEntities {
 public:
  // All outlive this. `schema` may be null; with one, what is declared must conform.
  TestEntities(const EntityStore& base, const Schema* schema, const Interner& interner)
      : base_(base), schema_(schema), interner_(interner) {}

  // Takes the place of an entity of the same uid. Nothing changes on an error, which is what validation says.
  auto Declare(EntityUid uid, std::vector<EntityUid> parents, RecordView attrs, RecordView tags) -> Expected<void>;

  // Built when it is asked for, so that declaring is not slower with every entity. Valid until something is declared. Error: "hierarchy-cycle".
  auto Store() -> Expected<const EntityStore*>;

 private:
  struct Declared {
    EntityUid uid;
    std::vector<EntityUid> parents;
    RecordView attrs;  // in `arena_`
    RecordView tags;
  };

  const EntityStore& base_;
  const Schema* schema_;
  const Interner& interner_;
  Arena arena_;
  std::vector<Declared> declared_;
  std::unordered_map<uint64_t, size_t> position_;  // by EntityUid::packed()
  std::unique_ptr<EntityStore> store_;  // null: to be built
};

}  // namespace remit::tests
