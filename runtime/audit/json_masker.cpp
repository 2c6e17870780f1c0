#include "runtime/audit/json_masker.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace remit::audit {
namespace {

constexpr int kMaxDepth = 600;  // beyond what requests may have

using Path = std::span<const std::string>;  // names that are still to come
using Paths = std::vector<Path>;

// The text between two places, or none: the document is no JSON.
class Scanner {
 public:
  explicit Scanner(std::string_view json) : json_(json) {}

  auto at() const -> size_t { return at_; }
  auto text(size_t from) const -> std::string_view { return json_.substr(from, at_ - from); }
  auto Peek() -> char {
    SkipSpace();
    return at_ < json_.size() ? json_[at_] : '\0';
  }
  auto Take(char c) -> bool {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  auto AtEnd() -> bool {
    SkipSpace();
    return at_ == json_.size();
  }

  // What a key says, whatever its escapes.
  auto TakeKey() -> std::optional<std::string> {
    const size_t begin = Peek() == '"' ? at_ : json_.size();
    if (!SkipString()) return std::nullopt;
    const auto token = json_.substr(begin, at_ - begin);
    if (token.find('\\') == std::string_view::npos) return std::string(token.substr(1, token.size() - 2));
    const auto parsed = nlohmann::json::parse(token, nullptr, false);
    if (!parsed.is_string()) return std::nullopt;
    return parsed.get<std::string>();
  }

  auto SkipValue(int depth) -> bool {
    if (depth > kMaxDepth) return false;
    switch (Peek()) {
      case '{': return SkipMembers(depth);
      case '[': return SkipElements(depth);
      case '"': return SkipString();
      default: return SkipScalar();
    }
  }

 private:
  void SkipSpace() {
    while (at_ < json_.size() && (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\t' || json_[at_] == '\r')) ++at_;
  }
  auto SkipString() -> bool {
    if (!Take('"')) return false;
    for (; at_ < json_.size(); ++at_) {
      if (json_[at_] == '\\') {
        ++at_;
      } else if (json_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    at_ = json_.size();
    return false;
  }
  auto SkipScalar() -> bool {
    const size_t begin = at_;
    while (at_ < json_.size() && std::string_view(",]} \n\t\r:{[\"").find(json_[at_]) == std::string_view::npos) ++at_;
    return at_ > begin;
  }
  auto SkipMembers(int depth) -> bool {
    if (!Take('{')) return false;
    if (Take('}')) return true;
    do {
      if (!TakeKey() || !Take(':') || !SkipValue(depth + 1)) return false;
    } while (Take(','));
    return Take('}');
  }
  auto SkipElements(int depth) -> bool {
    if (!Take('[')) return false;
    if (Take(']')) return true;
    do {
      if (!SkipValue(depth + 1)) return false;
    } while (Take(','));
    return Take(']');
  }

  std::string_view json_;
  size_t at_ = 0;
};

auto PointerStep(std::string_view key) -> std::string {
  std::string step = "/";
  for (const char c : key) step += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return step;
}

// Copies what it scans to `out_`, from `copied_` on.
class Copier {
 public:
  Copier(std::string_view json, const ReplaceValue& replace) : json_(json), scanner_(json), replace_(replace) {}

  auto Run(const Paths& paths, std::string_view root) -> std::optional<std::string> {
    if (!CopyValue(paths, std::string(root), 0) || !scanner_.AtEnd()) return std::nullopt;
    return Finish();
  }

  auto RunEntities(std::span<const std::vector<std::string>> paths, std::string_view root) -> std::optional<std::string> {
    if (!scanner_.Take('[')) return std::nullopt;
    if (!scanner_.Take(']')) {
      size_t index = 0;
      do {
        if (!CopyEntity(paths, fmt::format("{}/{}", root, index++))) return std::nullopt;
      } while (scanner_.Take(','));
      if (!scanner_.Take(']')) return std::nullopt;
    }
    if (!scanner_.AtEnd()) return std::nullopt;
    return Finish();
  }

 private:
  auto Finish() -> std::string {
    out_ += json_.substr(copied_);
    return std::move(out_);
  }

  auto CopyValue(const Paths& paths, const std::string& pointer, int depth) -> bool {
    if (paths.empty()) return scanner_.SkipValue(depth);
    if (std::ranges::any_of(paths, [](const Path& path) { return path.empty(); })) return Replace(pointer, depth);
    if (depth > kMaxDepth) return false;
    switch (scanner_.Peek()) {
      case '{': return CopyMembers(paths, pointer, depth);
      case '[': return CopyElements(paths, pointer, depth);
      default: return scanner_.SkipValue(depth);
    }
  }

  auto Replace(const std::string& pointer, int depth) -> bool {
    scanner_.Peek();
    const size_t begin = scanner_.at();
    if (!scanner_.SkipValue(depth)) return false;
    out_ += json_.substr(copied_, begin - copied_);
    out_ += replace_(pointer, scanner_.text(begin));
    copied_ = scanner_.at();
    return true;
  }

  auto CopyMembers(const Paths& paths, const std::string& pointer, int depth) -> bool {
    if (!scanner_.Take('{')) return false;
    if (scanner_.Take('}')) return true;
    do {
      const auto key = scanner_.TakeKey();
      if (!key || !scanner_.Take(':')) return false;
      Paths below;
      for (const auto& path : paths) {
        if (path.front() == *key || path.front() == "*") below.push_back(path.subspan(1));
      }
      if (!CopyValue(below, pointer + PointerStep(*key), depth + 1)) return false;
    } while (scanner_.Take(','));
    return scanner_.Take('}');
  }

  auto CopyElements(const Paths& paths, const std::string& pointer, int depth) -> bool {
    if (!scanner_.Take('[')) return false;
    if (scanner_.Take(']')) return true;
    size_t index = 0;
    do {
      if (!CopyValue(paths, fmt::format("{}/{}", pointer, index++), depth + 1)) return false;
    } while (scanner_.Take(','));
    return scanner_.Take(']');
  }

  // The type may stand behind the attributes, and in each of Cedar's forms of a uid.
  auto CopyEntity(std::span<const std::vector<std::string>> paths, const std::string& pointer) -> bool {
    Scanner ahead = scanner_;
    ahead.Peek();
    const size_t begin = ahead.at();
    if (!ahead.SkipValue(1)) return false;
    const std::string type = TypeOf(ahead.text(begin));
    std::vector<std::vector<std::string>> below;
    for (const auto& path : paths) {
      if (path.front() != type && path.front() != "*" && !type.empty()) continue;
      below.push_back({"attrs"});
      below.back().insert(below.back().end(), path.begin() + 1, path.end());
    }
    return CopyValue({below.begin(), below.end()}, pointer, 1);
  }

  // Empty: it cannot be told, and every rule counts.
  static auto TypeOf(std::string_view entity) -> std::string {
    const auto json = nlohmann::json::parse(entity, nullptr, false);
    if (!json.is_object() || !json.contains("uid")) return {};
    const auto& uid = json["uid"].is_object() && json["uid"].contains("__entity") ? json["uid"]["__entity"] : json["uid"];
    if (!uid.is_object() || !uid.contains("type") || !uid["type"].is_string()) return {};
    return uid["type"].get<std::string>();
  }

  std::string_view json_;
  Scanner scanner_;
  const ReplaceValue& replace_;
  std::string out_;
  size_t copied_ = 0;
};

auto Unreadable() -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = "mask-unreadable", .message = "what must be masked is no JSON, or nests too deeply", .pointer = {}, .help = {}});
}

}  // namespace

auto MaskJson(std::string_view json, std::span<const std::vector<std::string>> paths, std::string_view root, const ReplaceValue& replace)
    -> Expected<std::string> {
  auto masked = Copier(json, replace).Run({paths.begin(), paths.end()}, root);
  if (!masked) return Unreadable();
  return std::move(*masked);
}

auto MaskEntitiesJson(std::string_view json, std::span<const std::vector<std::string>> paths, std::string_view root,
                      const ReplaceValue& replace) -> Expected<std::string> {
  auto masked = Copier(json, replace).RunEntities(paths, root);
  if (!masked) return Unreadable();
  return std::move(*masked);
}

}  // namespace remit::audit
