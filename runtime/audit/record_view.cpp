#include "runtime/audit/record_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/audit/hex.h"
#include "runtime/base/json_depth.h"

namespace remit::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxDepth = 600;  // of JSON inside of records: more than requests may have

auto Malformed(size_t at, std::string_view what) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = "record-malformed", .message = fmt::format("byte {} of a record: {}", at, what), .pointer = {}, .help = {}});
}

// ---- bytes to fields -----------------------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  auto Run() -> Expected<RecordView> {
    RecordView record;
    const auto version = Byte();
    const auto kind = Byte();
    if (!version || !kind) return Malformed(at_, "it ends before its kind");
    if (*version != kRecordVersion) return Malformed(0, "a version that is not known");
    record.kind = static_cast<RecordKind>(*kind);
    if (KindName(record.kind).empty()) return Malformed(1, "a kind that is not known");
    while (at_ < bytes_.size()) {
      const size_t begin = at_;
      const auto field = ReadField();
      if (!field) return Malformed(begin, "no field");
      if (!MayFollow(record, *field->facts)) return Malformed(begin, "a field where it cannot be");
      record.fields.push_back(*field);
    }
    return record;
  }

 private:
  // Ascending, but for lists, which may begin again.
  static auto MayFollow(const RecordView& record, const FieldFacts& facts) -> bool {
    const FieldFacts* last = record.fields.empty() ? nullptr : record.fields.back().facts;
    const bool in_group = last != nullptr && !facts.group.empty() && last->group == facts.group;
    switch (facts.shape) {
      case FieldShape::One: return last == nullptr || last->field < facts.field;
      case FieldShape::Many: return last == nullptr || last->field <= facts.field;
      case FieldShape::First: return last == nullptr || last->field < facts.field || in_group;
      case FieldShape::Next: return in_group && last->field < facts.field;
    }
    return false;
  }

  auto ReadField() -> std::optional<FieldValue> {
    const auto number = Byte();
    const auto* facts = number ? FactsOf(*number) : nullptr;
    const auto size = Number();
    if (facts == nullptr || !size || *size > bytes_.size() - at_) return std::nullopt;
    FieldValue value = {.facts = facts, .bytes = bytes_.substr(at_, *size)};
    at_ += *size;
    if (!Interpret(value)) return std::nullopt;
    return value;
  }

  static auto Interpret(FieldValue& value) -> bool {
    switch (value.facts->type) {
      case FieldType::Text:
      case FieldType::Hex:
      case FieldType::Json:
        return !value.bytes.empty() || value.facts->shape == FieldShape::Many || value.facts->shape == FieldShape::First;
      case FieldType::Flag: return value.bytes.empty();
      case FieldType::Integer: return ReadInteger(value);
      case FieldType::Entity: return ReadEntity(value);
    }
    return false;
  }

  static auto ReadInteger(FieldValue& value) -> bool {
    Reader reader(value.bytes);
    const auto zigzag = reader.Number();
    if (!zigzag || *zigzag == 0 || reader.at_ != value.bytes.size()) return false;
    value.integer = static_cast<int64_t>((*zigzag >> 1) ^ (~(*zigzag & 1) + 1));
    return true;
  }

  static auto ReadEntity(FieldValue& value) -> bool {
    Reader reader(value.bytes);
    const auto size = reader.Number();
    if (!size || *size > value.bytes.size() - reader.at_) return false;
    value.entity = {.type = value.bytes.substr(reader.at_, *size), .id = value.bytes.substr(reader.at_ + *size)};
    return true;
  }

  auto Byte() -> std::optional<uint8_t> {
    if (at_ == bytes_.size()) return std::nullopt;
    return static_cast<uint8_t>(bytes_[at_++]);
  }

  // LEB128 in its shortest form.
  auto Number() -> std::optional<uint64_t> {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = Byte();
      if (!byte || (shift == 63 && *byte > 1) || (shift > 0 && *byte == 0)) return std::nullopt;
      number |= static_cast<uint64_t>(*byte & 0x7F) << shift;
      if (*byte < 0x80) return number;
    }
    return std::nullopt;
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

// ---- fields to JSON ------------------------------------------------------------------------------------------------

auto ParsedOrText(std::string_view text) -> Json {
  // Nested too deeply for a parser that recurses: shown as a text.
  if (!IsShallowJson(text, kMaxDepth)) return std::string(text);
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json(std::string(text)) : json;
}

auto ValueToJson(const FieldValue& value) -> Json {
  switch (value.facts->type) {
    case FieldType::Text: return std::string(value.bytes);
    case FieldType::Integer: return value.integer;
    case FieldType::Flag: return true;
    case FieldType::Hex: return HexOf(value.bytes);
    case FieldType::Entity: return {{"type", std::string(value.entity.type)}, {"id", std::string(value.entity.id)}};
    case FieldType::Json: return ParsedOrText(value.bytes);
  }
  return nullptr;
}

// Integers that were not written are zero.
auto NewElement(std::string_view group) -> Json {
  Json element = Json::object();
  for (const auto& facts : AllFields()) {
    if (facts.group != group) continue;
    if (facts.shape == FieldShape::First) element[std::string(facts.json)] = "";
    if (facts.type == FieldType::Integer) element[std::string(facts.json)] = 0;
  }
  return element;
}

void AddField(Json& json, const FieldValue& value) {
  const std::string key(value.facts->json);
  const std::string group(value.facts->group);
  switch (value.facts->shape) {
    case FieldShape::One: json[key] = ValueToJson(value); return;
    case FieldShape::Many: json[key].push_back(ValueToJson(value)); return;
    case FieldShape::First: json[group].push_back(NewElement(group)); [[fallthrough]];
    case FieldShape::Next: json[group].back()[key] = ValueToJson(value); return;
  }
}

}  // namespace

auto RecordView::Find(Field field) const -> const FieldValue* {
  const auto it = std::ranges::find_if(fields, [&](const FieldValue& value) { return value.facts->field == field; });
  return it == fields.end() ? nullptr : &*it;
}

auto RecordView::Text(Field field) const -> std::string_view {
  const auto* value = Find(field);
  return value == nullptr ? std::string_view() : value->bytes;
}

auto RecordView::Integer(Field field) const -> int64_t {
  const auto* value = Find(field);
  return value == nullptr ? 0 : value->integer;
}

auto DecodeRecord(std::string_view bytes) -> Expected<RecordView> { return Reader(bytes).Run(); }

auto RecordToJson(const RecordView& record) -> nlohmann::ordered_json {
  Json json = {{"kind", KindName(record.kind)}};
  for (const auto& value : record.fields) AddField(json, value);
  return json;
}

auto DumpJson(const nlohmann::ordered_json& json, int indent) -> std::string {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace remit::audit
