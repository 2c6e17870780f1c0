// What a text looks like, for finding names that are easily mixed up.
#pragma once

#include <string>
#include <string_view>

namespace remit::check {

// Equal for texts that look alike: letters that look alike are one (Unicode UTS #39, skeleton, by ICU); case and the two kinds of hyphen, `-` and
// `_`, do not count.
auto Skeleton(std::string_view text) -> std::string;

}  // namespace remit::check
