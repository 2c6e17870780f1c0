#include "runtime/eval/errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit::eval {
namespace {

// `long`, `entity of type `User``.
auto Describe(const Machine& machine, const Value& value) -> std::string {
  if (!value.is(Kind::Entity)) return std::string(KindName(value.kind()));
  return fmt::format("entity of type `{}`", machine.text(value.as_entity().type));
}

auto Names(const Machine& machine, RecordView record) -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const auto& field : record) names.push_back(machine.text(field.key));
  std::ranges::sort(names);
  return names;
}

// What the author may have meant, or what there is. Large records are cut short: a message is for reading.
auto HelpForMissing(const Machine& machine, RecordView record, std::string_view name, std::string_view what) -> std::string {
  constexpr size_t kMostNames = 8;
  constexpr size_t kMostCandidates = 1000;
  if (record.empty()) return fmt::format("there are no {}", what);
  if (record.size() > kMostCandidates) return fmt::format("there are {} {}", record.size(), what);
  const auto names = Names(machine, record);
  if (auto help = DidYouMean(name, names); !help.empty()) return help;
  std::string help = fmt::format("available {}: ", what);
  for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i) help += fmt::format("{}`{}`", i > 0 ? ", " : "", names[i]);
  if (names.size() > kMostNames) help += fmt::format(" and {} more", names.size() - kMostNames);
  return help;
}

auto HasField(const Machine& machine, RecordView record, std::string_view name) -> bool {
  const auto symbol = machine.input.interner.Find(name);
  return symbol.has_value() && FindField(record, symbol) != nullptr;
}

}  // namespace

auto Fail(Machine& machine, std::string_view code, std::string message, std::string help) -> Step {
  if (machine.is_quiet) return Step::Failed;
  machine.error.code = code;
  machine.error.message = std::move(message);
  machine.error.help = std::move(help);
  return Step::Failed;
}

auto FailType(Machine& machine, std::initializer_list<Kind> expected, const Value& actual, std::string help) -> Step {
  if (machine.is_quiet) return Step::Failed;
  std::vector<std::string_view> names;
  for (const auto kind : expected) names.push_back(KindName(kind));
  const auto wanted = names.size() == 1 ? std::string(names[0]) : fmt::format("one of [{}]", fmt::join(names, ", "));
  return Fail(machine, "type-error", fmt::format("type error: expected {}, got {}", wanted, Describe(machine, actual)), std::move(help));
}

auto FailMissingEntity(Machine& machine, EntityUid uid) -> Step {
  if (machine.is_quiet) return Step::Failed;
  return Fail(machine, "entity-missing", fmt::format("entity `{}` does not exist", FormatEntityUid(uid, machine.input.interner)));
}

auto FailMissingAttribute(Machine& machine, const Entity& entity, SymbolId attribute) -> Step {
  if (machine.is_quiet) return Step::Failed;
  const auto name = machine.text(attribute);
  auto help = HelpForMissing(machine, entity.attrs, name, "attributes");
  if (FindField(entity.tags, attribute) != nullptr) help = fmt::format("there is a tag of this name: `getTag({})`", QuoteString(name));
  const auto uid = FormatEntityUid(entity.uid, machine.input.interner);
  return Fail(machine, "attribute-missing", fmt::format("`{}` does not have the attribute `{}`", uid, name), std::move(help));
}

auto FailMissingField(Machine& machine, RecordView record, SymbolId attribute) -> Step {
  if (machine.is_quiet) return Step::Failed;
  const auto name = machine.text(attribute);
  return Fail(machine, "attribute-missing", fmt::format("record does not have the attribute `{}`", name),
              HelpForMissing(machine, record, name, "attributes"));
}

auto FailMissingTag(Machine& machine, const Entity& entity, std::string_view tag) -> Step {
  if (machine.is_quiet) return Step::Failed;
  auto help = HelpForMissing(machine, entity.tags, tag, "tags");
  if (HasField(machine, entity.attrs, tag)) help = "there is an attribute of this name, which is not a tag";
  const auto uid = FormatEntityUid(entity.uid, machine.input.interner);
  return Fail(machine, "tag-missing", fmt::format("`{}` does not have the tag `{}`", uid, tag), std::move(help));
}

}  // namespace remit::eval
