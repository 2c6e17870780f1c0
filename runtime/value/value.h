// A value of the language: 16 bytes, trivially copyable, borrowing its text and its elements from an arena.
//
// Equality is Cedar's: values of different kinds are unequal, sets ignore order and repetition, `decimal("1.0")` equals
// `decimal("1.00")`, networks compare address and prefix. Sets are kept sorted and unique and records sorted by key, so
// equality and hashing are a walk. The tempting alternative, std::variant over owning containers, allocates for every
// intermediate value and cannot be handed to native code as two registers.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/base/interner.h"
#include "runtime/value/text_values.h"

namespace remit {

enum class Kind : uint8_t {
  Bool,
  Long,
  String,
  Set,
  Record,
  Entity,
  // Cedar's extension types.
  Ip,
  Decimal,
  Datetime,
  Duration,
  // Remit's own: no schema declares them and no JSON holds them.
  Url,
  Path,
  Email,
  Command,
  Semver,
};

// As Cedar's messages name them: "long", "set", "ipaddr".
auto KindName(Kind kind) -> std::string_view;

// A type name such as `Acme::User` and an id, both interned. Equality is one 64-bit compare.
struct EntityUid {
  SymbolId type;
  SymbolId id;

  auto packed() const -> uint64_t { return (uint64_t{type.value} << 32) | id.value; }
  static auto FromPacked(uint64_t packed) -> EntityUid { return {{static_cast<uint32_t>(packed >> 32)}, {static_cast<uint32_t>(packed)}}; }
  friend auto operator<=>(EntityUid, EntityUid) = default;
};

// An address and a prefix length, as written: host bits are kept, `10.0.0.1/24` is not `10.0.0.0/24`.
struct IpNet {
  std::array<uint8_t, 16> address = {};  // network order; IPv4 uses the first 4 bytes
  uint8_t prefix = 0;                    // 0 to 32 or 0 to 128
  bool is_v6 = false;

  friend auto operator<=>(const IpNet&, const IpNet&) = default;
};

// Fixed-point number with four decimal places: 1.5 is 15000.
struct Decimal {
  int64_t units = 0;
};
// Milliseconds since 1970-01-01T00:00:00Z.
struct Datetime {
  int64_t millis = 0;
};
// Milliseconds, may be negative.
struct Duration {
  int64_t millis = 0;
};

class Value;
struct Field;

// Sorted by Compare, no duplicates.
using SetView = std::span<const Value>;
// Sorted by key id, no duplicate keys.
using RecordView = std::span<const Field>;

class Value {
 public:
  // `false`.
  constexpr Value() : kind_(Kind::Bool), size_(0), bits_(0) {}

  static auto OfBool(bool value) -> Value { return {Kind::Bool, 0, static_cast<uint64_t>(value)}; }
  static auto OfLong(int64_t value) -> Value { return {Kind::Long, 0, static_cast<uint64_t>(value)}; }
  static auto OfDecimal(Decimal value) -> Value { return {Kind::Decimal, 0, static_cast<uint64_t>(value.units)}; }
  static auto OfDatetime(Datetime value) -> Value { return {Kind::Datetime, 0, static_cast<uint64_t>(value.millis)}; }
  static auto OfDuration(Duration value) -> Value { return {Kind::Duration, 0, static_cast<uint64_t>(value.millis)}; }
  static auto OfEntity(EntityUid uid) -> Value { return {Kind::Entity, 0, uid.packed()}; }
  // `row_hint`: see row_hint().
  static auto OfEntity(EntityUid uid, uint32_t row_hint) -> Value { return {Kind::Entity, row_hint, uid.packed()}; }
  // The pointed-to memory must outlive the value. Strings are valid UTF-8 and shorter than 4 GiB.
  static auto OfString(std::string_view text) -> Value;
  static auto OfIp(const IpNet* net) -> Value { return {Kind::Ip, 0, reinterpret_cast<uint64_t>(net)}; }
  static auto Of(const Url* url) -> Value { return OfText(Kind::Url, url); }
  static auto Of(const Path* path) -> Value { return OfText(Kind::Path, path); }
  static auto Of(const Email* email) -> Value { return OfText(Kind::Email, email); }
  static auto Of(const Command* command) -> Value { return OfText(Kind::Command, command); }
  static auto Of(const Semver* version) -> Value { return OfText(Kind::Semver, version); }
  // `elements` are sorted and unique: see MakeSet.
  static auto OfSortedSet(SetView elements) -> Value;
  // `fields` are sorted by key and unique: see MakeRecord.
  static auto OfSortedRecord(RecordView fields) -> Value;

  auto kind() const -> Kind { return kind_; }
  auto is(Kind kind) const -> bool { return kind_ == kind; }

  // Each of these requires the matching kind.
  auto as_bool() const -> bool { return bits_ != 0; }
  auto as_long() const -> int64_t { return static_cast<int64_t>(bits_); }
  auto as_string() const -> std::string_view { return {reinterpret_cast<const char*>(bits_), size_}; }
  auto as_set() const -> SetView;
  auto as_record() const -> RecordView;
  auto as_entity() const -> EntityUid { return EntityUid::FromPacked(bits_); }
  auto as_ip() const -> const IpNet& { return *reinterpret_cast<const IpNet*>(bits_); }
  auto as_url() const -> const Url& { return *reinterpret_cast<const Url*>(bits_); }
  auto as_path() const -> const Path& { return *reinterpret_cast<const Path*>(bits_); }
  auto as_email() const -> const Email& { return *reinterpret_cast<const Email*>(bits_); }
  auto as_command() const -> const Command& { return *reinterpret_cast<const Command*>(bits_); }
  auto as_semver() const -> const Semver& { return *reinterpret_cast<const Semver*>(bits_); }
  auto as_decimal() const -> Decimal { return {static_cast<int64_t>(bits_)}; }
  auto as_datetime() const -> Datetime { return {static_cast<int64_t>(bits_)}; }
  auto as_duration() const -> Duration { return {static_cast<int64_t>(bits_)}; }

  // Bytes of a string or of a value that is a text, elements of a set, fields of a record, else 0.
  auto length() const -> uint32_t { return kind_ == Kind::Entity ? 0 : size_; }

  // Of an entity: where a store may have it, as the row's number plus one; 0: unknown. A guess that saves a search, checked by whoever uses
  // it, and no part of the value: it does not count in comparisons.
  auto row_hint() const -> uint32_t { return size_; }

 private:
  constexpr Value(Kind kind, uint32_t size, uint64_t bits) : kind_(kind), size_(size), bits_(bits) {}

  template <typename T>
  static auto OfText(Kind kind, const T* value) -> Value {
    return {kind, static_cast<uint32_t>(value->storage.size()), reinterpret_cast<uint64_t>(value)};
  }

  Kind kind_;
  uint32_t size_;  // see length() and row_hint()
  uint64_t bits_;
};
static_assert(sizeof(Value) == 16);

struct Field {
  SymbolId key;
  Value value;
};

// A total order, consistent with equality: by kind, then by content. Not the language's `<`.
auto Compare(const Value& a, const Value& b) -> std::strong_ordering;
inline auto operator==(const Value& a, const Value& b) -> bool { return Compare(a, b) == 0; }

// Sorts, removes duplicates and stores the elements in `arena`.
auto MakeSet(Arena& arena, std::span<const Value> elements) -> Value;
// Sorts and stores the fields in `arena`. Keys must differ.
auto MakeRecord(Arena& arena, std::span<const Field> fields) -> Value;

// Of `Url` and the kinds behind it: what their constructor reads back. The constructor's name is the kind's.
auto CanonicalText(const Value& value) -> std::string_view;

auto SetContains(SetView set, const Value& element) -> bool;
// Null if the record has no such field.
auto FindField(RecordView record, SymbolId key) -> const Value*;

// A copy whose memory is in `arena` alone.
auto CopyValue(Arena& arena, const Value& value) -> Value;

// As source text: `U::"a"`, `{"n": 1}`, `ip("10.0.0.1/24")`. Parsing it gives the value back. Record keys in byte order,
// set elements in the order of their texts, so that the text of a value never depends on symbol ids.
auto FormatValue(const Value& value, const Interner& interner) -> std::string;
auto FormatEntityUid(EntityUid uid, const Interner& interner) -> std::string;

}  // namespace remit
