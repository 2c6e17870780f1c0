#include "runtime/approval/uses.h"

#include <fmt/format.h>

namespace remit::approval {

// Lines: state, holder, digest; the rest is the request's id, whatever characters it has.
auto UseToText(const Use& use) -> std::string {
  return fmt::format("{}\n{}\n{}\n{}", use.is_held ? "held" : "used", use.holder, ToHex(use.request), use.request_id);
}

auto UseFromText(std::string_view text) -> std::optional<Use> {
  const auto next_line = [&text] {
    const size_t end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
  };
  const auto state = next_line();
  const auto holder = next_line();
  const auto digest = DigestFromHex(next_line());
  if (!digest || (state != "held" && state != "used")) return std::nullopt;
  return Use{.is_held = state == "held", .holder = std::string(holder), .request = *digest, .request_id = std::string(text)};
}

auto UseKey(std::string_view grant_id, uint32_t number) -> std::string { return fmt::format("use/{}/{}", grant_id, number); }

auto RevocationKey(std::string_view grant_id) -> std::string { return fmt::format("revoked/{}", grant_id); }

auto FindUse(ApprovalStore& store, std::string_view grant_id, uint32_t uses, const Digest& request, std::string_view request_id)
    -> Expected<UseSearch> {
  using Found = UseSearch::Found;
  UseSearch search;
  for (uint32_t number = 0; number < uses; ++number) {
    auto record = store.Get(UseKey(grant_id, number));
    if (!record) return std::unexpected(std::move(record.error()));
    if (!*record) {
      // Without an id no record can be this request's; otherwise one behind may be, if one before it was given back.
      if (search.found == Found::NoneLeft) search = {.found = Found::Free, .number = number, .present = {}};
      if (request_id.empty()) return search;
      continue;
    }
    const auto use = UseFromText(**record);
    if (!use || !use->IsOf(request, request_id)) continue;
    return UseSearch{.found = use->is_held ? Found::HeldBySame : Found::UsedBySame, .number = number, .present = std::move(**record)};
  }
  return search;
}

}  // namespace remit::approval
