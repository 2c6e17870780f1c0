#include "compiler/replay/replay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "runtime/audit/hex.h"
#include "runtime/base/json_string.h"
#include "runtime/governor/decision_record.h"
#include "runtime/request/entity_uid_text.h"

namespace remit {
namespace {

using audit::Field;
using audit::FieldValue;
using audit::RecordView;

auto NotReplayable(std::string why) -> Replayed { return {.verdict = Replayed::Verdict::NotReplayable, .why = std::move(why)}; }

// ---- what was read -------------------------------------------------------------------------------------------------

// Elements of one of a record's lists: a field that begins one, and those behind it.
template <typename Visit>
void ForEachElement(const RecordView& record, Field first, Visit visit) {
  for (size_t i = 0; i < record.fields.size(); ++i) {
    if (record.fields[i].facts->field != first) continue;
    size_t end = i + 1;
    while (end < record.fields.size() && record.fields[end].facts->shape == audit::FieldShape::Next) ++end;
    visit(std::span(record.fields).subspan(i, end - i));
  }
}

auto ValueIn(std::span<const FieldValue> element, Field field) -> const FieldValue* {
  const auto it = std::ranges::find_if(element, [&](const FieldValue& value) { return value.facts->field == field; });
  return it == element.end() ? nullptr : &*it;
}
auto TextIn(std::span<const FieldValue> element, Field field) -> std::string_view {
  const auto* value = ValueIn(element, field);
  return value == nullptr ? std::string_view() : value->bytes;
}

// Answers what the record says was answered.
class RecordedWorld final : public World {
 public:
  RecordedWorld(const RecordView& record, const PolicyEnvironment& environment) : record_(record), environment_(environment) {
    const auto text = record.Text(Field::Quarantined);
    if (text.empty()) return;
    if (const auto uid = ParseEntityUidText(text, environment.interner)) quarantined_.push_back(*uid);
  }

  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> override {
    for (auto& claim : budgets) {
      const auto& budget = environment_.program.budgets[claim.budget];
      const auto found = Find(Field::Budget, Field::BudgetKey, NameOf(budget.name), claim.key);
      if (found.empty()) return Missing(budget.policy);
      const auto* used = ValueIn(found, Field::BudgetUsed);
      claim.used = used == nullptr ? 0 : used->integer;
    }
    for (auto& claim : breakers) {
      const auto& breaker = environment_.program.breakers[claim.breaker];
      const auto found = Find(Field::Breaker, Field::BreakerKey, NameOf(breaker.name), claim.key);
      if (found.empty()) return Missing(breaker.policy);
      claim.is_open = ValueIn(found, Field::BreakerOpen) != nullptr;
    }
    return {};
  }

  auto IsApproved(const WantedApproval& wanted) -> bool override {
    const auto statement = NameOf(environment_.program.policies[wanted.policy].id);
    return std::ranges::any_of(
        record_.fields, [&](const FieldValue& value) { return value.facts->field == Field::CoveredStatement && value.bytes == statement; });
  }

  auto quarantined() -> std::span<const EntityUid> override { return quarantined_; }

 private:
  auto NameOf(SymbolId symbol) const -> std::string_view { return environment_.interner.text(symbol); }

  auto Find(Field first, Field key_field, std::string_view name, std::string_view key) const -> std::span<const FieldValue> {
    std::span<const FieldValue> found;
    ForEachElement(record_, first, [&](std::span<const FieldValue> element) {
      if (element.front().bytes == name && TextIn(element, key_field) == key) found = element;
    });
    return found;
  }

  // It could not be read then either, for the reason that was recorded; or the policies are others.
  auto Missing(uint32_t policy) const -> std::unexpected<Error> {
    Error error = {.code = "not-recorded", .message = "the record does not say what was read", .pointer = {}, .help = {}};
    ForEachElement(record_, Field::ErrorStatement, [&](std::span<const FieldValue> element) {
      if (element.front().bytes != NameOf(environment_.program.policies[policy].id)) return;
      error.code = TextIn(element, Field::ErrorCode);
      error.message = TextIn(element, Field::ErrorMessage);
    });
    return std::unexpected(std::move(error));
  }

  const RecordView& record_;
  const PolicyEnvironment& environment_;
  std::vector<EntityUid> quarantined_;
};

// ---- what was asked ------------------------------------------------------------------------------------------------

auto EntityJson(const audit::Entity& entity) -> std::string {
  return fmt::format(R"({{"type":{},"id":{}}})", QuoteJsonString(entity.type), QuoteJsonString(entity.id));
}

// As the document that RequestDecider reads; JSON of the record as it was recorded.
auto RequestOf(const RecordView& record) -> std::string {
  const auto entity = [&](Field field) {
    const auto* value = record.Find(field);
    return EntityJson(value == nullptr ? audit::Entity{} : value->entity);
  };
  std::string json = fmt::format(R"({{"principal":{},"action":{},"resource":{})", entity(Field::Principal), entity(Field::Action),
                                 entity(Field::Resource));
  std::vector<std::string> chain;
  for (const auto& value : record.fields) {
    if (value.facts->field == Field::Delegation) chain.push_back(EntityJson(value.entity));
  }
  if (!chain.empty()) json += fmt::format(R"(,"delegation":[{}])", fmt::join(chain, ","));
  if (const auto context = record.Text(Field::Context); !context.empty()) json += fmt::format(R"(,"context":{})", context);
  if (const auto entities = record.Text(Field::OwnEntities); !entities.empty()) json += fmt::format(R"(,"entities":{})", entities);
  return json + "}";
}

// ---- what was said -------------------------------------------------------------------------------------------------

auto IsSaid(Field field) -> bool { return field == Field::Quarantined || (field >= Field::Outcome && field <= Field::BreakerLifted); }

auto SaidIn(const RecordView& record) -> RecordView {
  RecordView said = {.kind = record.kind, .fields = {}};
  std::ranges::copy_if(record.fields, std::back_inserter(said.fields), [](const FieldValue& value) { return IsSaid(value.facts->field); });
  return said;
}

auto SameFields(const RecordView& a, const RecordView& b) -> bool {
  return std::ranges::equal(a.fields, b.fields, [](const FieldValue& x, const FieldValue& y) {
    return x.facts == y.facts && x.bytes == y.bytes;  // of integers, too, the bytes are all there is
  });
}

auto Compare(const RecordView& record, const Decision& decision, const PolicyEnvironment& environment) -> Replayed {
  audit::DecisionRecord again;
  DecisionDescriber describer;
  describer.Describe(decision, environment.program, environment.interner, again);
  std::string bytes;
  EncodeRecord(again, bytes);
  const auto decoded = audit::DecodeRecord(bytes);
  const RecordView now = SaidIn(*decoded);
  const RecordView then = SaidIn(record);
  if (SameFields(then, now)) return {};
  return {.verdict = Replayed::Verdict::Different,
          .why = "another decision",
          .recorded = audit::DumpJson(audit::RecordToJson(then)),
          .recomputed = audit::DumpJson(audit::RecordToJson(now))};
}

}  // namespace

auto Replay(const audit::RecordView& record, RequestDecider& decider, const PolicyEnvironment& environment, const ReplayOptions& options)
    -> Replayed {
  if (const auto code = record.Text(audit::Field::RefusalCode); !code.empty())
    return NotReplayable(fmt::format("it was refused: {}", code));
  if (record.Find(audit::Field::IsRepeated) != nullptr) return NotReplayable("it got the answer of an earlier request with its id");
  if (record.Find(audit::Field::OwnEntitiesDigest) != nullptr)
    return NotReplayable("only the digest of the request's entities was recorded");
  const auto version = audit::HexOf(record.Text(audit::Field::PolicyVersion));
  if (!options.any_version && !options.version.empty() && !version.empty() && version != options.version)
    return NotReplayable(fmt::format("it was decided by the policies {}", version));
  RecordedWorld world(record, environment);
  const Datetime now = {.millis = record.Integer(audit::Field::Time)};
  const auto answer = decider.Decide(RequestOf(record), now, record.Find(audit::Field::IsValidated) != nullptr, &world);
  if (!answer) return NotReplayable(fmt::format("its request cannot be read: {}", FormatError(answer.error())));
  return Compare(record, answer->decision, environment);
}

}  // namespace remit
