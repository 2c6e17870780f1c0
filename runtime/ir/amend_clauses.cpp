#include "runtime/ir/amend_clauses.h"

#include <algorithm>

namespace remit::ir {
namespace {

using MapBody = std::function<uint32_t(uint32_t)>;

void MapBodies(Consequence& consequence, const MapBody& map) { consequence.approval.by = map(consequence.approval.by); }
void MapBodies(Obligation& obligation, const MapBody& map) { obligation.body = map(obligation.body); }
void MapBodies(Escalation& escalation, const MapBody& map) { escalation.approval.by = map(escalation.approval.by); }
void MapBodies(Restriction&, const MapBody&) {}
void MapBodies(Budget& budget, const MapBody& map) {
  budget.charge = map(budget.charge);
  budget.limit = map(budget.limit);
  for (uint32_t& body : budget.per) body = map(body);
  MapBodies(budget.exceeded, map);
}
void MapBodies(Breaker& breaker, const MapBody& map) {
  for (uint32_t& body : breaker.per) body = map(body);
  breaker.trip = map(breaker.trip);
  MapBodies(breaker.open, map);
}

auto MostRank(const Program& program) -> uint32_t {
  uint32_t most = 0;
  for (const auto& budget : program.budgets) most = std::max(most, budget.rank);
  for (const auto& breaker : program.breakers) most = std::max(most, breaker.rank);
  return most;
}

template <typename Visit>
void ForEachRank(Program& program, Visit visit) {
  for (auto& budget : program.budgets) visit(budget.rank);
  for (auto& breaker : program.breakers) visit(breaker.rank);
}

// 0, 1, 2, ... in their order: a program that is amended for years has no more ranks than it needs.
void NumberRanks(Program& program) {
  std::vector<uint32_t> ranks;
  ForEachRank(program, [&](uint32_t rank) { ranks.push_back(rank); });
  std::ranges::sort(ranks);
  const auto repeated = std::ranges::unique(ranks);
  ranks.erase(repeated.begin(), repeated.end());
  ForEachRank(program, [&](uint32_t& rank) { rank = static_cast<uint32_t>(std::ranges::lower_bound(ranks, rank) - ranks.begin()); });
}

}  // namespace

ClauseMerger::ClauseMerger(const Program& base, const std::vector<uint32_t>& base_rows, const Program& added,
                           const std::vector<uint32_t>& added_rows)
    : base_(base), base_rows_(base_rows), added_(added), added_rows_(added_rows) {
  Place(&Program::budgets, of_base_.budgets, of_added_.budgets);
  Place(&Program::breakers, of_base_.breakers, of_added_.breakers);
}

template <typename Clauses>
auto ClauseMerger::Order(std::vector<Clauses> Program::* table) const -> std::vector<Placed> {
  std::vector<Placed> placed;
  const auto place = [&](bool is_base, const std::vector<Clauses>& clauses, const std::vector<uint32_t>& rows) {
    for (uint32_t i = 0; i < clauses.size(); ++i) {
      if (const uint32_t row = rows[clauses[i].policy]; row != kNowhere) placed.push_back({.row = row, .is_base = is_base, .index = i});
    }
  };
  place(true, base_.*table, base_rows_);
  place(false, added_.*table, added_rows_);
  std::ranges::sort(placed, {}, &Placed::row);
  return placed;
}

template <typename State>
void ClauseMerger::Place(std::vector<State> Program::* table, std::vector<uint32_t>& of_base, std::vector<uint32_t>& of_added) const {
  of_base.assign((base_.*table).size(), kNowhere);
  of_added.assign((added_.*table).size(), kNowhere);
  const auto order = Order(table);
  for (uint32_t i = 0; i < order.size(); ++i) (order[i].is_base ? of_base : of_added)[order[i].index] = i;
  for (uint32_t i = 0; i < of_base.size(); ++i) {
    if (of_base[i] != kNowhere) continue;
    const State& gone = (base_.*table)[i];
    const auto same =
        std::ranges::find_if(added_.*table, [&](const State& state) { return state.name == gone.name && state.text == gone.text; });
    if (same != (added_.*table).end()) of_base[i] = of_added[static_cast<size_t>(same - (added_.*table).begin())];
  }
}

template <typename Clauses>
void ClauseMerger::CopyTable(std::vector<Clauses> Program::* table, Program& to, const BodyOf& body_of) const {
  for (const auto& [row, is_base, index] : Order(table)) {
    Clauses clauses = ((is_base ? base_ : added_).*table)[index];
    clauses.policy = row;
    MapBodies(clauses, [&, from_base = is_base](uint32_t body) { return body == kNoBody ? kNoBody : body_of(from_base, body); });
    // What comes reads nothing of what stays, so that what stays may have all the higher ranks.
    if constexpr (requires { clauses.rank; }) clauses.rank += is_base ? MostRank(added_) + 1 : 0;
    (to.*table).push_back(std::move(clauses));
  }
}

void ClauseMerger::Copy(Program& to, const BodyOf& body_of) const {
  CopyTable(&Program::obligations, to, body_of);
  CopyTable(&Program::escalations, to, body_of);
  CopyTable(&Program::restrictions, to, body_of);
  CopyTable(&Program::budgets, to, body_of);
  CopyTable(&Program::breakers, to, body_of);
  NumberRanks(to);
}

}  // namespace remit::ir
