#include "runtime/server/json_slices.h"

namespace remit::server {
namespace {

class Slicer {
 public:
  explicit Slicer(std::string_view text) : text_(text) {}

  auto Take(char c) -> bool {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  auto Peek() -> char {
    SkipSpace();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  auto is_at_end() -> bool {
    SkipSpace();
    return at_ == text_.size();
  }

  // Without the quotes.
  auto String() -> std::optional<std::string_view> {
    if (!Take('"')) return std::nullopt;
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return std::nullopt;
    return text_.substr(begin, at_++ - begin);
  }

  // Whatever it is, up to the comma or bracket behind it.
  auto Value() -> std::optional<std::string_view> {
    SkipSpace();
    const size_t begin = at_;
    size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!String()) return std::nullopt;
        continue;
      }
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (closes || c == ',')) break;
      if (c == '{' || c == '[') ++depth;
      if (closes) --depth;
      ++at_;
    }
    size_t end = at_;
    while (end > begin && IsSpace(text_[end - 1])) --end;
    if (depth != 0 || end == begin) return std::nullopt;
    return text_.substr(begin, end - begin);
  }

 private:
  static auto IsSpace(char c) -> bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

auto ForEachMember(std::string_view json, const std::function<bool(std::string_view, std::string_view)>& visit) -> bool {
  Slicer slicer(json);
  if (!slicer.Take('{')) return false;
  if (slicer.Take('}')) return slicer.is_at_end();
  do {
    const auto key = slicer.String();
    if (!key || !slicer.Take(':')) return false;
    const auto value = slicer.Value();
    if (!value || !visit(*key, *value)) return false;
  } while (slicer.Take(','));
  return slicer.Take('}') && slicer.is_at_end();
}

auto MemberSlice(std::string_view json, std::string_view key) -> std::string_view {
  std::string_view found;
  ForEachMember(json, [&](std::string_view each, std::string_view value) {
    if (each == key) found = value;
    return true;
  });
  return found;
}

auto ItemSlices(std::string_view json, size_t max) -> std::optional<std::vector<std::string_view>> {
  Slicer slicer(json);
  std::vector<std::string_view> items;
  if (!slicer.Take('[')) return std::nullopt;
  if (slicer.Take(']')) return slicer.is_at_end() ? std::optional(items) : std::nullopt;
  do {
    const auto value = slicer.Value();
    if (!value || items.size() == max) return std::nullopt;
    items.push_back(*value);
  } while (slicer.Take(','));
  if (!slicer.Take(']') || !slicer.is_at_end()) return std::nullopt;
  return items;
}

}  // namespace remit::server
