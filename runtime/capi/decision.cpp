#include "runtime/capi/decision.h"

#include "runtime/capi/versioned.h"

namespace remit::capi {
namespace {

constexpr bool kSameOutcomes = static_cast<int>(Outcome::Deny) == REMIT_DENY && static_cast<int>(Outcome::Observe) == REMIT_OBSERVE &&
                               static_cast<int>(Outcome::Draft) == REMIT_DRAFT && static_cast<int>(Outcome::Approve) == REMIT_APPROVE &&
                               static_cast<int>(Outcome::Execute) == REMIT_EXECUTE;
static_assert(kSameOutcomes);

auto Copy(const remit_decision& from) -> std::unique_ptr<remit_decision> {
  auto copy = std::make_unique<remit_decision>();
  copy->outcome = from.outcome;
  copy->policies = from.policies;
  copy->engine = from.engine;
  copy->request_id = from.request_id;
  copy->is_governed = from.is_governed;
  if (from.is_governed) copy->answer = from.answer;
  if (from.statements != nullptr) copy->statements = &copy->kept_statements.emplace(*from.statements);
  copy->errors = ErrorsOf(from);
  copy->kept_determining.assign(from.determining.begin(), from.determining.end());
  copy->kept_failed.assign(from.failed.begin(), from.failed.end());
  copy->determining = copy->kept_determining;
  copy->failed = copy->kept_failed;
  return copy;
}

}  // namespace

void Show(remit_decision& decision, EngineState& engine, Session& session, const DecisionView& view) {
  decision.outcome = view.outcome;
  decision.determining = view.determining;
  decision.failed = view.failed;
  decision.policies = session.snapshot()->policies.get();
  decision.engine = &engine;
  decision.session = &session;
  if (!decision.request_id.empty()) decision.request_id.clear();
  decision.errors.reset();
  decision.statements = session.statements();
  decision.is_governed = false;
}

void ShowGoverned(remit_decision& decision, EngineState& engine, Session& session) {
  const Decision& decided = decision.answer.decision;
  decision.is_governed = true;
  decision.outcome = decided.outcome;
  decision.determining = decided.determining;
  decision.kept_failed.clear();
  for (const auto& error : decided.errors) decision.kept_failed.push_back(error.policy);
  decision.failed = decision.kept_failed;
  decision.policies = session.snapshot()->policies.get();
  decision.engine = &engine;
  decision.session = &session;
  decision.request_id.clear();
  decision.errors = decided.errors;
  decision.statements = &decided;
}

void Clear(remit_decision& decision) {
  decision.outcome = Outcome::Deny;
  decision.determining = {};
  decision.failed = {};
  decision.policies = nullptr;
  decision.session = nullptr;
  decision.request_id.clear();
  decision.errors.reset();
  decision.statements = nullptr;
  decision.is_governed = false;
}

auto PolicyId(const remit_decision& decision, uint32_t policy) -> std::string_view {
  return decision.engine->interner->text(decision.policies->program().policies[policy].id);
}

auto ErrorsOf(const remit_decision& decision) -> const std::vector<EvalError>& {
  if (!decision.errors) decision.errors = decision.failed.empty() ? std::vector<EvalError>{} : decision.session->Errors();
  return *decision.errors;
}

}  // namespace remit::capi

using namespace remit::capi;

auto remit_decision_outcome(const remit_decision* decision) noexcept -> remit_outcome {
  return decision != nullptr ? static_cast<remit_outcome>(decision->outcome) : REMIT_DENY;
}

auto remit_outcome_name(remit_outcome outcome) noexcept -> remit_string {
  if (outcome < REMIT_DENY || outcome > REMIT_EXECUTE) return ToC("");
  return ToC(OutcomeName(static_cast<remit::Outcome>(outcome)));
}

auto remit_decision_determining_count(const remit_decision* decision) noexcept -> size_t {
  return decision != nullptr ? decision->determining.size() : 0;
}

auto remit_decision_determining(const remit_decision* decision, size_t index) noexcept -> remit_string {
  if (index >= remit_decision_determining_count(decision)) return ToC("");
  return ToC(PolicyId(*decision, decision->determining[index]));
}

auto remit_decision_error_count(const remit_decision* decision) noexcept -> size_t {
  return decision != nullptr ? decision->failed.size() : 0;
}

auto remit_decision_error(const remit_decision* decision, size_t index, remit_evaluation_error* evaluation_error,
                          remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"decision", decision}, {"evaluation_error", evaluation_error}}); !given) return given;
    if (index >= decision->failed.size()) return FailArgument("the decision has no error of this position");
    const auto& failed = ErrorsOf(*decision)[index];
    const remit_evaluation_error values = {.size = 0,
                                           .policy = ToC(PolicyId(*decision, failed.policy)),
                                           .code = ToC(failed.code),
                                           .message = ToC(failed.message),
                                           .help = ToC(failed.help)};
    if (!WriteStruct(values, evaluation_error)) return FailArgument("the size of `evaluation_error` is not set");
    return {};
  });
}

auto remit_decision_json(const remit_decision* decision, remit_string* json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"decision", decision}, {"json", json}}); !given) return given;
    *json = {};
    decision->json.clear();
    AppendAnswer(decision->json, *decision);
    *json = ToC(decision->json);
    return {};
  });
}

auto remit_decision_explain(const remit_decision* decision, remit_string* json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"decision", decision}, {"json", json}}); !given) return given;
    *json = {};
    decision->explanation = Explain(*decision);
    *json = ToC(decision->explanation);
    return {};
  });
}

auto remit_decision_copy(const remit_decision* decision, remit_decision** copy, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"decision", decision}, {"copy", copy}}); !given) return given;
    *copy = nullptr;
    if (decision->policies == nullptr) return FailArgument("nothing was decided, or the session was released");
    auto made = Copy(*decision);
    made->kept_policies = decision->session != nullptr ? decision->session->snapshot()->policies : decision->kept_policies;
    made->kept_engine = decision->engine->shared_from_this();
    *copy = made.release();
    return {};
  });
}

void remit_decision_free(remit_decision* decision) noexcept {
  if (decision != nullptr && decision->kept_engine != nullptr) delete decision;
}
