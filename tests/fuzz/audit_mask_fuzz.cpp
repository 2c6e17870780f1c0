// JSON of every sort, masked: it stays JSON, nothing that rules name is left, and with the values put back it is byte for byte what it was.
#include <nlohmann/json.hpp>

#include "runtime/audit/masking.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  using namespace remit::audit;
  static const Masker masker = *Masker::Make({"context.a", "context.b.c", "context.*.d", "entities.T.a", "entities.*.b.c"});
  const std::string text(remit::fuzz::InputText(data, size));
  std::vector<MaskedValue> values;
  auto masked = size % 2 == 0 ? masker.MaskContext(text, values) : masker.MaskEntities(text, values);
  if (!masked) return 0;
  const bool is_json = nlohmann::json::accept(text);
  CHECK(!is_json || nlohmann::json::accept(*masked));
  for (const auto& each : values) {
    const std::string commitment = '"' + CommitmentText(each.commitment) + '"';
    const size_t at = masked->find(commitment);
    CHECK(at != std::string::npos);
    masked->replace(at, commitment.size(), each.value);
  }
  CHECK(*masked == text);
  return 0;
}
