// What AuthZEN's names mean in Cedar, where a deployment says so.
//
// AuthZEN has types, ids, action names and properties; Cedar has entity types, actions, attributes and a context. Most names need no word: names.h
// finds `user` as `Acme::User`. A mapping file says the rest. It is JSON, as everything else that crosses this border; TOML, the alternative, would
// make one more reader answer for untrusted depth and numbers.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/base/error.h"

namespace remit::authzen {

// What becomes of the properties that a request gives an entity.
enum class Properties : uint8_t {
  Merge,  // they stand beside the stored attributes, and before those of the same name
  Replace,  // they are all the attributes there are
  Ignore,  // what is stored counts alone
};

using NameMap = std::map<std::string, std::string, std::less<>>;

struct TypeRule {
  std::string type;  // the entity type; empty: found by the name
  Properties properties = Properties::Merge;
  NameMap attributes;  // of a property: the attribute's name
  NameMap parents;  // of a property that lists ids: the entity type of the parents
};

struct ActionRule {
  std::string action;  // `Acme::Action::"read"`; empty: found by the name
  NameMap context;  // of a property: the name in the context
};

struct Mapping {
  std::string name_space;  // where types and actions are looked for first
  std::map<std::string, TypeRule, std::less<>> types;  // by AuthZEN's name
  std::map<std::string, ActionRule, std::less<>> actions;
  NameMap context;  // of a member of AuthZEN's context: the name in Cedar's

  // Null: there is no rule.
  auto FindType(std::string_view name) const -> const TypeRule*;
  auto FindAction(std::string_view name) const -> const ActionRule*;
};

// The name that `names` gives, or the name itself.
auto Renamed(const NameMap& names, std::string_view name) -> std::string_view;

// Unknown members are refused with their pointer, so that a misspelt rule is never ignored. Codes: "invalid-json", "invalid-mapping".
auto ReadMapping(std::string_view json) -> Expected<Mapping>;

}  // namespace remit::authzen
