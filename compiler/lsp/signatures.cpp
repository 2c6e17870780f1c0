#include "compiler/lsp/signatures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/lsp/schema_index.h"

namespace remit::lsp {
namespace {

auto TypeName(Kind kind) -> std::string { return BuiltinName(kind); }

auto OfBuiltin(const BuiltinInfo& builtin) -> Signature {
  Signature signature = {
      .name = std::string(builtin.name), .documentation = std::string(builtin.doc), .example = std::string(builtin.example)};
  const auto& row = builtin.signature;
  signature.is_method = builtin.style == CallStyle::Method;
  const size_t first = signature.is_method ? 1 : 0;
  std::string list;
  for (size_t i = first; i < row.arity; ++i) {
    signature.parameters.push_back(TypeName(row.params[i]));
    list += (list.empty() ? "" : ", ") + signature.parameters.back();
  }
  if (signature.is_method) signature.receiver = row.params[0];
  signature.label =
      fmt::format("{}{}({}) -> {}", signature.is_method ? TypeName(row.params[0]) + "." : "", builtin.name, list, TypeName(row.result));
  return signature;
}

// Not builtins but operators: no row of the library has them.
struct OperatorRow {
  std::string_view name, receiver, parameters, result, documentation;
  std::optional<Kind> kind;
};
constexpr std::array<OperatorRow, 10> kOperators = {{
    {"contains", "Set<T>", "T", "Bool", "True if the element is in the set.", Kind::Set},
    {"containsAll", "Set<T>", "Set<T>", "Bool", "True if every element of the other set is in this one.", Kind::Set},
    {"containsAny", "Set<T>", "Set<T>", "Bool", "True if any element of the other set is in this one.", Kind::Set},
    {"isEmpty", "Set<T>", "", "Bool", "True if the set has no elements.", Kind::Set},
    {"size", "Set<T>", "", "Long", "The number of elements.", Kind::Set},
    {"size", "String", "", "Long", "The number of code points.", Kind::String},
    {"any", "Set<T>", "x, condition", "Bool", "True if the condition holds for an element, which it calls `x`.", Kind::Set},
    {"all", "Set<T>", "x, condition", "Bool", "True if the condition holds for every element, which it calls `x`.", Kind::Set},
    {"getTag", "Entity", "String", "T", "The value of a tag. An error without one: guard it with `hasTag`.", Kind::Entity},
    {"hasTag", "Entity", "String", "Bool", "True if the entity has the tag.", Kind::Entity},
}};

auto OfOperator(const OperatorRow& row) -> Signature {
  Signature signature = {
      .name = std::string(row.name), .documentation = std::string(row.documentation), .is_method = true, .receiver = row.kind};
  signature.label = fmt::format("{}.{}({}) -> {}", row.receiver, row.name, row.parameters, row.result);
  if (row.parameters == "x, condition") {
    signature.parameters = {"x", "condition"};
  } else if (!row.parameters.empty()) {
    signature.parameters = {std::string(row.parameters)};
  }
  return signature;
}

}  // namespace

auto AllSignatures() -> const std::vector<Signature>& {
  static const auto all = [] {
    std::vector<Signature> signatures;
    for (const auto& row : kOperators) signatures.push_back(OfOperator(row));
    for (const auto& builtin : AllBuiltins()) {
      const bool is_there = std::ranges::any_of(kOperators, [&](const OperatorRow& row) {
        return row.name == builtin.name && builtin.style == CallStyle::Method && row.kind == builtin.signature.params[0];
      });
      if (!is_there) signatures.push_back(OfBuiltin(builtin));
    }
    return signatures;
  }();
  return all;
}

auto FindSignature(std::string_view name, bool is_method) -> std::optional<Signature> {
  for (const auto& each : AllSignatures()) {
    if (each.name == name && each.is_method == is_method) return each;
  }
  return std::nullopt;
}

auto KeywordHelp(std::string_view word) -> std::string_view {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kHelp = {{
      {"permit", "Allows what its scope and conditions cover, unless a `forbid` is satisfied too."},
      {"forbid", "Denies what its scope and conditions cover, whatever is permitted."},
      {"escalate", "Caps at `approve` until the people in `approval` have granted this very request."},
      {"restrict", "Caps at a level: `observe`, `draft` or `deny`."},
      {"budget", "Counts what is charged by key and window, and says what happens when the limit is reached."},
      {"breaker", "Stops calls for a while when too many of the last ones failed."},
      {"assert", "What must always, or never, come out: proved, not decided by."},
      {"test", "Entities, requests and what must come of them; runs with `remit test`."},
      {"when", "The statement applies where this is true."},
      {"unless", "The statement does not apply where this is true."},
      {"oblige", "What the runtime must do when it carries the action out: a record. One it does not know it must refuse."},
      {"approval", "Who may approve (`by`), how many (`quorum`), for how long (`expires`), how often (`uses`), of what (`scope`)."},
      {"charge", "What one request costs; without it each counts one."},
      {"per", "The counter's key: each combination of values has a counter of its own."},
      {"limit", "What the counter may reach."},
      {"within", "The sliding window that is counted over."},
      {"refill", "A token bucket: the limit is the burst, refilled evenly over the duration."},
      {"concurrent", "Given back on settlement: bounds what runs at once."},
      {"hold", "How long a reservation waits for its settlement."},
      {"exceeded", "What happens when the limit is reached: `deny`, `restrict to ..` or `escalate approval {..}`."},
      {"trip", "When the breaker opens: a condition on `calls` and `failures`."},
      {"cooldown", "How long an open breaker stays open before it lets a probe through."},
      {"probe", "How many calls a breaker that is half open lets through."},
      {"open", "What an open breaker does: `deny`, `restrict to ..` or `escalate approval {..}`."},
      {"has", "True if the attribute, budget or breaker is there."},
      {"like", "Matches text against a pattern in which `*` stands for anything."},
  }};
  for (const auto& [name, help] : kHelp) {
    if (name == word) return help;
  }
  return {};
}

}  // namespace remit::lsp
