#include "runtime/ir/tables.h"

namespace remit::ir {
namespace {

// The entry's index; `store` makes what the table keeps and is called for new entries only.
template <typename Key, typename Map, typename Table, typename Store>
auto Enter(const Key& key, Map& known, Table& table, Store store) -> uint32_t {
  if (auto it = known.find(key); it != known.end()) return it->second;
  const auto index = static_cast<uint32_t>(table.size());
  table.push_back(store());
  known.emplace(table.back(), index);
  return index;
}

}  // namespace

auto Tables::Constant(const Value& value) -> uint32_t {
  return Enter(value, constants_, program_.constants, [&] { return CopyValue(program_.arena, value); });
}

auto Tables::AddPattern(const Pattern& pattern) -> uint32_t {
  return Enter(pattern, patterns_, program_.patterns, [&] { return pattern; });
}

auto Tables::AddRegex(SymbolId text, const std::shared_ptr<const Regex>& compiled) -> uint32_t {
  const auto [it, is_new] = regexes_.emplace(text, static_cast<uint32_t>(program_.regexes.size()));
  if (is_new) program_.regexes.push_back({.text = text, .compiled = compiled});
  return it->second;
}

auto Tables::RecordKeys(const std::vector<SymbolId>& keys) -> uint32_t {
  return Enter(keys, record_keys_, program_.record_keys, [&] { return keys; });
}

}  // namespace remit::ir
