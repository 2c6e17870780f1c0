// Finds the entity types and actions that AuthZEN's names stand for, and back.
//
// In this order: what the mapping says; a name as it is; one of the mapping's namespace; one that differs in case or namespace alone, if there is
// only one. What a name finds depends on the schema, or without one on the types and actions that policies name, so an index is made once for each
// published policy set. A name that is not found is no guess: the request is answered with a denial that says so.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/engine/snapshot.h"
#include "runtime/server/authzen/declared_members.h"
#include "runtime/server/authzen/mapping.h"

namespace remit::authzen {

class Names {
 public:
  // `interner` is the engine's; `mapping` outlives the index.
  Names(const Mapping& mapping, const Snapshot& snapshot, const Interner& interner);

  auto policies() const -> const Policies& { return *policies_; }
  // Of their schema.
  auto members() const -> const DeclaredMembers& { return members_; }

  // Errors: "unknown-type", "ambiguous-type". `interner`: where a name that no schema knows goes.
  auto FindType(std::string_view name, Interner& interner) const -> Expected<SymbolId>;
  // "unknown-action", "ambiguous-action".
  auto FindAction(std::string_view name, Interner& interner) const -> Expected<EntityUid>;

  // Actions that a search may find: those of the schema, or those that policies name and entities are.
  auto actions() const -> const std::vector<EntityUid>& { return actions_; }
  // AuthZEN's name of one of them: one that FindAction finds it by. Empty: there is none.
  auto NameOf(size_t action) const -> std::string_view { return action_names_[action]; }

 private:
  // By the last part of a name, in lower case.
  template <typename T>
  using Index = std::unordered_map<std::string, std::vector<T>>;

  void AddType(SymbolId type);
  void AddAction(EntityUid action);
  void AddNamedByPolicies();
  void AddStored(const EntityStore& entities);
  void NameActions();
  auto Described(std::string_view name, size_t found, std::string_view kind) const -> std::unexpected<Error>;

  const Mapping& mapping_;
  std::shared_ptr<const Policies> policies_;
  const Interner& interner_;
  DeclaredMembers members_;
  Index<SymbolId> types_;
  std::unordered_set<uint32_t> seen_types_;
  Index<EntityUid> action_index_;
  std::vector<EntityUid> actions_;
  std::vector<std::string> action_names_;  // parallel
};

}  // namespace remit::authzen
