// The literals before the first and after the last wildcard are fixed; those between match leftmost, which loses nothing, since a wildcard
// follows. Searching bytes is searching code points: no UTF-8 sequence begins inside another. A search that backs up to the last wildcard
// after each mismatch is simpler and quadratic; memmem is linear in the worst case, std::string_view::find is not.
#include "runtime/eval/like.h"

#include <cstring>

namespace remit::eval {
namespace {

auto Find(std::string_view text, std::string_view literal) -> size_t {
  if (literal.empty()) return 0;
  if (text.empty()) return std::string_view::npos;
  const auto* found = static_cast<const char*>(memmem(text.data(), text.size(), literal.data(), literal.size()));
  return found == nullptr ? std::string_view::npos : static_cast<size_t>(found - text.data());
}

}  // namespace

auto MatchesPattern(std::string_view text, const ir::Pattern& pattern, const Interner& interner) -> bool {
  size_t first = 0;
  size_t last = pattern.size();
  while (first < last && pattern[first]) {
    const auto literal = interner.text(*pattern[first++]);
    if (!text.starts_with(literal)) return false;
    text.remove_prefix(literal.size());
  }
  if (first == last) return text.empty();
  while (pattern[last - 1]) {
    const auto literal = interner.text(*pattern[--last]);
    if (!text.ends_with(literal)) return false;
    text.remove_suffix(literal.size());
  }
  // The literals of one run between wildcards are merged where patterns are made; unmerged ones would match with gaps.
  for (; first < last; ++first) {
    if (!pattern[first]) continue;
    const auto literal = interner.text(*pattern[first]);
    const size_t at = Find(text, literal);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + literal.size());
  }
  return true;
}

}  // namespace remit::eval
