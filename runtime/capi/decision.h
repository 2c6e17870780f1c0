// A decision as callers see it: a view of its session, or a copy that owns what it shows.
#pragma once

#include <optional>

#include "runtime/capi/engine_state.h"
#include "runtime/governor/governor.h"

struct remit_decision {
  remit::Outcome outcome = remit::Outcome::Deny;
  std::span<const uint32_t> determining;  // positions in the policies
  std::span<const uint32_t> failed;
  const remit::Policies* policies = nullptr;  // null: nothing was decided
  remit::capi::EngineState* engine = nullptr;
  remit::Session* session = nullptr;  // which can still tell why policies failed; null: a copy
  std::string request_id;
  const remit::Decision* statements = nullptr;  // if Remit's statements had a say in it; null: they had none
  bool is_governed = false;  // it was decided with a ledger
  remit::GovernedDecision answer;  // if so; else memory for the next that is

  // Made when they are first asked for.
  mutable std::optional<std::vector<remit::EvalError>> errors;  // parallel to `failed`
  mutable std::string json;
  mutable std::string explanation;

  // Of a copy.
  std::shared_ptr<remit::capi::EngineState> kept_engine;
  std::shared_ptr<remit::Policies> kept_policies;
  std::vector<uint32_t> kept_determining;
  std::vector<uint32_t> kept_failed;
  std::optional<remit::Decision> kept_statements;

  auto governed() const -> const remit::GovernedDecision* { return is_governed ? &answer : nullptr; }
};

namespace remit::capi {

// The session's last decision.
void Show(remit_decision& decision, EngineState& engine, Session& session, const DecisionView& view);
// The same of one that was made with a ledger: `answer` is it.
void ShowGoverned(remit_decision& decision, EngineState& engine, Session& session);
// Nothing was decided.
void Clear(remit_decision& decision);

auto PolicyId(const remit_decision& decision, uint32_t policy) -> std::string_view;
auto ErrorsOf(const remit_decision& decision) -> const std::vector<EvalError>&;

// As remit_decision_json says.
void AppendAnswer(std::string& out, const remit_decision& decision);
// Of that answer what only some decisions have.
void AppendStatements(std::string& out, const remit_decision& decision);
// The answer to a request that could not be decided.
void AppendRefusal(std::string& out, std::string_view id, const remit_error& error);
// As remit_decision_explain says.
auto Explain(const remit_decision& decision) -> std::string;

}  // namespace remit::capi
