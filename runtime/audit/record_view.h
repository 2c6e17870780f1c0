// Records as their readers know them: fields of bytes that anybody may have written, and the same as JSON.
//
// Reading is strict: one record has one sequence of bytes, so that two that look alike are alike. What is refused is no record that we wrote.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/audit/record.h"
#include "runtime/audit/record_fields.h"
#include "runtime/base/error.h"

namespace remit::audit {

struct FieldValue {
  const FieldFacts* facts;
  std::string_view bytes = {};  // of Text, Hex, Json
  int64_t integer = 0;
  Entity entity = {};
};

// Borrows the bytes.
struct RecordView {
  RecordKind kind = RecordKind::Decision;
  std::vector<FieldValue> fields;

  // The first of this field, or null.
  auto Find(Field field) const -> const FieldValue*;
  auto Text(Field field) const -> std::string_view;  // empty: absent
  auto Integer(Field field) const -> int64_t;  // 0: absent
};

// "record-malformed".
auto DecodeRecord(std::string_view bytes) -> Expected<RecordView>;

// An object with the members of record_fields.def that the record has, `kind` first. Texts that are not what they should be (JSON, UTF-8) are shown as
// strings, with U+FFFD.
auto RecordToJson(const RecordView& record) -> nlohmann::ordered_json;
auto DumpJson(const nlohmann::ordered_json& json, int indent = -1) -> std::string;

}  // namespace remit::audit
