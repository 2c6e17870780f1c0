// Schema text: refused with diagnostics, or resolved so that every index stays inside its table, and the same after formatting and translating.
#include "compiler/driver/schema_documents.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

namespace {

using namespace remit;

void RequireSound(const Schema& schema) {
  const auto require_type = [&](TypeId id) { CHECK(id.value < schema.types.size()); };
  for (const auto& type : schema.types) {
    if (type.kind == Kind::Set) require_type(type.element);
    for (const auto& field : type.fields) require_type(field.type);
  }
  for (const auto& entity_type : schema.entity_types) {
    require_type(entity_type.attributes);
    if (entity_type.tags.has_value()) require_type(entity_type.tags);
    CHECK(schema.FindEntityType(entity_type.name) == &entity_type);
  }
  for (const auto& action : schema.actions) {
    require_type(action.context);
    CHECK(schema.FindAction(action.uid) == &action);
  }
}

// Each of these reads its result again and stops the program if it does not mean the same. Laid out once is laid out for good.
void GoThereAndBack(const std::string& text) {
  CompileJob job(fuzz::FuzzLimits());
  if (const auto formatted = FormatSchemaFile(job, "input", text, {}))
    CHECK(FormatSchemaFile(job, "formatted", *formatted, {}) == formatted);
  CompileJob translation(fuzz::FuzzLimits());
  const auto json = TranslateSchema(translation, {{.name = "input", .text = text}}, SchemaSyntax::Json);
  if (json) TranslateSchema(translation, {{.name = "json", .text = *json}}, SchemaSyntax::Text);
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  CompileJob job(fuzz::FuzzLimits());
  const auto text = fuzz::InputText(data, size);
  const auto schema = LoadSchema(job, "input", text);
  fuzz::RequireDiagnostics(job, !schema.has_value());
  if (schema) RequireSound(*schema);
  GoThereAndBack(text);
  return 0;
}
