// Clauses of Remit's statements: their text form, and one test an invariant of the verifier.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/ir/program.h"

namespace remit::ir {
namespace {

constexpr std::string_view kDigest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

// Body 0 concludes, 1 returns, 2 reads budget 0, 3 reads breaker 0, 4 is a trip.
constexpr std::string_view kBodies = R"(remit-ir 1

body 0 registers 0 {
  0: satisfied
}

body 1 registers 1 {
  0: r0 = const 1
  1: return r0
}
)";

constexpr std::string_view kReaders = R"(
body 2 registers 1 {
  0: r0 = read_budget 0 after
  1: r0 = has_budget 0
  2: return r0
}

body 3 registers 1 {
  0: r0 = is_open 0
  1: r0 = has_breaker 0
  2: jump_if_true r0 -> 4
  3: not_satisfied
  4: satisfied
}

body 4 registers 2 {
  0: r0 = calls
  1: r1 = failures
  2: r0 = less r0 r1
  3: return r0
}
)";

auto Everything() -> std::string {
  return fmt::format(R"({}{}
permit "p" (principal, action, resource) body 0 template "t" oblige 1
escalate "e" (principal, action, resource) body 3 approval by 2 quorum 2 expires 900000 uses 3 scope session text "{}" oblige 2
restrict "r" (principal, action, resource) body 0 to draft
budget "b" (principal, action, resource) body 0 name "b" rank 0 limit 1 window lifetime hold 0 charge exceeded to deny text "{}"
budget "c" (principal, action, resource) body 0 name "c" rank 2 charge 1 limit 2 per 1 1 window day in "Europe/Berlin" hold 90000 release exceeded approval by 1 quorum 1 expires 1 uses 1 scope exact text "{}"
budget "d" (principal, action, resource) body 3 name "d" rank 1 limit 1 window sliding duration 1000 hold 0 charge exceeded to draft text "{}"
breaker "k" (principal, action, resource) body 0 name "k" rank 0 per 1 trip 4 within 60000 cooldown 30000 probe 3 open to draft text "{}"
)",
                     kBodies, kReaders, kDigest, kDigest, kDigest, kDigest, kDigest);
}

auto Check(const std::string& text) -> std::string {
  Interner interner;
  const auto program = Parse(text, interner);
  if (!program) return program.error().message;
  const auto verified = Verify(*program);
  return verified ? "valid" : verified.error().message;
}

// With one occurrence of a text replaced.
auto Altered(const std::string& from, const std::string& to) -> std::string {
  std::string text = Everything();
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return Check(text.replace(at, from.size(), to));
}

TEST(IrStatements, PrintWhatWasParsed) {
  Interner interner;
  const auto program = Parse(Everything(), interner);
  ASSERT_TRUE(program.has_value()) << FormatError(program.error());
  EXPECT_EQ(Print(*program, interner), Everything());
  EXPECT_EQ(Check(Everything()), "valid");
}

TEST(IrStatements, TextThatIsNoneIsRefused) {
  EXPECT_EQ(Altered("to draft\n", "to approve\n"), "line 35: expected `deny`, `observe` or `draft`");
  EXPECT_EQ(Altered("window lifetime", "window decade"), "line 36: expected a kind of window");
  EXPECT_EQ(Altered("read_budget 0 after", "read_budget 0 before"), "line 13: a budget has no `before`");
  EXPECT_EQ(Altered(std::string(kDigest), "00"), "line 34: a digest has 64 hexadecimal digits");
  EXPECT_EQ(Altered("scope session", "scope world"), "line 34: expected `exact`");
}

TEST(IrStatements, AForbidMayDenyWhereItFails) {
  const std::string text = R"(remit-ir 1

body 0 registers 0 {
  0: satisfied
}

forbid "a" (principal, action, resource) body 0 failing to deny
forbid "b" (principal, action, resource) body 0
)";
  Interner interner;
  auto program = *Parse(text, interner);
  EXPECT_EQ(Print(program, interner), text);
  EXPECT_TRUE(Verify(program).has_value());
  program.restrictions[0].level = Outcome::Draft;
  EXPECT_EQ(Verify(program).error().message, "policy 0: a forbid that fails denies or does nothing");
  program.restrictions[0] = {.policy = 2, .level = Outcome::Deny};
  EXPECT_EQ(Verify(program).error().message, "the clauses do not suit the rows");
}

TEST(IrStatements, ClausesSuitTheRows) {
  Interner interner;
  auto program = *Parse(Everything(), interner);
  program.restrictions.clear();
  EXPECT_EQ(Verify(program).error().message, "the clauses do not suit the rows");
  program = *Parse(Everything(), interner);
  program.escalations[0].policy = 2;
  EXPECT_EQ(Verify(program).error().message, "the clauses do not suit the rows");
  program = *Parse(Everything(), interner);
  program.obligations[1].policy = 3;
  EXPECT_EQ(Verify(program).error().message, "the obligations do not suit the rows");
}

TEST(IrStatements, BodiesOfClausesReturn) {
  EXPECT_EQ(Altered("oblige 1", "oblige 0"), "policy 0: an obligation's body returns no value");
  EXPECT_EQ(Altered("by 2", "by 0"), "policy 1: an approval is not sound");
  EXPECT_EQ(Altered("limit 1", "limit 0"), "policy 3: a clause's body returns no value");
  EXPECT_EQ(Altered("limit 1", "limit 9"), "policy 3: a clause's body returns no value");
  EXPECT_EQ(Altered("trip 4", "trip 3"), "policy 6: a clause's body returns no value");
}

TEST(IrStatements, AmountsArePositiveAndWindowsComplete) {
  EXPECT_EQ(Altered("quorum 2", "quorum 0"), "policy 1: an approval is not sound");
  EXPECT_EQ(Altered("expires 900000", "expires 0"), "policy 1: an approval is not sound");
  EXPECT_EQ(Altered("duration 1000 ", ""), "policy 5: a sliding window and a refill have a duration, and only they have");
  EXPECT_EQ(Altered("window lifetime", "window lifetime in \"UTC\""), "policy 3: only a calendar window has a time zone");
  EXPECT_EQ(Altered("within 60000", "within 0"), "policy 6: a breaker is not sound");
  EXPECT_EQ(Altered("probe 3", "probe 0"), "policy 6: a breaker is not sound");
}

TEST(IrStatements, StateIsReadAfterItIsKnown) {
  EXPECT_EQ(Altered("rank 2", "rank 0"), "policy 4: state of the same or a higher rank is read");
  EXPECT_EQ(Altered("body 3 name \"d\" rank 1", "body 3 name \"d\" rank 0"), "policy 5: state of the same or a higher rank is read");
}

TEST(IrStatements, ATripReadsCountsAlone) {
  EXPECT_EQ(Altered("0: r0 = calls", "0: r0 = context"), "policy 6: a trip reads more than `calls` and `failures`");
}

TEST(IrStatements, StateIsInRange) {
  EXPECT_EQ(Altered("has_budget 0", "has_budget 3"), "body 2: operation 1: budget out of range");
  EXPECT_EQ(Altered("is_open 0", "is_open 1"), "body 3: operation 0: breaker out of range");
}

}  // namespace
}  // namespace remit::ir
