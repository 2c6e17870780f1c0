// One word and its value for each clause, in the order of the language reference; numbers are bodies or milliseconds.
#include "runtime/ir/statement_text.h"

#include <fmt/format.h>

#include <cctype>
#include <iterator>

#include "runtime/base/text.h"

namespace remit::ir {
namespace {

constexpr auto kFieldNames = std::to_array<std::string_view>({"used", "charge", "after", "limit", "remaining"});
constexpr auto kWindowNames =
    std::to_array<std::string_view>({"lifetime", "hour", "day", "week", "month", "sliding", "refill", "concurrent"});
constexpr auto kLevels = std::to_array<Outcome>({Outcome::Deny, Outcome::Observe, Outcome::Draft});

class ClausePrinter {
 public:
  ClausePrinter(const Interner& interner, std::string& out) : interner_(interner), out_(out) {}

  void Print(const Escalation& escalation) {
    PrintApproval(escalation.approval);
    PrintDigest(escalation.text);
  }
  void Print(const Restriction& restriction) { Add(" to {}", OutcomeName(restriction.level)); }
  void Print(const Obligation& obligation) { Add(" oblige {}", obligation.body); }
  void Print(const Budget& budget) {
    Add(" name {} rank {}", QuoteString(interner_.text(budget.name)), budget.rank);
    if (budget.charge != kNoBody) Add(" charge {}", budget.charge);
    Add(" limit {}", budget.limit);
    PrintPer(budget.per);
    Add(" window {}", kWindowNames[static_cast<size_t>(budget.window.kind)]);
    if (budget.window.time_zone.has_value()) Add(" in {}", QuoteString(interner_.text(budget.window.time_zone)));
    if (budget.window.duration != 0) Add(" duration {}", budget.window.duration);
    Add(" hold {} {}", budget.hold, budget.unsettled == Unsettled::Charge ? "charge" : "release");
    PrintConsequence("exceeded", budget.exceeded);
    PrintDigest(budget.text);
  }
  void Print(const Breaker& breaker) {
    Add(" name {} rank {}", QuoteString(interner_.text(breaker.name)), breaker.rank);
    PrintPer(breaker.per);
    Add(" trip {} within {} cooldown {} probe {}", breaker.trip, breaker.within, breaker.cooldown, breaker.probe);
    PrintConsequence("open", breaker.open);
    PrintDigest(breaker.text);
  }

 private:
  template <typename... Args>
  void Add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  void PrintApproval(const Approval& approval) {
    Add(" approval by {} quorum {} expires {} uses {} scope {}", approval.by, approval.quorum, approval.expires, approval.uses,
        approval.scope == ApprovalScope::Exact ? "exact" : "session");
  }
  void PrintConsequence(std::string_view keyword, const Consequence& consequence) {
    Add(" {}", keyword);
    if (consequence.level == Outcome::Approve) return PrintApproval(consequence.approval);
    Add(" to {}", OutcomeName(consequence.level));
  }
  void PrintPer(const std::vector<uint32_t>& per) {
    if (!per.empty()) out_ += " per";
    for (const uint32_t body : per) Add(" {}", body);
  }
  void PrintDigest(const TextDigest& digest) {
    out_ += " text \"";
    for (const uint8_t byte : digest) Add("{:02x}", byte);
    out_ += '"';
  }

  const Interner& interner_;
  std::string& out_;
};

class ClauseParser {
 public:
  ClauseParser(TextReader& reader, Interner& interner) : reader_(reader), interner_(interner) {}

  auto ParseEscalation(uint32_t policy) -> Escalation {
    Escalation escalation = {.policy = policy};
    reader_.Expect("approval");
    escalation.approval = ParseApproval();
    escalation.text = ParseDigest();
    return escalation;
  }
  auto ParseRestriction(uint32_t policy) -> Restriction {
    reader_.Expect("to");
    return {.policy = policy, .level = ParseLevel()};
  }
  auto ParseBudget(uint32_t policy) -> Budget {
    Budget budget = {.policy = policy};
    ParseName(budget.name, budget.rank);
    if (reader_.Accept("charge")) budget.charge = Body();
    reader_.Expect("limit");
    budget.limit = Body();
    budget.per = ParsePer();
    budget.window = ParseWindow();
    budget.hold = Amount("hold");
    budget.unsettled = reader_.Accept("release") ? Unsettled::Release : Unsettled::Charge;
    if (budget.unsettled == Unsettled::Charge) reader_.Expect("charge");
    budget.exceeded = ParseConsequence("exceeded");
    budget.text = ParseDigest();
    return budget;
  }
  auto ParseBreaker(uint32_t policy) -> Breaker {
    Breaker breaker = {.policy = policy};
    ParseName(breaker.name, breaker.rank);
    breaker.per = ParsePer();
    reader_.Expect("trip");
    breaker.trip = Body();
    breaker.within = Amount("within");
    breaker.cooldown = Amount("cooldown");
    breaker.probe = Amount("probe");
    breaker.open = ParseConsequence("open");
    breaker.text = ParseDigest();
    return breaker;
  }
  auto Body() -> uint32_t { return static_cast<uint32_t>(reader_.Number(UINT32_MAX - 1)); }

 private:
  auto Amount(std::string_view word) -> int64_t {
    reader_.Expect(word);
    return static_cast<int64_t>(reader_.Number(INT64_MAX));
  }
  void ParseName(SymbolId& name, uint32_t& rank) {
    reader_.Expect("name");
    name = interner_.Intern(reader_.String());
    reader_.Expect("rank");
    rank = Body();
  }
  auto ParsePer() -> std::vector<uint32_t> {
    std::vector<uint32_t> per;
    if (!reader_.Accept("per")) return per;
    while (std::isdigit(static_cast<unsigned char>(reader_.Peek())) != 0) per.push_back(Body());
    return per;
  }
  auto ParseWindow() -> Window {
    Window window;
    reader_.Expect("window");
    size_t kind = 0;
    while (kind < kWindowNames.size() && !reader_.Accept(kWindowNames[kind])) ++kind;
    if (kind == kWindowNames.size()) reader_.Fail("expected a kind of window");
    window.kind = static_cast<WindowKind>(kind % kWindowNames.size());
    if (reader_.Accept("in")) window.time_zone = interner_.Intern(reader_.String());
    if (reader_.Accept("duration")) window.duration = static_cast<int64_t>(reader_.Number(INT64_MAX));
    return window;
  }
  auto ParseApproval() -> Approval {
    Approval approval;
    reader_.Expect("by");
    approval.by = Body();
    approval.quorum = Amount("quorum");
    approval.expires = Amount("expires");
    approval.uses = Amount("uses");
    reader_.Expect("scope");
    approval.scope = reader_.Accept("session") ? ApprovalScope::Session : ApprovalScope::Exact;
    if (approval.scope == ApprovalScope::Exact) reader_.Expect("exact");
    return approval;
  }
  auto ParseConsequence(std::string_view keyword) -> Consequence {
    reader_.Expect(keyword);
    if (reader_.Accept("approval")) return {.level = Outcome::Approve, .approval = ParseApproval()};
    reader_.Expect("to");
    return {.level = ParseLevel()};
  }
  auto ParseLevel() -> Outcome {
    for (const Outcome level : kLevels) {
      if (reader_.Accept(OutcomeName(level))) return level;
    }
    reader_.Fail("expected `deny`, `observe` or `draft`");
    return Outcome::Deny;
  }
  auto ParseDigest() -> TextDigest {
    TextDigest digest = {};
    reader_.Expect("text");
    const std::string hex = reader_.String();
    const auto nibble = [](char c) -> int {
      if (c >= '0' && c <= '9') return c - '0';
      return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    const bool is_hex = hex.size() == 2 * digest.size() && std::ranges::all_of(hex, [&](char c) { return nibble(c) >= 0; });
    if (!is_hex) reader_.Fail("a digest has 64 hexadecimal digits");
    for (size_t i = 0; is_hex && i < digest.size(); ++i) {
      digest[i] = static_cast<uint8_t>((nibble(hex[2 * i]) << 4) | nibble(hex[2 * i + 1]));
    }
    return digest;
  }

  TextReader& reader_;
  Interner& interner_;
};

}  // namespace

auto EffectName(Effect effect) -> std::string_view {
  switch (effect) {
    case Effect::Permit: return "permit";
    case Effect::Forbid: return "forbid";
    case Effect::Escalate: return "escalate";
    case Effect::Restrict: return "restrict";
    case Effect::Budget: return "budget";
    case Effect::Breaker: return "breaker";
  }
  return "";
}

auto BudgetFieldName(BudgetField field) -> std::string_view { return kFieldNames[static_cast<size_t>(field)]; }

auto ParseBudgetField(TextReader& reader) -> uint32_t {
  const auto word = reader.Word();
  const auto it = std::ranges::find(kFieldNames, word);
  if (it == kFieldNames.end()) reader.Fail(fmt::format("a budget has no `{}`", word));
  return it == kFieldNames.end() ? 0 : static_cast<uint32_t>(it - kFieldNames.begin());
}

void PrintClauses(const Program& program, uint32_t policy, const Interner& interner, std::string& out) {
  ClausePrinter printer(interner, out);
  const auto print = [&](const auto& table) {
    if (const auto* clauses = FindClauses(table, policy)) printer.Print(*clauses);
  };
  print(program.escalations);
  if (program.policies[policy].effect == Effect::Forbid && FindClauses(program.restrictions, policy) != nullptr) out += " failing";
  print(program.restrictions);
  print(program.budgets);
  print(program.breakers);
  print(program.obligations);
}

void ParseClauses(TextReader& reader, Interner& interner, Effect effect, Program& program) {
  ClauseParser parser(reader, interner);
  const auto policy = static_cast<uint32_t>(program.policies.size());
  switch (effect) {
    case Effect::Permit: break;
    case Effect::Forbid:
      if (reader.Accept("failing")) program.restrictions.push_back(parser.ParseRestriction(policy));
      break;
    case Effect::Escalate: program.escalations.push_back(parser.ParseEscalation(policy)); break;
    case Effect::Restrict: program.restrictions.push_back(parser.ParseRestriction(policy)); break;
    case Effect::Budget: program.budgets.push_back(parser.ParseBudget(policy)); break;
    case Effect::Breaker: program.breakers.push_back(parser.ParseBreaker(policy)); break;
  }
  if (reader.Accept("oblige")) program.obligations.push_back({.policy = policy, .body = parser.Body()});
}

}  // namespace remit::ir
