// The types that expressions have, and Cedar's two orders on them.
//
// Types are interned: equal types have equal ids, so a comparison is one compare and a policy set holds each type once. They are
// finer than a schema's: `true` and `false` have types of their own, an entity may be of one of several types, and a record may have
// attributes that nobody knows (`open`). The tempting alternative, a tree of shared pointers as in Cedar's validator, is copied and
// compared in depth at every operator.
//
// Source: Cedar's validator, `Type` with its subtype and least-upper-bound relations in strict and permissive mode.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/base/interner.h"
#include "runtime/value/value.h"

namespace remit::check {

using TypeRef = Id<struct CheckedTypeTag>;

enum class TypeKind : uint8_t {
  Never,      // of no value: the elements of `[]`
  True,       // of an expression that is always true
  False,
  Bool,
  Long,
  String,
  Set,
  AnySet,     // a set of whatever, only ever expected
  Record,
  Entity,     // of one of `entity_types`
  AnyEntity,  // of a type that is not known
  Extension,
};

enum class Mode : uint8_t { Strict, Permissive };

struct FieldType {
  SymbolId key;
  TypeRef type;
  bool required = true;

  friend auto operator<=>(const FieldType&, const FieldType&) = default;
};

struct Type {
  TypeKind kind = TypeKind::Never;
  bool open = false;                   // Record: there may be attributes beside `fields`
  Kind extension = Kind::Bool;         // Extension
  TypeRef element = {};                // Set
  std::vector<FieldType> fields = {};  // Record, sorted by key
  std::vector<SymbolId> entity_types = {};  // Entity: sorted, at least one

  friend auto operator<=>(const Type&, const Type&) = default;
};

// Why two types have no common one.
enum class Mismatch : uint8_t {
  Kinds,       // nothing in common
  EntityRecord,
  EntityTypes,
  RecordWidth,         // attributes differ
  AttributeQualifier,  // an attribute is optional in one and required in the other
};

class TypeTable {
 public:
  TypeTable();

  auto Intern(Type type) -> TypeRef;
  auto at(TypeRef ref) const -> const Type& { return *types_[ref.value]; }
  auto kind(TypeRef ref) const -> TypeKind { return at(ref).kind; }

  // clang-format off
  auto never() const -> TypeRef { return never_; }
  auto bool_type() const -> TypeRef { return bool_; }
  auto true_type() const -> TypeRef { return true_; }
  auto false_type() const -> TypeRef { return false_; }
  auto long_type() const -> TypeRef { return long_; }
  auto string_type() const -> TypeRef { return string_; }
  auto any_set() const -> TypeRef { return any_set_; }
  auto any_entity() const -> TypeRef { return any_entity_; }
  auto any_record() const -> TypeRef { return any_record_; }  // open, without known attributes
  // clang-format on
  auto Bool(bool value) const -> TypeRef { return value ? true_ : false_; }
  auto SetOf(TypeRef element) -> TypeRef { return Intern({.kind = TypeKind::Set, .element = element}); }
  auto EntityOf(SymbolId type) -> TypeRef { return Intern({.kind = TypeKind::Entity, .entity_types = {type}}); }
  auto RecordOf(std::vector<FieldType> fields) -> TypeRef;
  // The type of a builtin's parameter or result. Sets and records have no signature as a kind: any set, any record.
  auto OfKind(Kind kind) -> TypeRef;

  auto IsBool(TypeRef ref) const -> bool;
  auto IsSubtype(TypeRef a, TypeRef b, Mode mode) const -> bool;
  // The least type that both are subtypes of.
  auto Join(TypeRef a, TypeRef b, Mode mode) -> std::optional<TypeRef>;
  // The reason of the last `Join` that came to nothing.
  auto mismatch() const -> Mismatch { return mismatch_; }
  // True if no value is of both types. Only of entities is that ever promised: two sets may both be empty.
  auto AreDisjoint(TypeRef a, TypeRef b) const -> bool;

  // As an author writes it in a schema: `Set<{a: Long, b?: User}>`.
  auto Format(TypeRef ref, const Interner& interner) const -> std::string;

 private:
  auto IsFieldSubtype(const FieldType& a, const FieldType& b, Mode mode) const -> bool;
  auto IsRecordSubtype(const Type& a, const Type& b, Mode mode) const -> bool;
  auto JoinRecords(const Type& a, const Type& b, Mode mode) -> std::optional<TypeRef>;
  auto JoinFields(const FieldType& a, const FieldType& b, Mode mode) -> std::optional<FieldType>;
  auto JoinEntities(const Type& a, const Type& b, Mode mode) -> std::optional<TypeRef>;
  auto Fail(Mismatch reason) -> std::nullopt_t;
  auto FormatRecord(const Type& record, const Interner& interner) const -> std::string;

  std::map<Type, TypeRef> refs_;
  std::vector<const Type*> types_;  // keys of `refs_`
  TypeRef never_, bool_, true_, false_, long_, string_, any_set_, any_entity_, any_record_;
  Mismatch mismatch_ = Mismatch::Kinds;
};

// The field of a record type, null if it has no such attribute.
auto FindField(const Type& record, SymbolId key) -> const FieldType*;

}  // namespace remit::check
