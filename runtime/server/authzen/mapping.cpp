// Reads a mapping file.
#include "runtime/server/authzen/mapping.h"

#include <fmt/format.h>

#include "runtime/base/json_pointer.h"
#include "runtime/base/text.h"
#include "runtime/request/json_cursor.h"

namespace remit::authzen {
namespace {

using json::Cursor;
using json::IsKey;

constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr uint32_t kMappingDepth = 8;

auto Refuse(const Cursor& at, std::string message, std::string help = {}) -> std::unexpected<Error> {
  return at.Fail("invalid-mapping", std::move(message), std::move(help));
}

auto Unknown(const Cursor& at, std::string_view key) -> std::unexpected<Error> {
  return Refuse(at, fmt::format("a mapping has no member `{}` here", key));
}

// Calls `read(key, place)` for each member; stops at the first error.
template <typename Read>
auto ForEachMember(const Cursor& at, Read read) -> Expected<void> {
  const auto members = at.RequireObject();
  if (!members) return Refuse(at, members.error().message);
  for (const auto& [key, child] : *members) {
    if (auto done = read(key, at.At(key, child)); !done) return done;
  }
  return {};
}

auto ReadText(const Cursor& at, std::string& text) -> Expected<void> {
  if (!at.is_string()) return Refuse(at, fmt::format("expected a string, found {}", at.Describe()));
  text = at.text();
  return {};
}

auto ReadTypeName(const Cursor& at, std::string& name) -> Expected<void> {
  if (auto read = ReadText(at, name); !read) return read;
  if (IsNormalizedName(name)) return {};
  return Refuse(at, fmt::format("`{}` is not a name", name), "a name is identifiers joined by `::`");
}

auto ReadNames(const Cursor& at, NameMap& names, bool are_types) -> Expected<void> {
  return ForEachMember(at, [&](std::string_view key, const Cursor& place) {
    auto& name = names[std::string(key)];
    return are_types ? ReadTypeName(place, name) : ReadText(place, name);
  });
}

auto ReadProperties(const Cursor& at, Properties& properties) -> Expected<void> {
  std::string text;
  if (auto read = ReadText(at, text); !read) return read;
  if (text == "merge") return properties = Properties::Merge, Expected<void>();
  if (text == "replace") return properties = Properties::Replace, Expected<void>();
  if (text == "ignore") return properties = Properties::Ignore, Expected<void>();
  return Refuse(at, fmt::format("`{}` says nothing of properties", text), "one of `merge`, `replace`, `ignore`");
}

auto ReadType(const Cursor& at, TypeRule& rule) -> Expected<void> {
  return ForEachMember(at, [&](std::string_view key, const Cursor& place) -> Expected<void> {
    if (key == "type") return ReadTypeName(place, rule.type);
    if (key == "properties") return ReadProperties(place, rule.properties);
    if (key == "attributes") return ReadNames(place, rule.attributes, false);
    if (key == "parents") return ReadNames(place, rule.parents, true);
    return Unknown(place, key);
  });
}

auto ReadAction(const Cursor& at, ActionRule& rule) -> Expected<void> {
  return ForEachMember(at, [&](std::string_view key, const Cursor& place) -> Expected<void> {
    if (key == "action") return ReadText(place, rule.action);
    if (key == "context") return ReadNames(place, rule.context, false);
    return Unknown(place, key);
  });
}

template <typename Rules, typename Read>
auto ReadRules(const Cursor& at, Rules& rules, Read read) -> Expected<void> {
  return ForEachMember(at, [&](std::string_view key, const Cursor& place) { return read(place, rules[std::string(key)]); });
}

template <typename Rules>
auto FindRule(const Rules& rules, std::string_view name) -> const typename Rules::mapped_type* {
  const auto it = rules.find(name);
  return it == rules.end() ? nullptr : &it->second;
}

}  // namespace

auto Mapping::FindType(std::string_view name) const -> const TypeRule* { return FindRule(types, name); }
auto Mapping::FindAction(std::string_view name) const -> const ActionRule* { return FindRule(actions, name); }

auto Renamed(const NameMap& names, std::string_view name) -> std::string_view {
  const auto it = names.find(name);
  return it == names.end() ? name : std::string_view(it->second);
}

auto ReadMapping(std::string_view json) -> Expected<Mapping> {
  const auto document = json::Document::Parse(json, kMaxBytes, kMappingDepth);
  if (!document) return std::unexpected(document.error());
  Mapping mapping;
  auto read = ForEachMember(Cursor(document->root()), [&](std::string_view key, const Cursor& place) -> Expected<void> {
    if (key == "namespace") return ReadTypeName(place, mapping.name_space);
    if (key == "types") return ReadRules(place, mapping.types, ReadType);
    if (key == "actions") return ReadRules(place, mapping.actions, ReadAction);
    if (key == "context") return ReadNames(place, mapping.context, false);
    return Unknown(place, key);
  });
  if (!read) return std::unexpected(read.error());
  return mapping;
}

}  // namespace remit::authzen
