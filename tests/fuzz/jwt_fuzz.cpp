// Tokens and key sets from anywhere: nothing that no known key signed is a token, and no key set does more than be refused or have keys.
#include <cstdint>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/server/jwt.h"

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  using namespace remit::server;
  // The keys of RFC 8037, appendix A.2, and RFC 7517, appendix A.1.
  static const JwtKeys keys = *JwtKeys::Parse(R"({"keys":[
    {"kty":"OKP","crv":"Ed25519","kid":"ed","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    {"kty":"EC","crv":"P-256","kid":"ec","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]})");
  constexpr int64_t kNow = 1'800'000'000'000;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CHECK(!VerifyJwt(text, keys, {}, kNow));
  if (const auto others = JwtKeys::Parse(text)) {
    CHECK(others->size() > 0);
    (void)VerifyJwt(text, *others, {}, kNow);
  }
  return 0;
}
