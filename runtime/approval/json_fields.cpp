#include "runtime/approval/json_fields.h"

#include <limits>

#include "runtime/base/json_depth.h"

namespace remit::approval {
namespace {

using nlohmann::json;

constexpr size_t kMaxDepth = 8;

auto ReadUid(const json& object, bool& ok) -> UidText {
  JsonFields uid(object, ok);
  auto id = uid.Text("id");
  return {.type = uid.Text("type"), .id = std::move(id)};
}

const json kNothing;
const json kNoElements = json::array();

}  // namespace

auto JsonFields::Parse(std::string_view text) -> std::optional<json> {
  // The reader itself has no bound.
  if (!IsShallowJson(text, kMaxDepth)) return std::nullopt;
  json document = json::parse(text, nullptr, false);
  return document.is_discarded() ? std::nullopt : std::optional(std::move(document));
}

auto JsonFields::Has(std::string_view key) const -> bool { return object_.is_object() && object_.contains(key); }

auto JsonFields::At(std::string_view key) -> const json& {
  if (object_.is_object()) {
    const auto member = object_.find(key);
    if (member != object_.end()) return *member;
  }
  ok_ = false;
  return kNothing;
}

auto JsonFields::Text(std::string_view key) -> std::string {
  const auto& member = At(key);
  ok_ = ok_ && member.is_string();
  return ok_ ? member.get<std::string>() : std::string{};
}

auto JsonFields::Integer(std::string_view key) -> int64_t {
  const auto& member = At(key);
  const bool fits = member.is_number_integer() &&
                    (!member.is_number_unsigned() || member.get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
  ok_ = ok_ && fits;
  return ok_ ? member.get<int64_t>() : 0;
}

auto JsonFields::Count(std::string_view key) -> uint32_t {
  const int64_t number = Integer(key);
  ok_ = ok_ && number >= 0 && number <= std::numeric_limits<uint32_t>::max();
  return ok_ ? static_cast<uint32_t>(number) : 0;
}

auto JsonFields::DigestAt(std::string_view key) -> Digest {
  const auto digest = DigestFromHex(Text(key));
  ok_ = ok_ && digest.has_value();
  return digest.value_or(Digest{});
}

auto JsonFields::Uid(std::string_view key) -> UidText { return ReadUid(At(key), ok_); }

auto JsonFields::Uids(std::string_view key) -> std::vector<UidText> {
  std::vector<UidText> uids;
  for (const auto& element : Array(key)) uids.push_back(ReadUid(element, ok_));
  return uids;
}

auto JsonFields::Array(std::string_view key) -> const json& {
  const auto& member = At(key);
  ok_ = ok_ && member.is_array();
  return ok_ ? member : kNoElements;
}

}  // namespace remit::approval
