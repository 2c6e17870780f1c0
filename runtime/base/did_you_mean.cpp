#include "runtime/base/did_you_mean.h"

#include <fmt/format.h>

#include "runtime/base/text.h"

namespace remit {

auto DidYouMean(std::string_view meant) -> std::string { return fmt::format("did you mean `{}`?", meant); }

auto DidYouMean(std::string_view name, const std::vector<std::string_view>& candidates, std::string otherwise) -> std::string {
  const auto closest = ClosestMatch(name, candidates);
  return closest ? DidYouMean(*closest) : std::move(otherwise);
}

}  // namespace remit
