#include "runtime/audit/record_fields.h"

#include <array>

#include "runtime/audit/record.h"

namespace remit::audit {
namespace {

constexpr auto kFields = std::to_array<FieldFacts>({
#define AUDIT_FIELD(number, name, json, type, shape, group) {Field::name, json, FieldType::type, FieldShape::shape, group},
#include "runtime/audit/record_fields.def"
#undef AUDIT_FIELD
});

constexpr auto MakeIndex() -> std::array<uint8_t, 256> {
  std::array<uint8_t, 256> index = {};
  for (size_t i = 0; i < kFields.size(); ++i) index[static_cast<uint8_t>(kFields[i].field)] = static_cast<uint8_t>(i + 1);
  return index;
}

constexpr auto kIndex = MakeIndex();  // by number: one more than the position in kFields, zero for none

}  // namespace

auto AllFields() -> std::span<const FieldFacts> { return kFields; }

auto FactsOf(uint8_t number) -> const FieldFacts* { return kIndex[number] == 0 ? nullptr : &kFields[kIndex[number] - 1U]; }

auto KindName(RecordKind kind) -> std::string_view {
  switch (kind) {
#define AUDIT_KIND(number, name, json) \
  case RecordKind::name: return json;
#include "runtime/audit/record_kinds.def"
#undef AUDIT_KIND
  }
  return "";
}

}  // namespace remit::audit
