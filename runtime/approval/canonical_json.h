// JSON in the one form of RFC 8785 (JCS): no white space, members in the order of their UTF-16 code units, strings escaped as little as possible.
//
// Numbers are 64-bit integers, written with all their digits. RFC 8785 would have them be doubles, which cannot tell 2^53 from 2^53 + 1: an
// approval of one amount would be an approval of the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace remit::approval {

// The text, valid UTF-8, as a JSON string with its quotes.
void AppendCanonicalString(std::string& out, std::string_view text);
auto CanonicalString(std::string_view text) -> std::string;

// Whether `a` comes before `b` by UTF-16 code units: like the order of bytes, but for U+E000 to U+FFFF, which come behind all above.
auto ComesBefore(std::string_view a, std::string_view b) -> bool;

// Members in any order, each key once; written in the canonical one.
class CanonicalObject {
 public:
  // `json` is canonical already.
  auto Add(std::string_view key, std::string json) -> CanonicalObject&;
  auto AddString(std::string_view key, std::string_view text) -> CanonicalObject&;
  auto AddInteger(std::string_view key, int64_t number) -> CanonicalObject&;
  auto Finish() -> std::string;

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

// `[a,b,c]` of canonical texts.
auto CanonicalArray(const std::vector<std::string>& elements) -> std::string;

}  // namespace remit::approval
