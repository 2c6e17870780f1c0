// Who may do it, what may it be done to, which actions may be done: partial evaluation once, and what is left decided for each candidate.
//
// Deciding every candidate from the start, the obvious way, runs each policy as often as there are candidates; folding first leaves those
// that depend on the candidate. Where the context is not known either, the rest is folded once more for each candidate, and what is still open
// after that is a "maybe".
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "compiler/partial/partial_evaluator.h"
#include "compiler/source/diagnostic.h"
#include "runtime/ir/program.h"

namespace remit::partial {

enum class Grant : uint8_t { Yes, Maybe };  // Maybe: depending on the context

struct Found {
  EntityUid uid;
  Grant grant;
};

// What queries ask. `entities` is complete. All outlive them.
struct QuerySubject {
  const ast::Ast& ast;
  const Schema& schema;
  const EntityStore& entities;
  PartialEvaluator& evaluator;
  Interner& interner;
  DiagnosticSink& sink;
  std::optional<Datetime> now = std::nullopt;  // the time of the decisions
};

enum class Role : uint8_t { Principal, Resource };

// Decides candidates for the one place of a request that is not known.
class CandidateDecider {
 public:
  // The principal's or the resource's id is not known, as `role` says. Policies that cannot be decided are reported; then ok() is false.
  CandidateDecider(const QuerySubject& subject, const PartialRequest& request, Role role);

  auto ok() const -> bool { return ok_; }
  // None: denied.
  auto Decide(EntityUid candidate) -> std::optional<Grant>;

 private:
  auto Compile(const PartialAnswer& answer) -> bool;
  auto DecideWithContext(EntityUid candidate) -> bool;
  auto DecideWithoutContext(EntityUid candidate) -> Verdict;

  const QuerySubject& subject_;
  PartialRequest request_;
  Role role_;
  bool ok_ = true;
  Verdict verdict_;
  std::vector<PolicyRef> open_;
  std::vector<PolicyResidual> settled_;
  std::optional<ir::Program> program_;  // of the residual policies, where the context is known
  Arena arena_;
};

// Which part of a long answer is wanted. Candidates are in the order of their texts: by type, then by id.
struct PageOptions {
  size_t limit = SIZE_MAX;
  std::optional<EntityUid> after = std::nullopt;
};

struct FoundPage {
  std::vector<Found> found;
  bool has_more = false;  // candidates were left behind the last one found
};

// Candidates are the entities of the store and those that enumerated types have by declaration. One request for each type of candidate;
// each has an id that is not known, as `role` says. None after reporting.
auto FindCandidates(const QuerySubject& subject, std::span<const PartialRequest> requests, Role role, const PageOptions& page)
    -> std::optional<FoundPage>;

struct FoundActions {
  std::vector<Found> found;  // in the schema's order
  std::vector<EntityUid> excluded;  // apply, but the context given does not fit
};

// The actions that may be asked for these two. `context_of` gives an action's context, or none if what is known does not fit it.
auto FindActions(const QuerySubject& subject, EntityUid principal, EntityUid resource,
                 const std::function<std::optional<PartialContext>(const ActionDecl&)>& context_of) -> FoundActions;

}  // namespace remit::partial
