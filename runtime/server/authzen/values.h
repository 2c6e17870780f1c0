// JSON properties as Cedar values.
//
// A schema's types guide the reading, and it is kinder than Cedar's own JSON: properties come from programs that know nothing of Cedar. A string where an
// entity is declared is its id; a number where a decimal is declared is one; `null` is the same as absent; members that are not declared are
// left out, as AuthZEN demands of what a receiver does not know. Whatever cannot be meant is an error, and the request is denied with it:
// a property that was lost silently could be the one that a `forbid` looks for.
#pragma once

#include "runtime/request/json_value.h"
#include "runtime/server/authzen/names.h"

namespace remit::authzen {

class ValueMaker {
 public:
  // `schema` may be null. All outlive the maker.
  ValueMaker(Interner& interner, Arena& arena, const Schema* schema, const Names& names)
      : reader_(interner, arena, schema), schema_(schema), names_(names) {}

  // `type`: none if nothing is declared. The element is not `null`. Codes: those of reading JSON, "type-mismatch", "null-value".
  auto Make(const json::Cursor& at, TypeId type) -> Expected<Value>;

  auto reader() -> json::ValueReader& { return reader_; }

 private:
  auto MakeNumber(const json::Cursor& at, bool is_decimal) -> Expected<Value>;
  auto MakeSet(const json::Cursor& at, TypeId element) -> Expected<Value>;
  auto MakeRecord(const json::Cursor& at, TypeId type_id) -> Expected<Value>;
  auto MakeEntity(const json::Cursor& at, SymbolId type) -> Expected<Value>;
  auto MakeUntyped(const json::Cursor& at) -> Expected<Value>;

  json::ValueReader reader_;
  const Schema* schema_;
  const Names& names_;
  std::vector<Value> elements_;
};

}  // namespace remit::authzen
