// Elements of a document to values: the explicit forms, and with an expected type the implicit ones.
#pragma once

#include <span>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/interner.h"
#include "runtime/entity/schema.h"
#include "runtime/request/json_cursor.h"
#include "runtime/request/json_escape.h"
#include "runtime/request/known_names.h"
#include "runtime/value/value.h"

namespace remit::json {

// The end of a stack, from where it was: elements of one array or members of one object, while others are read inside it.
template <typename T>
class Tail {
 public:
  explicit Tail(std::vector<T>& stack) : stack_(stack), first_(stack.size()) {}
  ~Tail() { stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(first_), stack_.end()); }
  Tail(const Tail&) = delete;
  auto operator=(const Tail&) -> Tail& = delete;

  void Push(const T& item) { stack_.push_back(item); }
  auto size() const -> size_t { return stack_.size() - first_; }
  // Valid until the next Push.
  auto items() const -> std::span<const T> { return std::span<const T>(stack_).subspan(first_); }

 private:
  std::vector<T>& stack_;
  size_t first_;
};

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
  // False: that is not the name of a type.
  auto MakeUid(std::string_view type, std::string_view id, EntityUid& uid) -> bool;

  // Symbols of names that come again and again.
  auto keys() -> KnownNames& { return keys_; }
  // Where the members of an object are collected.
  auto fields() -> std::vector<Field>& { return fields_; }
  // Likewise, the elements of an array.
  auto elements() -> std::vector<Value>& { return elements_; }

 private:
  auto ReadNumber(const Cursor& at) -> Expected<Value>;
  auto ReadSet(const Cursor& at, TypeId element) -> Expected<Value>;
  auto ReadRecord(const Cursor& at) -> Expected<Value>;
  auto ReadTypedRecord(const Cursor& at, const Type& type) -> Expected<Value>;
  auto ReadTypeAndId(const Cursor& at) -> Expected<EntityUid>;
  auto ToUid(const Cursor& at, const TypeAndId& parts) -> Expected<EntityUid>;
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
  KnownNames types_ = KnownNames(interner_);  // well-formed ones alone
  KnownNames keys_ = KnownNames(interner_);
  std::vector<Value> elements_;
  std::vector<Field> fields_;
};

}  // namespace remit::json
