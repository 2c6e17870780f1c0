// Grants from anywhere: no token without a known key's signature is read, and a payload that is read is written the same.
#include "runtime/approval/grant.h"
#include "runtime/approval/ticket.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  using namespace remit::approval;
  static const SigningKey key = SigningKey::Generate();
  static const KeyRing keys = [] {
    KeyRing ring;
    ring.Add(key.public_key());
    return ring;
  }();
  const auto text = remit::fuzz::InputText(data, size);
  CHECK(!VerifyGrant(text, keys));
  if (const auto grant = ReadGrantPayload(text)) {
    CHECK(GrantPayload(*grant) == text);
    const auto token = SignGrant(*grant, key);
    CHECK(!token || VerifyGrant(*token, keys) == *grant);
  }
  if (const auto ticket = TicketFromJson(text)) CHECK(TicketFromJson(TicketToJson(*ticket)).has_value());
  return 0;
}
