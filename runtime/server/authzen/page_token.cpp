#include "runtime/server/authzen/page_token.h"

#include <fmt/format.h>

#include <cstring>

#include "runtime/approval/base64url.h"

namespace remit::authzen {
namespace {

struct Payload {
  uint64_t snapshot = 0;
  PagePosition position = {};
};
constexpr size_t kPayload = 16;
constexpr size_t kSeal = 32;

auto Pack(const Payload& payload) -> std::string {
  std::string bytes(kPayload, '\0');
  std::memcpy(bytes.data(), &payload.snapshot, 8);
  std::memcpy(bytes.data() + 8, &payload.position.next, 4);
  std::memcpy(bytes.data() + 12, &payload.position.limit, 4);
  return bytes;
}

auto Unpack(std::string_view bytes) -> Payload {
  Payload payload;
  std::memcpy(&payload.snapshot, bytes.data(), 8);
  std::memcpy(&payload.position.next, bytes.data() + 8, 4);
  std::memcpy(&payload.position.limit, bytes.data() + 12, 4);
  return payload;
}

auto Sealed(std::string_view payload, std::string_view question) -> std::string {
  return fmt::format("page:{}:{}", approval::ToBase64Url(payload), question);
}

auto Refuse(std::string_view code, std::string_view message) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = std::string(code), .message = std::string(message), .pointer = "/page/token", .help = "begin again without a token"});
}

}  // namespace

auto MakePageToken(const State& state, std::string_view question, uint64_t snapshot, PagePosition position) -> std::string {
  std::string bytes = Pack({.snapshot = snapshot, .position = position});
  const auto seal = state.Seal(Sealed(bytes, question));
  bytes.append(reinterpret_cast<const char*>(seal.bytes.data()), seal.bytes.size());
  return approval::ToBase64Url(bytes);
}

auto ReadPageToken(const State& state, std::string_view question, uint64_t snapshot, std::string_view token) -> Expected<PagePosition> {
  const auto bytes = approval::FromBase64Url(token);
  if (!bytes || bytes->size() != kPayload + kSeal) return Refuse("page-token-invalid", "this is no token of ours");
  const auto payload = std::string_view(*bytes).substr(0, kPayload);
  approval::Digest seal;
  std::memcpy(seal.bytes.data(), bytes->data() + kPayload, kSeal);
  if (!state.IsSealed(Sealed(payload, question), seal)) {
    return Refuse("page-token-invalid", "this token is not for this request: only `page.token` may change between pages");
  }
  const Payload read = Unpack(payload);
  if (read.snapshot != snapshot) return Refuse("page-token-stale", "policies or entities have changed since the page before");
  return read.position;
}

}  // namespace remit::authzen
