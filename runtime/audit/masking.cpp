#include "runtime/audit/masking.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "runtime/audit/hex.h"
#include "runtime/audit/json_masker.h"
#include "runtime/base/check.h"
#include "runtime/base/json_string.h"

namespace remit::audit {
namespace {

constexpr std::string_view kPrefix = "masked:";
constexpr size_t kCommitmentBytes = 32;
constexpr size_t kSaltBytes = 32;

auto BadRule(std::string_view rule) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "mask-rule",
                               .message = fmt::format("`{}` names nothing that can be masked", rule),
                               .pointer = {},
                               .help = "write `context.NAME..` or `entities.TYPE.NAME..`"});
}

auto Split(std::string_view rule) -> std::vector<std::string> {
  std::vector<std::string> names;
  for (size_t at = 0; at <= rule.size();) {
    const size_t end = std::min(rule.find('.', at), rule.size());
    names.emplace_back(rule.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

auto RandomSalt() -> std::string {
  std::string salt(kSaltBytes, '\0');
  CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), static_cast<int>(salt.size())) == 1,
        "the system gives no random numbers");
  return salt;
}

// A function that masks and keeps what it masked.
auto MaskInto(std::vector<MaskedValue>& values) {
  return [&values](std::string_view pointer, std::string_view value) {
    MaskedValue masked = {.pointer = std::string(pointer), .commitment = {}, .salt = RandomSalt(), .value = std::string(value)};
    masked.commitment = CommitmentTo(masked.salt, value);
    const std::string text = CommitmentText(masked.commitment);
    values.push_back(std::move(masked));
    return QuoteJsonString(text);
  };
}

}  // namespace

auto CommitmentText(std::string_view commitment) -> std::string { return fmt::format("{}{}", kPrefix, HexOf(commitment)); }

auto CommitmentFromText(std::string_view text) -> std::string {
  if (!text.starts_with(kPrefix)) return {};
  const auto bytes = BytesOfHex(text.substr(kPrefix.size()));
  return bytes && bytes->size() == kCommitmentBytes ? *bytes : std::string();
}

auto CommitmentTo(std::string_view salt, std::string_view value) -> std::string {
  std::string commitment(kCommitmentBytes, '\0');
  unsigned size = 0;
  const auto* made = HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()), reinterpret_cast<const unsigned char*>(value.data()),
                          value.size(), reinterpret_cast<unsigned char*>(commitment.data()), &size);
  CHECK(made != nullptr && size == commitment.size(), "HMAC is not available");
  return commitment;
}

auto Masker::Make(const std::vector<std::string>& rules) -> Expected<Masker> {
  Masker masker;
  for (const auto& rule : rules) {
    auto names = Split(rule);
    if (std::ranges::find(names, "") != names.end()) return BadRule(rule);
    if (!masker.AddPath(std::move(names))) return BadRule(rule);
  }
  return masker;
}

auto Masker::AddPath(std::vector<std::string> names) -> bool {
  if (names.empty()) return false;
  const std::string root = std::move(names.front());
  names.erase(names.begin());
  if (root == "context" && !names.empty()) {
    context_.push_back(std::move(names));
  } else if (root == "entities" && names.size() >= 2) {
    entities_.push_back(std::move(names));
  } else {
    return false;
  }
  return true;
}

auto Masker::MaskContext(std::string_view json, std::vector<MaskedValue>& values) const -> Expected<std::string> {
  return MaskJson(json, context_, "/context", MaskInto(values));
}

auto Masker::MaskEntities(std::string_view json, std::vector<MaskedValue>& values) const -> Expected<std::string> {
  return MaskEntitiesJson(json, entities_, "/entities", MaskInto(values));
}

}  // namespace remit::audit
