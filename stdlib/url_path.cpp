#include "stdlib/url_path.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <vector>

#include "runtime/base/hex_digit.h"
#include "stdlib/digits.h"

namespace remit {
namespace {

auto IsUnreserved(char c) -> bool {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
}

// RFC 3986's pchar and what else its queries and fragments hold. `%` counts: whether an escape follows is asked elsewhere.
auto IsUrlByte(char c) -> bool { return IsUnreserved(c) || std::string_view("!$&'()*+,;=:@/?%#").find(c) != std::string_view::npos; }

// The byte that the escape at the beginning of `text` stands for.
auto ReadEscape(std::string_view text) -> std::optional<char> {
  if (text.size() < 3) return std::nullopt;
  const auto high = HexDigit(text[1]);
  const auto low = HexDigit(text[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

auto IsControl(char c) -> bool { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// One segment at a time; `doubt` is the first that was met.
class PathNormalizer {
 public:
  auto Run(std::string_view path) -> UrlPathText {
    size_t begin = 1;
    while (begin <= path.size()) {
      const size_t slash = std::min(path.find('/', begin), path.size());
      Add(path.substr(begin, slash - begin), slash == path.size());
      begin = slash + 1;
    }
    if (doubt_ != PathDoubt::None) return {.text = EscapeUrlText(path), .doubt = doubt_};
    std::string text;
    for (const auto& segment : segments_) text.append("/").append(segment);
    return {.text = std::move(text)};
  }

 private:
  void Doubt(PathDoubt doubt) {
    if (doubt_ == PathDoubt::None) doubt_ = doubt;
  }

  auto Normalize(std::string_view segment) -> std::string {
    std::string out;
    for (size_t i = 0; i < segment.size(); ++i) {
      if (segment[i] != '%') {
        out += EscapeUrlText(segment.substr(i, 1));
        continue;
      }
      const auto byte = ReadEscape(segment.substr(i));
      if (!byte) {
        Doubt(PathDoubt::BadEscape);
        return {};
      }
      if (*byte == '/' || *byte == '\\' || IsControl(*byte)) Doubt(PathDoubt::EncodedSeparator);
      i += 2;
      if (IsUnreserved(*byte)) {
        out += *byte;
      } else {
        fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(*byte));
      }
    }
    return out;
  }

  void Add(std::string_view raw, bool is_last) {
    auto segment = Normalize(raw);
    // Some servers cut parameters off before they follow dots: `..;x` is `..` to them.
    const auto name = std::string_view(segment).substr(0, segment.find(';'));
    if (name != "." && name != "..") {
      segments_.push_back(std::move(segment));
      return;
    }
    if (raw != name) Doubt(PathDoubt::UnclearDots);
    if (name == "..") Leave();
    if (is_last) segments_.emplace_back();
  }

  void Leave() {
    if (segments_.empty()) return Doubt(PathDoubt::AboveRoot);
    // Readers that collapse `//` would leave another segment.
    if (segments_.back().empty()) Doubt(PathDoubt::UnclearDots);
    segments_.pop_back();
  }

  std::vector<std::string> segments_;
  PathDoubt doubt_ = PathDoubt::None;
};

}  // namespace

auto EscapeUrlText(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    if (IsUrlByte(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

auto NormalizeUrlPath(std::string_view path) -> UrlPathText {
  if (path.empty()) return {};
  return PathNormalizer().Run(path);
}

}  // namespace remit
