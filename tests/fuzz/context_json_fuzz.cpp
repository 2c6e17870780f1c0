// Contexts, requests, single values and entity uids, with and without a schema: refused with an error, or values that JSON gives back.
#include "runtime/base/check.h"
#include "runtime/request/json.h"
#include "tests/fuzz/json_input.h"

namespace {

using namespace remit;

template <typename T>
auto Accepted(const Expected<T>& result) -> bool {
  if (result) return true;
  CHECK(!result.error().code.empty() && !result.error().message.empty());
  return false;
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  fuzz::WithAndWithoutSchema(data, size, [](std::string_view json, Interner& interner, const JsonOptions& options) {
    Arena arena;
    const EntityUid action{.type = interner.Intern("Action"), .id = interner.Intern("view")};
    if (const auto context = ReadContext(json, interner, arena, options, action); Accepted(context)) {
      fuzz::RequireJsonBack(Value::OfSortedRecord(*context), interner, options);
    }
    if (const auto value = ReadValue(json, interner, arena, options); Accepted(value)) fuzz::RequireJsonBack(*value, interner, options);
    if (const auto uid = ReadEntityUid(json, interner, options); Accepted(uid)) CHECK(!FormatEntityUid(*uid, interner).empty());
    if (const auto document = ReadRequest(json, interner, arena, options); Accepted(document)) {
      fuzz::RequireJsonBack(Value::OfSortedRecord(document->request.context), interner, options);
    }
  });
  return 0;
}
