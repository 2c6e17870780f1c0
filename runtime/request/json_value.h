// Elements of a document to values: the explicit forms, and with an expected type the implicit ones.
#pragma once

#include <span>
#include <unordered_set>

#include "runtime/base/arena.h"
#include "runtime/base/interner.h"
#include "runtime/entity/schema.h"
#include "runtime/request/json_cursor.h"
#include "runtime/value/value.h"

namespace remit::json {

// What reading needs and fills. Borrowed things outlive the reader.
class ValueReader {
 public:
  ValueReader(Interner& interner, Arena& arena, const Schema* schema) : interner_(interner), arena_(arena), schema_(schema) {}

  auto interner() -> Interner& { return interner_; }
  auto arena() -> Arena& { return arena_; }
  auto schema() const -> const Schema* { return schema_; }

  // Explicit forms alone.
  auto Read(const Cursor& at) -> Expected<Value>;
  // What a place of the schema's type `type` may hold. As in Cedar this reads and does not validate: a string where a long is declared
  // is read as a string, and only a form that cannot be read for this type is refused. None: as Read.
  auto ReadTyped(const Cursor& at, TypeId type) -> Expected<Value>;
  // `{"type", "id"}` or `{"__entity": {..}}`.
  auto ReadUid(const Cursor& at) -> Expected<EntityUid>;

 private:
  auto ReadNumber(const Cursor& at) -> Expected<Value>;
  auto ReadSet(const Cursor& at, TypeId element) -> Expected<Value>;
  auto ReadRecord(const Cursor& at) -> Expected<Value>;
  auto ReadTypedRecord(const Cursor& at, const Type& type) -> Expected<Value>;
  auto ReadTypeAndId(const Cursor& at) -> Expected<EntityUid>;
  static auto AsValue(const Expected<EntityUid>& uid) -> Expected<Value>;
  auto ReadEscape(const Cursor& at) -> std::optional<Expected<Value>>;

  // `{"fn", "arg"|"args"}` with arguments in explicit forms.
  auto CallExplicit(const Cursor& call) -> Expected<Value>;
  auto ReadExtension(const Cursor& at, Kind kind) -> Expected<Value>;
  auto CallTyped(const Cursor& call) -> Expected<Value>;
  auto Call(const Cursor& at, std::string_view function, std::span<const Value> args) -> Expected<Value>;

  Interner& interner_;
  Arena& arena_;
  const Schema* schema_;
  std::unordered_set<SymbolId> known_types_;  // names that have been found well-formed
};

}  // namespace remit::json
