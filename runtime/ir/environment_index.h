// Finds the environment of a request in a program.
//
// Whoever decides many requests makes one and keeps it beside the program, which itself stays plain data.
#pragma once

#include <optional>
#include <unordered_map>

#include "runtime/ir/program.h"

namespace remit::ir {

class EnvironmentIndex {
 public:
  explicit EnvironmentIndex(const Program& program);

  // Position in `environments`; none if the program has no such environment.
  auto Find(SymbolId principal_type, EntityUid action, SymbolId resource_type) const -> std::optional<uint32_t>;
  // The number of kinds of request.
  auto size() const -> size_t { return positions_.size(); }

 private:
  struct Key {
    SymbolId principal_type;
    EntityUid action;
    SymbolId resource_type;

    friend auto operator==(const Key&, const Key&) -> bool = default;
  };
  struct Hash {
    auto operator()(const Key& key) const -> size_t;
  };

  std::unordered_map<Key, uint32_t, Hash> positions_;
};

}  // namespace remit::ir
