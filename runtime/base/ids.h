// Typed indexes: an ExprId cannot be handed to something that wants a StatementId.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace remit {

// An index into a vector that `Tag` names. The default value is "none".
template <typename Tag>
struct Id {
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  uint32_t value = kNone;

  constexpr auto has_value() const -> bool { return value != kNone; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace remit

template <typename Tag>
struct std::hash<remit::Id<Tag>> {
  auto operator()(remit::Id<Tag> id) const noexcept -> size_t { return std::hash<uint32_t>{}(id.value); }
};
