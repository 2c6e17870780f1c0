// `test`: steps that run in order.
#include <algorithm>

#include "compiler/parse/clauses.h"
#include "compiler/parse/cst_to_ast.h"
#include "compiler/parse/literals.h"
#include "compiler/parse/names.h"
#include "compiler/parse/operand.h"
#include "runtime/base/did_you_mean.h"

namespace remit::parse {
namespace {

using Step = decltype(ast::TestStep::step);

auto ToUids(Conversion& c, Grammar::UidsContext* tree) -> std::optional<std::vector<EntityUid>> {
  std::vector<EntityUid> uids;
  bool good = true;
  for (auto* child : tree->children) {
    auto* name = dynamic_cast<Grammar::NameContext*>(child);
    if (name == nullptr) continue;
    const auto uid = ToEntity(c, name);
    good = good && uid;
    if (uid) uids.push_back(*uid);
  }
  return good ? std::optional{std::move(uids)} : std::nullopt;
}

auto ToEntityStep(Conversion& c, Grammar::EntityStepContext* tree) -> std::optional<Step> {
  bool good = true;
  const bool has_tags = tree->TAGS() != nullptr;
  const auto records = tree->record();
  auto* attrs_tree = records.size() > (has_tags ? 1U : 0U) ? records[0] : nullptr;
  auto* tags_tree = has_tags ? records.back() : nullptr;
  const auto record = [&](auto* rule) { return ToRecord(c, rule); };
  const auto uid = ToEntity(c, tree->name());
  auto parents = IfPresent(tree->uids(), good, [&](auto* rule) { return ToUids(c, rule); });
  const auto attrs = IfPresent(attrs_tree, good, record);
  const auto tags = IfPresent(tags_tree, good, record);
  if (!good || !uid) return std::nullopt;
  return ast::TestEntity{.uid = *uid, .parents = std::move(parents).value_or(std::vector<EntityUid>{}), .attrs = attrs, .tags = tags};
}

auto ToRequestStep(Conversion& c, Grammar::RequestStepContext* tree) -> std::optional<Step> {
  bool good = true;
  const auto principal = ToEntity(c, tree->name(0));
  const auto action = ToEntity(c, tree->name(1));
  const auto resource = ToEntity(c, tree->name(2));
  const auto context = IfPresent(tree->record(), good, [&](auto* rule) { return ToRecord(c, rule); });
  auto delegation = IfPresent(tree->uids(), good, [&](auto* rule) { return ToUids(c, rule); });
  if (!good || !principal || !action || !resource) return std::nullopt;
  return ast::TestRequest{.principal = *principal,
                          .action = *action,
                          .resource = *resource,
                          .context = context,
                          .delegation = std::move(delegation).value_or(std::vector<EntityUid>{})};
}

auto ToExpectOutcome(Conversion& c, Grammar::ExpectStepContext* tree) -> std::optional<Step> {
  ast::TestExpect expect = {.outcome = ToOutcome(tree->outcome()), .by = {}};
  for (auto* id : tree->STRING()) {
    const auto text = ToString(c, id);
    if (!text) return std::nullopt;
    expect.by.push_back(*text);
  }
  return expect;
}

auto ToExpectBudget(Conversion& c, Grammar::ExpectStepContext* tree) -> std::optional<Step> {
  static const std::vector<std::string_view> kFields = {"used", "reserved", "remaining"};
  const auto budget = ToIdentifier(c, tree->word(0));
  const auto text = c.TextOf(tree->word(1));
  const auto value = ToExpr(c, tree->expr());
  if (std::ranges::find(kFields, text) == kFields.end()) {
    c.Report(DiagnosticCode::UnknownStateField, c.SpanOf(tree->word(1)), "budget", Clip(text)).help =
        DidYouMean(text, kFields, fmt::format("a test can expect {}", fmt::join(kFields, ", ")));
    return std::nullopt;
  }
  if (!budget || !value.has_value()) return std::nullopt;
  return ast::TestExpectBudget{.budget = *budget, .field = c.Intern(text), .value = value};
}

auto ToExpectStep(Conversion& c, Grammar::ExpectStepContext* tree) -> std::optional<Step> {
  return tree->BUDGET() != nullptr ? ToExpectBudget(c, tree) : ToExpectOutcome(c, tree);
}

auto ToApproveStep(Conversion& c, Grammar::ApproveStepContext* tree) -> std::optional<Step> {
  bool good = true;
  const auto approver = ToEntity(c, tree->name());
  const auto lists = tree->uids();
  const auto list = [&](auto* keyword, size_t position) {
    auto uids = IfPresent(keyword != nullptr && position < lists.size() ? lists[position] : nullptr, good,
                          [&](auto* rule) { return ToUids(c, rule); });
    return std::move(uids).value_or(std::vector<EntityUid>{});
  };
  auto parents = list(tree->IN(), 0);
  auto acting_for = list(tree->FOR(), tree->IN() != nullptr ? 1 : 0);
  if (!good || !approver) return std::nullopt;
  return ast::TestApprove{
      .approver = *approver, .parents = std::move(parents), .acting_for = std::move(acting_for), .is_denial = tree->DENY() != nullptr};
}

auto ToSettleStep(Conversion& c, Grammar::SettleStepContext* tree) -> std::optional<Step> {
  bool good = true;
  auto settlement = ast::Settlement::NotDispatched;
  if (tree->SUCCESS() != nullptr) settlement = ast::Settlement::Success;
  if (tree->FAILURE() != nullptr) settlement = ast::Settlement::Failure;
  const auto actual = IfPresent(tree->record(), good, [&](auto* rule) { return ToRecord(c, rule); });
  if (!good) return std::nullopt;
  return ast::TestSettle{.settlement = settlement, .actual = actual};
}

auto ToAdvanceStep(Conversion& c, Grammar::AdvanceStepContext* tree) -> std::optional<Step> {
  const auto duration = ToBlock(c, tree, tree->block());
  return duration.has_value() ? std::optional<Step>{ast::TestAdvance{.duration = duration}} : std::nullopt;
}

auto ToQuarantineStep(Conversion& c, Grammar::QuarantineStepContext* tree) -> std::optional<Step> {
  const auto uid = ToEntity(c, tree->name());
  return uid ? std::optional<Step>{ast::TestQuarantine{.uid = *uid, .is_release = tree->RELEASE() != nullptr}} : std::nullopt;
}

auto ToStep(Conversion& c, Rule* tree) -> std::optional<Step> {
  switch (tree->getRuleIndex()) {
    case Grammar::RuleEntityStep: return ToEntityStep(c, static_cast<Grammar::EntityStepContext*>(tree));
    case Grammar::RuleRequestStep: return ToRequestStep(c, static_cast<Grammar::RequestStepContext*>(tree));
    case Grammar::RuleExpectStep: return ToExpectStep(c, static_cast<Grammar::ExpectStepContext*>(tree));
    case Grammar::RuleApproveStep: return ToApproveStep(c, static_cast<Grammar::ApproveStepContext*>(tree));
    case Grammar::RuleSettleStep: return ToSettleStep(c, static_cast<Grammar::SettleStepContext*>(tree));
    case Grammar::RuleQuarantineStep: return ToQuarantineStep(c, static_cast<Grammar::QuarantineStepContext*>(tree));
    default: return ToAdvanceStep(c, static_cast<Grammar::AdvanceStepContext*>(tree));
  }
}

}  // namespace

auto ConvertTest(Conversion& c, Grammar::TestContext* tree) -> std::optional<ast::Test> {
  const auto title = ToString(c, tree->STRING());
  ast::Test test = {.title = title.value_or(SymbolId{}), .steps = {}};
  bool good = title.has_value();
  for (auto* step_tree : tree->step()) {
    auto step = ToStep(c, AsRule(step_tree->children[0]));
    good = good && step;
    if (step) test.steps.push_back({.span = c.SpanOf(step_tree), .step = *std::move(step)});
  }
  return good ? std::optional{std::move(test)} : std::nullopt;
}

}  // namespace remit::parse
