// A full request and store, and a random part of what is known of them.
#pragma once

#include <set>

#include "compiler/driver/partial.h"
#include "tests/unit/partial/random_world.h"

namespace remit {

// What is left of a store after some of it was forgotten.
struct ConcealedEntities {
  EntityStore store;
  KnownPartsMap known;
  bool is_complete = false;
};

inline auto ConcealEntities(const EntityStore& full, const Schema& schema, const Interner& interner, Random& random) -> ConcealedEntities {
  ConcealedEntities concealed;
  concealed.is_complete = random.Chance(25);
  const uint64_t forgotten = random.Below(80);  // percent
  EntityStoreBuilder builder(interner);
  for (Entity entity : full.entities()) {
    const bool is_action = schema.FindAction(entity.uid) != nullptr;
    if (!is_action && !concealed.is_complete) {
      if (random.Chance(forgotten / 2)) continue;
      const KnownParts known = {
          .attrs = !random.Chance(forgotten), .tags = !random.Chance(forgotten), .parents = !random.Chance(forgotten)};
      if (!known.attrs) entity.attrs = {};
      if (!known.tags) entity.tags = {};
      if (!known.parents) entity.parents = {};
      if (!known.all()) concealed.known.emplace(entity.uid.packed(), known);
    }
    EXPECT_TRUE(builder.Add(entity).has_value());
  }
  auto store = std::move(builder).Build();
  EXPECT_TRUE(store.has_value());
  concealed.store = std::move(*store);
  return concealed;
}

inline constexpr Datetime kNow = {.millis = 1'720'000'000'000};

inline auto ConcealRequest(const Request& full, const Schema& schema, Arena& arena, Random& random) -> partial::PartialRequest {
  partial::PartialRequest request = {.principal = partial::PartialUid::Of(full.principal),
                                     .action = full.action,
                                     .resource = partial::PartialUid::Of(full.resource),
                                     .context = {},
                                     .now = std::nullopt};
  if (random.Chance(40)) request.principal.id.reset();
  if (random.Chance(40)) request.resource.id.reset();
  if (random.Chance(50)) request.now = kNow;
  const uint64_t forgotten = random.Chance(30) ? 0 : random.Below(101);
  std::vector<Field> known;
  for (const auto& field : schema.type(schema.FindAction(full.action)->context).fields) {
    const Value* value = FindField(full.context, field.key);
    if (random.Chance(forgotten)) {
      request.context.unknown.push_back(field.key);
    } else if (value != nullptr) {
      known.push_back({.key = field.key, .value = *value});
    }
  }
  request.context.known = MakeRecord(arena, known).as_record();
  return request;
}

// A decision by the ids of its policies.
struct NamedDecision {
  Outcome outcome = Outcome::Deny;
  std::set<std::string> determining;
  std::set<std::string> erroring;

  friend auto operator==(const NamedDecision&, const NamedDecision&) -> bool = default;

  auto Text() const -> std::string {
    std::string text = fmt::format("{} by", OutcomeName(outcome));
    for (const auto& id : determining) text += " " + id;
    text += ", errors in";
    for (const auto& id : erroring) text += " " + id;
    return text;
  }
};

inline auto DecideNamed(const ir::Program& program, const EntityStore& entities, const Request& request, const Interner& interner)
    -> NamedDecision {
  Arena arena;
  const auto decision = Decide(program, {.entities = entities, .request = request, .interner = interner, .arena = arena, .now = kNow});
  NamedDecision named = {.outcome = decision.outcome, .determining = {}, .erroring = {}};
  for (const uint32_t policy : decision.determining) named.determining.emplace(interner.text(program.policies[policy].id));
  for (const auto& error : decision.errors) named.erroring.emplace(interner.text(program.policies[error.policy].id));
  return named;
}

}  // namespace remit
