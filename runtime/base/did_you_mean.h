// Help for a name that is not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace remit {

// "did you mean `meant`?"
auto DidYouMean(std::string_view meant) -> std::string;

// The same of the candidate that `name` is closest to; `otherwise` if none is close enough.
auto DidYouMean(std::string_view name, const std::vector<std::string_view>& candidates, std::string otherwise = {}) -> std::string;

}  // namespace remit
