// A record being written: what was added, in order, until it is known whose names these are.
//
// The caller's strings are copied into the record's arena and become symbols only where the record is used, since a request's names go to an
// overlay and an entity's to the engine. So one record serves any number of engines.
#pragma once

#include <optional>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/capi/error.h"
#include "runtime/value/value.h"

namespace remit::capi {

struct RecordNode {
  enum class Kind : uint8_t { Value, Entity, BeginRecord, BeginSet, End };

  Kind kind;
  std::string_view key;  // in records
  Value value = {};  // of Value, without entities; of Entity its id
  std::string_view type = {};  // of Entity
};

// Room for making values of a record, kept between uses.
struct RecordScratch {
  struct Level {
    bool is_set;
    std::string_view key;
    size_t begin;  // in `fields`
  };
  std::vector<Level> levels;
  std::vector<Field> fields;  // of all open levels; those of sets have no key
  std::vector<Value> elements;
};

}  // namespace remit::capi

struct remit_record {
  remit::Arena arena;
  std::vector<remit::capi::RecordNode> nodes;
  std::vector<bool> open;  // whether a set, from the outermost inwards
  std::optional<remit::Error> error;
  mutable remit::capi::RecordScratch scratch;
};

namespace remit::capi {

// The values live in `arena`. Null gives the empty record. Errors: what is wrong with the record; "duplicate-key", "unfinished-record".
auto MakeValues(const remit_record* record, Interner& interner, Arena& arena) -> Expected<RecordView>;

// A copy that outlives the record.
void CopyRecord(const remit_record& from, remit_record& to);

}  // namespace remit::capi
