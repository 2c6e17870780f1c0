#include "compiler/testing/test_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/testing/edits.h"
#include "compiler/testing/explain.h"
#include "compiler/testing/literal_value.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/request/delegation.h"
#include "runtime/request/validate_request.h"

namespace remit::tests {
namespace {

class Run {
 public:
  Run(const RunContext& context, TestEngine& engine)
      : context_(context),
        entities_(context.entities, context.schema, context.interner),
        world_(context.approvers, context.key, engine, context.interner),
        now_(context.start) {}

  void Step(const ast::TestStep& step) {
    span_ = step.span;
    std::visit(*this, step.step);
  }
  auto Finish() -> RunResult { return std::move(result_); }

  void operator()(const ast::TestEntity& entity) {
    const auto attrs = RecordOf(entity.attrs);
    const auto tags = RecordOf(entity.tags);
    if (!attrs || !tags) return;
    if (auto declared = entities_.Declare(entity.uid, entity.parents, *attrs, *tags); !declared)
      Refuse(UidText(entity.uid), declared.error());
  }

  void operator()(const ast::TestRequest& step) {
    has_asked_ = true;
    decision_.reset();
    const auto context = RecordOf(step.context);
    if (!context) return;
    request_ = {.principal = step.principal, .action = step.action, .resource = step.resource, .context = *context};
    delegation_ = step.delegation;
    if (auto members = MembersOf(step.principal, delegation_); !members) return Refuse("the chain of delegation", members.error());
    if (context_.schema != nullptr) {
      if (auto valid = ValidateRequest(*context_.schema, context_.interner, request_); !valid) return Refuse("the request", valid.error());
    }
    Decide();
  }

  void operator()(const ast::TestExpect& expect) {
    if (!RequireDecision("expect")) return;
    for (const SymbolId id : expect.by) {
      if (!RequireStatement(std::string(Text(id)))) return;
    }
    const auto outcome = OutcomeName(decision_->outcome);
    const auto actual = DeterminingIds();
    if (decision_->outcome != expect.outcome) {
      Fail(StepFailure::Of(FailureKind::Outcome, span_, OutcomeName(expect.outcome), outcome));
    } else if (const auto wanted = Ids(expect.by); !wanted.empty() && wanted != actual) {
      Fail(StepFailure::Of(FailureKind::Determining, span_, outcome, QuotedIds(wanted), QuotedIds(actual)));
    } else {
      return;
    }
    Add(EditsForExpect(context_.sources, span_, outcome, actual));
  }

  void operator()(const ast::TestExpectBudget& expect) {
    const auto value = Evaluate(expect.value);
    const auto figures = FiguresOf(expect.budget);
    if (!value || !figures) return;
    const auto wanted = UnitsOf(*value);
    if (!wanted) return Refuse("the value", {.code = "type-error", .message = "it is no amount", .pointer = {}, .help = {}});
    const auto field = Text(expect.field);
    const int64_t actual = field == "used" ? figures->used : field == "reserved" ? figures->reserved : figures->remaining();
    if (actual == *wanted) return;
    const bool is_decimal = value->is(Kind::Decimal);
    Fail(StepFailure::Of(FailureKind::Budget, span_, Text(expect.budget), field, AmountText(*wanted, is_decimal),
                         AmountText(actual, is_decimal)));
    const Span place = context_.ast.expr(expect.value).span;
    if (place.has_place()) Add({{.span = place, .text = AmountText(actual, is_decimal)}});
  }

  // Refused answers leave the outcome as it is, and are told with what is expected of it.
  void operator()(const ast::TestApprove& answer) {
    if (!RequireDecision(answer.is_denial ? "deny" : "approve")) return;
    if (!world_.waits_for_approval()) return Fail(StepFailure::Of(FailureKind::OutOfPlace, span_, "nothing waits for an approval"));
    const auto store = entities_.Store();
    if (!store) return Refuse("the set of entities", store.error());
    std::vector<std::string> refused;
    const auto* what = answer.is_denial ? "denial" : "approval";
    for (const auto& error : world_.Answer(answer, **store, now_)) {
      refused.push_back(fmt::format("the {} by {} does not count: {}", what, UidText(answer.approver), error.message));
    }
    Decide();
    refused_ = std::move(refused);
  }

  void operator()(const ast::TestSettle& settle) {
    if (!RequireDecision("settle")) return;
    if (!decision_->allowed())
      return Fail(StepFailure::Of(FailureKind::OutOfPlace, span_, "there is nothing to settle: nothing was executed"));
    const auto actual = RecordOf(settle.actual);
    if (!actual || reservation_.empty()) return;
    std::vector<ledger::Actual> charges;
    for (const auto& [budget, value] : *actual) {
      const auto units = UnitsOf(value);
      if (!units) return Refuse("the charge", {.code = "type-error", .message = "it is no amount", .pointer = {}, .help = {}});
      charges.push_back({.budget = Text(budget), .amount = *units});
    }
    if (auto settled = world_.Settle(reservation_, VerdictOf(settle.settlement), charges, now_); !settled) {
      Refuse("the settlement", settled.error());
    }
  }

  void operator()(const ast::TestAdvance& advance) {
    const auto duration = Evaluate(advance.duration);
    if (!duration) return;
    if (!duration->is(Kind::Duration))
      return Refuse("the duration", {.code = "type-error", .message = "it is no duration", .pointer = {}, .help = {}});
    int64_t next = 0;
    const bool overflows = __builtin_add_overflow(now_.millis, duration->as_duration().millis, &next);
    if (overflows || duration->as_duration().millis < 0) {
      return Refuse("the duration",
                    {.code = "invalid-time", .message = "clocks go forward, and not beyond the last day", .pointer = {}, .help = {}});
    }
    now_.millis = next;
  }

  void operator()(const ast::TestQuarantine& step) {
    const bool is_new = step.is_release ? world_.Release(step.uid) : world_.Quarantine(step.uid, now_);
    if (is_new) return;
    const auto state = step.is_release ? "is not quarantined" : "is quarantined already";
    Fail(StepFailure::Of(FailureKind::OutOfPlace, span_, fmt::format("{} {}", UidText(step.uid), state)));
  }

 private:
  auto Text(SymbolId id) const -> std::string_view { return context_.interner.text(id); }
  auto UidText(EntityUid uid) const -> std::string { return FormatEntityUid(uid, context_.interner); }

  void Fail(StepFailure failure) {
    if (decision_) failure.why = Explain(*decision_, context_.places);
    failure.why.insert(failure.why.end(), refused_.begin(), refused_.end());
    result_.failures.push_back(std::move(failure));
  }
  void Refuse(const std::string& what, const Error& error) {
    auto failure = StepFailure::Of(FailureKind::Refused, span_, what, FormatError(error));
    failure.help = error.help;
    result_.failures.push_back(std::move(failure));
  }
  auto Evaluate(ast::ExprId expr) -> std::optional<Value> {
    const auto value = ValueOf(context_.ast, expr, context_.interner, now_, arena_);
    if (value) return *value;
    Refuse("the value", value.error());
    return std::nullopt;
  }
  // An absent record is empty.
  auto RecordOf(ast::ExprId expr) -> std::optional<RecordView> {
    if (!expr.has_value()) return RecordView{};
    const auto value = Evaluate(expr);
    return value ? std::optional(value->as_record()) : std::nullopt;
  }

  void Decide() {
    decision_.reset();
    refused_.clear();
    reservation_.clear();
    const auto store = entities_.Store();
    if (!store) return Refuse("the set of entities", store.error());
    auto answer = world_.Decide(request_, delegation_, **store, now_);
    if (!answer) return Refuse("the request", answer.error());
    for (const auto& error : answer->ticket_errors) refused_.push_back("no approval can be asked for: " + error.message);
    reservation_ = std::move(answer->reservation);
    decision_ = std::move(answer->decision);
    result_.decisions.push_back({.step = span_, .decision = *decision_});
  }

  auto FiguresOf(SymbolId budget) -> std::optional<BudgetFigures> {
    const auto figures = world_.FiguresOf(Text(budget), now_);
    if (!figures) {
      Refuse("the expectation", figures.error());
      return std::nullopt;
    }
    return figures->value_or(BudgetFigures{});
  }
  static auto UnitsOf(const Value& value) -> std::optional<int64_t> {
    if (value.is(Kind::Long)) return value.as_long();
    return value.is(Kind::Decimal) ? std::optional(value.as_decimal().units) : std::nullopt;
  }
  static auto VerdictOf(ast::Settlement settlement) -> ledger::Verdict {
    switch (settlement) {
      case ast::Settlement::Success: return ledger::Verdict::Success;
      case ast::Settlement::Failure: return ledger::Verdict::Failure;
      case ast::Settlement::NotDispatched: return ledger::Verdict::NotDispatched;
    }
    return ledger::Verdict::NotDispatched;
  }

  // After a request that was refused nothing more is said of it.
  auto RequireDecision(std::string_view step) -> bool {
    if (decision_) return true;
    if (!has_asked_) Fail(StepFailure::Of(FailureKind::OutOfPlace, span_, fmt::format("`{}` comes before any request", step)));
    return false;
  }
  auto RequireStatement(const std::string& id) -> bool {
    if (context_.places.Has(id)) return true;
    auto failure = StepFailure::Of(FailureKind::UnknownId, span_, id);
    failure.help = DidYouMean(id, context_.places.ids());
    Fail(std::move(failure));
    return false;
  }

  auto Ids(const std::vector<SymbolId>& symbols) const -> std::vector<std::string> {
    std::vector<std::string> ids;
    for (const SymbolId symbol : symbols) ids.emplace_back(Text(symbol));
    return Sorted(std::move(ids));
  }
  auto DeterminingIds() const -> std::vector<std::string> {
    std::vector<std::string> ids;
    for (const uint32_t policy : decision_->determining) ids.emplace_back(context_.places.IdOf(policy));
    return Sorted(std::move(ids));
  }
  static auto Sorted(std::vector<std::string> ids) -> std::vector<std::string> {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    return ids;
  }
  void Add(std::vector<Edit> edits) { std::ranges::move(edits, std::back_inserter(result_.edits)); }

  const RunContext& context_;
  Arena arena_;  // of values that the steps write
  TestEntities entities_;
  TestWorld world_;
  Datetime now_;
  Span span_;  // of the step
  bool has_asked_ = false;
  Request request_ = {};
  std::span<const EntityUid> delegation_ = {};  // of it
  std::optional<Decision> decision_;  // on the last request; none: it was refused
  std::string reservation_;           // of it; may be empty
  std::vector<std::string> refused_;  // approvals of it that do not count
  RunResult result_;
};

}  // namespace

auto RunTest(const RunContext& context, TestEngine& engine, const ast::Test& test) -> RunResult {
  Run run(context, engine);
  for (const auto& step : test.steps) run.Step(step);
  return run.Finish();
}

}  // namespace remit::tests
