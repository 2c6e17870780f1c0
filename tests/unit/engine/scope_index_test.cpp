// The index finds what testing every row finds.
#include "runtime/engine/scope_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace remit {
namespace {

TEST(ScopeIndexTest, FindsWhatTestingEveryRowFinds) {
  std::mt19937 random(20261123);
  const auto below = [&](uint32_t limit) { return std::uniform_int_distribution<uint32_t>(0, limit - 1)(random); };
  Interner interner;
  const SymbolId types[] = {interner.Intern("A"), interner.Intern("B")};
  const auto uid = [&](uint32_t type, uint32_t id) { return EntityUid{types[type], interner.Intern(std::to_string(id))}; };
  constexpr uint32_t kIds = 40;
  for (int round = 0; round < 40; ++round) {
    EntityStoreBuilder builder(interner);
    for (uint32_t type = 0; type < 2; ++type) {
      for (uint32_t id = 0; id < kIds; ++id) {
        std::vector<EntityUid> parents;
        for (uint32_t n = below(4); n > 0 && id + 1 < kIds; --n) parents.push_back(uid(type, id + 1 + below(kIds - id - 1)));
        if (below(8) == 0) continue;
        builder.AddOrReplace(
            {.uid = uid(type, id), .attrs = {}, .tags = {}, .parents = builder.arena().Copy(std::span<const EntityUid>(parents))});
      }
    }
    const auto store = std::move(builder).Build();
    ASSERT_TRUE(store);
    std::vector<ir::Policy> policies;
    std::vector<uint32_t> rows;
    const auto test = [&]() -> ir::ScopeTest {
      const std::array ops = {ir::ScopeOp::Any, ir::ScopeOp::Eq, ir::ScopeOp::In, ir::ScopeOp::Is, ir::ScopeOp::IsIn};
      ir::ScopeTest made = {.op = ops[below(5)], .type = types[below(2)], .entities = {}};
      // Few uids, so that some have many rows under them.
      if (made.op != ir::ScopeOp::Any && made.op != ir::ScopeOp::Is)
        made.entities.push_back(uid(below(2), kIds - 1 - below(1 + below(kIds))));
      return made;
    };
    for (uint32_t row = 0; row < 1 + below(600); ++row) {
      policies.push_back({.id = {}, .effect = ir::Effect::Permit, .principal = test(), .action = {}, .resource = test(), .body = 0});
      if (NamesEntity(policies.back())) rows.push_back(row);
    }
    const ScopeIndex index(policies, rows);
    EXPECT_EQ(index.size(), rows.size());
    for (int i = 0; i < 60; ++i) {
      const EntityUid principal = uid(below(2), below(kIds));
      const EntityUid resource = uid(below(2), below(kIds));
      const ScopeEntities request = {.principal = principal,
                                     .resource = resource,
                                     .principal_entity = store->Find(principal),
                                     .resource_entity = store->Find(resource),
                                     .store = *store};
      std::vector<uint32_t> expected;
      std::ranges::copy_if(rows, std::back_inserter(expected), [&](uint32_t row) { return MatchesEntities(policies[row], request); });
      std::vector<uint32_t> found;
      index.ForEachMatch(policies, request, [&](uint32_t row) { found.push_back(row); });
      std::ranges::sort(found);
      ASSERT_EQ(found, expected);
    }
  }
}

}  // namespace
}  // namespace remit
