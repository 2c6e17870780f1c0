// Schema text: refused with diagnostics, or resolved so that every index stays inside its table.
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

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  CompileJob job(fuzz::FuzzLimits());
  const auto schema = LoadSchema(job, "input", fuzz::InputText(data, size));
  fuzz::RequireDiagnostics(job, !schema.has_value());
  if (schema) RequireSound(*schema);
  return 0;
}
