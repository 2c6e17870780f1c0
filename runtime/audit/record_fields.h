// The fields of records by name, and what is known of each: rows of record_fields.def.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace remit::audit {

enum class Field : uint8_t {
#define AUDIT_FIELD(number, name, json, type, shape, group) name = number,
#include "runtime/audit/record_fields.def"
#undef AUDIT_FIELD
};

enum class FieldType : uint8_t { Text, Integer, Flag, Hex, Entity, Json };
enum class FieldShape : uint8_t { One, Many, First, Next };

struct FieldFacts {
  Field field;
  std::string_view json;
  FieldType type;
  FieldShape shape;
  std::string_view group;
};

// In the order in which they are written.
auto AllFields() -> std::span<const FieldFacts>;
// Null: no field has this number.
auto FactsOf(uint8_t number) -> const FieldFacts*;

inline constexpr uint8_t kRecordVersion = 1;  // the first byte of every record

}  // namespace remit::audit
