// A row is in the environments that its scope does not exclude, but where its conditions come to nothing. Environments in which one body decides
// it are a list, and rows with the same list share a group, so what grows with environments is the number of different lists: one for all policies
// without a restriction, one for each action that policies name, and so on. Listing the policies of each environment, the obvious form, takes
// memory with policies times environments.
#include "compiler/lower/environments_to_ir.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/ast/fill_slots.h"
#include "compiler/check/scope.h"
#include "compiler/check/walk.h"
#include "compiler/lower/conditions_to_ir.h"

namespace remit {
namespace {

// Positions of environments, ascending.
using EnvironmentList = std::vector<uint32_t>;

// Lists of environments to groups. Many lists are a few runs of neighbours, so runs are what is kept of them.
class GroupTable {
 public:
  explicit GroupTable(ir::Program& program) : program_(program) {}

  auto GroupOf(const EnvironmentList& list) -> uint32_t {
    const auto [it, is_new] = groups_.try_emplace(Runs(list), static_cast<uint32_t>(program_.groups.size()));
    if (!is_new) return it->second;
    program_.groups.emplace_back();
    for (const uint32_t environment : list) program_.environments[environment].groups.push_back(it->second);
    return it->second;
  }

 private:
  static auto Runs(const EnvironmentList& list) -> std::vector<uint32_t> {
    std::vector<uint32_t> runs;  // first, behind the last, first, ...
    for (const uint32_t environment : list) {
      if (runs.empty() || runs.back() != environment) runs.insert(runs.end(), {environment, environment});
      ++runs.back();
    }
    return runs;
  }

  ir::Program& program_;
  std::map<std::vector<uint32_t>, uint32_t> groups_;
};

// The bodies of one statement by environment, made once for a class of them.
class StatementBodies {
 public:
  StatementBodies(check::TypedPolicySet& typed, uint32_t statement, uint32_t general, LowerContext& context, BodyTable& bodies)
      : typed_(typed),
        statement_(statement),
        conditions_(*check::ConditionsOf(typed.ast().statements[statement])),
        general_(general),
        context_(context),
        bodies_(bodies) {
    // Of a policy with mistakes types say nothing that could be relied on.
    const auto& checked = typed.statements()[statement];
    if (!checked.ok || !checked.decided) return;
    check::VisitExprs(typed.ast(), check::RootsOf(typed.ast().statements[statement]),
                      [&](ast::ExprId id, const ast::Expr& /*expr*/) { exprs_.push_back(id); });
    std::ranges::sort(exprs_);
    classes_ = &typed.ClassesFor(statement);
    by_class_.resize(classes_->count);
  }

  // None: the policy is neither satisfied nor fails there.
  auto BodyIn(uint32_t environment) -> std::optional<uint32_t> {
    if (classes_ == nullptr) return general_;
    auto& known = by_class_[classes_->class_of[environment]];
    if (!known.is_known) known = {.is_known = true, .body = MakeBody(environment)};
    return known.body;
  }

 private:
  struct KnownBody {
    bool is_known = false;
    std::optional<uint32_t> body = {};
  };

  auto MakeBody(uint32_t environment) -> std::optional<uint32_t> {
    const TypeFolds folds(typed_, context_.constants, exprs_, typed_.ExprTypesIn(statement_, environment));
    const auto signature = folds.Signature(conditions_);
    if (signature.empty()) return general_;
    const auto [it, is_new] = by_signature_.try_emplace(signature);
    if (!is_new) return it->second;
    auto body = ConditionsToIr(context_, conditions_, folds);
    if (body) it->second = bodies_.Share(std::move(*body));
    return it->second;
  }

  check::TypedPolicySet& typed_;
  uint32_t statement_;
  const std::vector<ast::Condition>& conditions_;
  uint32_t general_;
  LowerContext& context_;
  BodyTable& bodies_;
  std::vector<ast::ExprId> exprs_;
  const check::EnvironmentClasses::Partition* classes_ = nullptr;  // none: the general body everywhere
  std::vector<KnownBody> by_class_;
  std::map<std::string, std::optional<uint32_t>> by_signature_;
};

class Builder {
 public:
  Builder(check::TypedPolicySet& typed, const Limits& limits, LowerContext& context, BodyTable& bodies, ir::Program& program)
      : typed_(typed), limits_(limits), context_(context), bodies_(bodies), program_(program), groups_(program) {}

  void Run(std::span<const RowSource> rows) {
    for (const auto& each : typed_.environments()) {
      program_.environments.push_back({.principal_type = each.principal, .action = each.action->uid, .resource_type = each.resource});
    }
    for (uint32_t i = 0; i < rows.size(); ++i) {
      for (const auto& [group, body] : PlacesOf(rows[i], i)) program_.groups[group].push_back({.policy = i, .body = body});
      if (work_ > limits_.max_environment_work) return GiveUp();
    }
    for (auto& environment : program_.environments) environment.groups.shrink_to_fit();
  }

 private:
  struct Place {
    uint32_t group;
    uint32_t body;
  };
  using Places = std::vector<Place>;
  // All that a scope's answer depends on where a slot has been filled: the type, and whether the schema has such an entity.
  using SlotKey = std::pair<SymbolId, bool>;

  auto PlacesOf(const RowSource& row, uint32_t policy) -> Places {
    if (row.link == nullptr) return FindPlaces(row, policy);
    const auto key = std::tuple(row.statement, KeyOf(row.link->principal), KeyOf(row.link->resource));
    const auto it = places_of_links_.find(key);
    return it != places_of_links_.end() ? it->second : places_of_links_[key] = FindPlaces(row, policy);
  }

  auto KeyOf(const std::optional<EntityUid>& entity) const -> SlotKey {
    if (!entity) return {};
    return {entity->type, typed_.schema().TypeOfLiteral(*entity).has_value()};
  }

  auto FindPlaces(const RowSource& row, uint32_t policy) -> Places {
    StatementBodies bodies(typed_, row.statement, program_.policies[policy].body, context_, bodies_);
    std::map<uint32_t, EnvironmentList> lists;  // by body
    auto list_of_last = lists.end();
    for (const uint32_t environment : EnvironmentsOf(row)) {
      const auto body = bodies.BodyIn(environment);
      if (!body) continue;
      // Neighbours mostly have the same.
      if (list_of_last == lists.end() || list_of_last->first != *body) list_of_last = lists.try_emplace(*body).first;
      list_of_last->second.push_back(environment);
    }
    Places places;
    for (const auto& [body, list] : lists) places.push_back({.group = groups_.GroupOf(list), .body = body});
    return places;
  }

  // Permissive: a list of actions that strict checking finds fault with still says which actions it names.
  auto EnvironmentsOf(const RowSource& row) -> EnvironmentList {
    const auto& written = *check::ScopeOf(typed_.ast().statements[row.statement]);
    const ast::Scope scope = row.link == nullptr ? written : ast::FillSlots(written, *row.link);
    EnvironmentList list;
    for (const auto& match : check::MatchScope(scope, typed_.schema(), check::Mode::Permissive)) list.push_back(match.environment);
    work_ += scope.action.op == ast::ScopeOp::Eq ? list.size() : typed_.environments().size();
    return list;
  }

  void GiveUp() {
    program_.groups.clear();
    program_.environments.clear();
  }

  check::TypedPolicySet& typed_;
  const Limits& limits_;
  LowerContext& context_;
  BodyTable& bodies_;
  ir::Program& program_;
  GroupTable groups_;
  std::map<std::tuple<uint32_t, SlotKey, SlotKey>, Places> places_of_links_;
  uint64_t work_ = 0;  // environments that scopes were held against
};

}  // namespace

void EnvironmentsToIr(check::TypedPolicySet& typed, std::span<const RowSource> rows, const Limits& limits, LowerContext& context,
                      BodyTable& bodies, ir::Program& program) {
  Builder(typed, limits, context, bodies, program).Run(rows);
}

}  // namespace remit
