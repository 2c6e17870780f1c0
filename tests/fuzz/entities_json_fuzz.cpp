// Entity documents, with and without a schema: refused with an error, or a store whose closure and values are sound.
#include "runtime/base/check.h"
#include "runtime/request/json.h"
#include "tests/fuzz/json_input.h"

namespace {

using namespace remit;

void RequireSound(const EntityStore& store, Interner& interner, const JsonOptions& options) {
  for (const auto& entity : store.entities()) {
    CHECK(store.Find(entity.uid) == &entity);
    for (const auto parent : entity.parents) CHECK(store.IsIn(entity.uid, parent));
    for (const auto ancestor : store.AncestorsOf(entity.uid)) CHECK(store.IsIn(entity.uid, ancestor) && ancestor != entity.uid);
    for (const auto& field : entity.attrs) fuzz::RequireJsonBack(field.value, interner, options);
    for (const auto& field : entity.tags) fuzz::RequireJsonBack(field.value, interner, options);
  }
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  fuzz::WithAndWithoutSchema(data, size, [](std::string_view json, Interner& interner, const JsonOptions& options) {
    const auto store = ReadEntities(json, interner, options);
    if (!store) {
      CHECK(!store.error().code.empty() && !store.error().message.empty());
      return;
    }
    RequireSound(*store, interner, options);
    // The same entities as a request's own, over themselves.
    const auto again = ReadEntities(json, interner, options, &*store);
    CHECK(again.has_value() && again->entities().size() == store->entities().size(), "entities do not override themselves");
  });
  return 0;
}
