#include "stdlib/path.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "runtime/base/text.h"

namespace remit {
namespace {

constexpr size_t kLongestPath = size_t{64} << 10;

auto HasControlCharacter(std::string_view text) -> bool {
  for (size_t at = 0; at < text.size();) {
    const char32_t c = DecodeUtf8(text, at);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
  }
  return false;
}

// Of a dot, a slash, a backslash, a percent sign or a control character. Ordinary characters to the system, but not to a layer that decodes.
auto HasEscape(std::string_view text) -> bool {
  constexpr std::array<std::string_view, 9> kEscapes = {"%2e", "%2E", "%2f", "%2F", "%5c", "%5C", "%25", "%7f", "%7F"};
  if (std::ranges::any_of(kEscapes, [&](std::string_view escape) { return text.find(escape) != std::string_view::npos; })) return true;
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const auto digits = text.substr(at + 1, 2);
    const bool is_hex = digits.size() == 2 && std::string_view("0123456789abcdefABCDEF").find(digits[1]) != std::string_view::npos;
    if (is_hex && (digits[0] == '0' || digits[0] == '1')) return true;
  }
  return false;
}

auto CheckCharacters(std::string_view text) -> Fallible<void> {
  if (text.empty()) return Fail("a path is not empty");
  if (text.size() > kLongestPath) return Fail(fmt::format("a path of more than {} bytes is not accepted", kLongestPath));
  if (FindInvalidUtf8(text)) return Fail("a path is valid UTF-8");
  if (HasControlCharacter(text)) return Fail("a path has no control characters");
  if (text.find('\\') != std::string_view::npos) return Fail("a backslash separates on some systems and not on others");
  if (text.starts_with('~')) return Fail("`~` at the beginning is a home directory to some readers");
  if (HasEscape(text)) return Fail("an escape such as `%2e` is decoded by some readers");
  return {};
}

// None if `..` leaves the beginning.
auto Resolve(std::string_view text) -> std::optional<std::vector<std::string_view>> {
  std::vector<std::string_view> components;
  for (size_t begin = 0; begin < text.size();) {
    const size_t slash = std::min(text.find('/', begin), text.size());
    const auto component = text.substr(begin, slash - begin);
    begin = slash + 1;
    if (component.empty() || component == ".") continue;
    if (component != "..") {
      components.push_back(component);
    } else if (components.empty()) {
      return std::nullopt;
    } else {
      components.pop_back();
    }
  }
  return components;
}

auto Compose(bool is_absolute, const std::vector<std::string_view>& components) -> Parsed<Path> {
  Parsed<Path> path = {.storage = is_absolute ? "/" : ""};
  for (size_t i = 0; i < components.size(); ++i) path.storage.append(i > 0 ? "/" : "").append(components[i]);
  if (path.storage.empty()) path.storage = ".";
  if (components.empty()) return path;
  const auto name = components.back();
  const auto end = static_cast<uint32_t>(path.storage.size());
  const auto size = static_cast<uint32_t>(name.size());
  path.parts.name = {.begin = end - size, .size = size};
  // A dot at the beginning hides a file and begins no extension.
  const size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    const auto extension = size - static_cast<uint32_t>(dot) - 1;
    path.parts.extension = {.begin = end - extension, .size = extension};
  }
  return path;
}

}  // namespace

auto ParsePath(String text) -> Fallible<Parsed<Path>> {
  const auto whole = text.view();
  if (const auto checked = CheckCharacters(whole); !checked) return Fail(checked.error());
  const auto components = Resolve(whole);
  if (!components) return Fail("`..` leads out of where the path begins");
  // `./~` resolves to a text that would not be read back.
  if (!whole.starts_with('/') && !components->empty() && components->front().starts_with('~')) {
    return Fail("`~` at the beginning is a home directory to some readers");
  }
  return Compose(whole.starts_with('/'), *components);
}

auto IsUnder(const Path& path, String base) -> Fallible<bool> {
  const auto parsed = ParsePath(base);
  if (!parsed) return Fail(fmt::format("the base: {}", parsed.error()));
  const std::string_view parent = parsed->storage;
  const std::string_view child = path.storage;
  if (path.is_absolute() != parent.starts_with('/')) return Fail("an absolute and a relative path cannot be compared");
  if (parent == "/" || parent == ".") return true;
  return child.starts_with(parent) && (child.size() == parent.size() || child[parent.size()] == '/');
}

auto PathName(const Path& path) -> String { return String(path.name.of(path.storage)); }
auto PathExtension(const Path& path) -> String { return String(path.extension.of(path.storage)); }

}  // namespace remit
