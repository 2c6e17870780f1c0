// Decides requests of programs that have more than Cedar's statements: caps, claims, obligations, wanted approvals (docs/language.md, "Outcomes").
//
// Written once for all engines: an engine runs rows and bodies, here is what their results mean. Budgets and breakers come first, rank by rank,
// since their state may be read; then all other rows, as for Cedar; the lowest of permission and caps is the outcome. Giving each engine its own
// combination, the alternative, would make two of what must never differ.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/eval/interpreter.h"
#include "runtime/eval/key_memory.h"
#include "runtime/eval/plain_clauses.h"
#include "runtime/eval/stateful_row.h"

namespace remit::eval {

// Of the text of a budget's or a breaker's key: ledgers keep it, and requests choose it.
inline constexpr size_t kMaxKeyBytes = 4096;

struct FailedRow {
  uint32_t policy;
  uint32_t body;
};

// Rows of one request that hold, and those that failed; each list ascending and without repetition.
struct RowResults {
  std::vector<uint32_t> permits, forbids, caps;  // caps: escalate and restrict
  std::vector<FailedRow> failed;

  void Clear() {
    for (auto* rows : {&permits, &forbids, &caps}) rows->clear();
    failed.clear();
  }
};

// An engine that has a request at hand.
class RowRunner {
 public:
  virtual ~RowRunner() = default;

  // State that rows and bodies read from now on.
  virtual void SetState(const StateView& state) = 0;
  // Budgets and breakers whose scope the request falls under, sorted by `SortStateful`; `rows` is empty memory to list them in.
  virtual auto ListStateful(std::vector<StatefulRow>& rows) -> std::span<const StatefulRow> = 0;
  // Budgets that need not be run if they are plain; empty: all are.
  virtual auto PlainBudgets() -> std::span<const PlainBudget> { return {}; }
  // Runs all other rows.
  virtual void RunPolicies(RowResults& results) = 0;
  // None: it failed.
  virtual auto Holds(uint32_t body) -> std::optional<bool> = 0;
  virtual auto ValueOf(uint32_t body) -> std::optional<Value> = 0;
  // For the interpreter, which makes messages of errors; with the state that was set.
  virtual auto Input() -> EvalInput = 0;
  virtual auto Asked() -> const Request& = 0;
  // Whether this name means this entity in all requests that there will be.
  virtual auto IsLasting(EntityUid /*uid*/) -> bool { return false; }
  virtual auto Symbols() -> const Interner& = 0;
};

// Scratch memory for one decision after another: once warm, and but for errors, obligations and wanted approvals, a decision allocates nothing. The
// result is overwritten by the next.
class StatementEvaluator {
 public:
  // `world` may be null: then nothing is approved or quarantined, and what depends on state is denied.
  auto Decide(const ir::Program& program, RowRunner& runner, World* world) -> const Decision&;
  auto decision() const -> const Decision& { return decision_; }
  auto TakeDecision() && -> Decision { return std::move(decision_); }
  // Into memory that this keeps for the next one: `decision` is then one without anything.
  void TakeDecision(Decision& taken);

 private:
  struct Cap {
    uint32_t policy;
    Outcome level;
  };
  // Of a charge or a limit.
  struct Amount {
    Kind kind;  // Long or Decimal
    int64_t units;
  };

  void Reset();
  void ClearDecision();
  auto IsQuarantined() -> bool;
  // ---- statement_claims.cpp
  void ClaimAll();
  void ClaimRank(std::span<const StatefulRow> all);
  auto ClaimPlain(uint32_t position) -> bool;
  auto PlainKeyOf(const PlainBudget& plain, const Request& request, BudgetClaim& claim) -> bool;
  auto KeptKeyOf(EntityUid uid, BudgetClaim& claim) -> bool;
  void UseSpareKey(std::string& key);
  void ClaimBudget(const ir::Budget& budget);
  void ClaimBreaker(const ir::Breaker& breaker);
  void ReadState(size_t first_budget, size_t first_breaker);
  auto KeyOf(uint32_t policy, const std::vector<uint32_t>& per, std::string& key) -> bool;
  auto AmountOf(uint32_t policy, uint32_t body, Amount& amount) -> bool;
  void DropClaims(size_t first_budget, size_t first_breaker);

  void CapByState();
  void CapByRows();
  void CapBy(uint32_t policy, const ir::Approval& approval, bool* is_lifted);
  auto Oblige(uint32_t policy) -> bool;
  void Combine();
  // The statement fails closed, unless it is a permit or forbid, which is skipped.
  void Fail(uint32_t policy, uint32_t body);
  void Fail(uint32_t policy, uint32_t body, std::string_view code, std::string message);
  void KeepError(EvalError error);

  const ir::Program* program_ = nullptr;
  RowRunner* runner_ = nullptr;
  World* world_ = nullptr;
  Decision decision_;
  RowResults results_;
  std::vector<StatefulRow> rows_;
  std::span<const PlainBudget> plain_;  // empty: none is taken for plain
  std::vector<BudgetState> budget_states_;
  std::vector<BreakerState> breaker_states_;
  std::vector<uint32_t> applied_budgets_;  // whose states apply
  std::vector<uint32_t> applied_breakers_;
  std::vector<Cap> caps_;
  std::vector<std::string> spare_keys_;
  KeyMemory keys_;
};

}  // namespace remit::eval
