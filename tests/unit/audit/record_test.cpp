// Records: what is written is read back, one record has one sequence of bytes, and anything else is refused.
#include "runtime/audit/record.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "runtime/audit/record_view.h"

namespace remit::audit {
namespace {

auto FullDecision() -> std::string {
  static constexpr std::array kChain = {Entity{"User", "ana"}, Entity{"Agent", "triage"}};
  static constexpr std::array<std::string_view, 2> kDetermining = {"refund-over-100", "policy3"};
  static constexpr std::array kErrors = {StatementError{"policy1", "type-error", "no such attribute"},
                                         StatementError{"policy2", "overflow"}};
  static constexpr std::array kObligations = {ObligationOf{"policy3", R"({"max_tokens":4000})"}};
  static constexpr std::array kBudgets = {
      BudgetRead{.budget = "tenant_spend", .key = R"(["acme"])", .charge = 25, .limit = 5000, .used = 0, .is_lifted = true},
      BudgetRead{.budget = "calls", .charge = 1, .limit = -1}};
  static constexpr std::array kBreakers = {BreakerRead{.breaker = "crm", .key = "[]", .is_open = true}, BreakerRead{.breaker = "erp"}};
  static constexpr std::array kCovered = {Covered{"refund-over-100", "grant-1"}};
  static constexpr std::array kEscalations = {Escalation{"big", "ticket-1", 1'700'000'900'000}};
  static constexpr std::array<std::string_view, 1> kMasked = {"/context/card"};
  std::string bytes;
  EncodeRecord(DecisionRecord{.head = {.time_ms = 1'700'000'000'000, .id = "d1", .caller = "gateway", .request_id = "r1", .session = "s"},
                              .principal = {"Agent", "a1"},
                              .action = {"Action", "refund"},
                              .resource = {"Order", ""},
                              .delegation = kChain,
                              .context = R"({"amount":9007199254740993,"card":"?"})",
                              .entities = "[]",
                              .is_validated = true,
                              .masked = kMasked,
                              .policy_version = std::string_view("\x00\xFF\x10", 3),
                              .outcome = "execute",
                              .determining = kDetermining,
                              .errors = kErrors,
                              .obligations = kObligations,
                              .budgets = kBudgets,
                              .breakers = kBreakers,
                              .covered = kCovered,
                              .escalations = kEscalations,
                              .reservation = "res-1",
                              .reservation_expires_ms = 1'700'000'060'000},
               bytes);
  return bytes;
}

TEST(Record, EverythingIsReadBack) {
  const auto bytes = FullDecision();
  const auto record = DecodeRecord(bytes);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_EQ(record->kind, RecordKind::Decision);
  const auto expected = nlohmann::ordered_json::parse(R"({
    "kind": "decision", "timeMs": 1700000000000, "id": "d1", "caller": "gateway", "requestId": "r1", "session": "s",
    "principal": {"type": "Agent", "id": "a1"}, "action": {"type": "Action", "id": "refund"}, "resource": {"type": "Order", "id": ""},
    "delegation": [{"type": "User", "id": "ana"}, {"type": "Agent", "id": "triage"}],
    "context": {"amount": 9007199254740993, "card": "?"}, "entities": [], "validated": true, "masked": ["/context/card"], "policyVersion": "00ff10",
    "outcome": "execute", "determining": ["refund-over-100", "policy3"],
    "errors": [{"statement": "policy1", "code": "type-error", "message": "no such attribute"}, {"statement": "policy2", "code": "overflow"}],
    "obligations": [{"statement": "policy3", "record": {"max_tokens": 4000}}],
    "budgets": [{"budget": "tenant_spend", "charge": 25, "limit": 5000, "used": 0, "key": "[\"acme\"]", "lifted": true},
                {"budget": "calls", "charge": 1, "limit": -1, "used": 0}],
    "breakers": [{"breaker": "crm", "key": "[]", "open": true}, {"breaker": "erp"}],
    "covered": [{"statement": "refund-over-100", "grant": "grant-1"}],
    "escalations": [{"statement": "big", "expiresMs": 1700000900000, "ticket": "ticket-1"}],
    "reservation": "res-1", "reservationExpiresMs": 1700000060000})");
  EXPECT_EQ(DumpJson(RecordToJson(*record)), DumpJson(expected));
}

TEST(Record, EventsAreReadBack) {
  std::string bytes = "before";
  const std::array charges = {Charge{"spend", "[]", -5}, Charge{"calls", {}, 0}};
  EncodeRecord(
      EventRecord{.kind = RecordKind::Settlement, .head = {.time_ms = -1}, .reservation = "res", .verdict = "success", .charges = charges},
      bytes);
  ASSERT_TRUE(bytes.starts_with("before"));
  const auto record = DecodeRecord(std::string_view(bytes).substr(6));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(DumpJson(RecordToJson(*record)), R"({"kind":"settlement","timeMs":-1,"reservation":"res","verdict":"success",)"
                                             R"("charges":[{"budget":"spend","amount":-5,"key":"[]"},{"budget":"calls","amount":0}]})");
  EXPECT_EQ(record->Text(Field::Verdict), "success");
  EXPECT_EQ(record->Integer(Field::Time), -1);
  EXPECT_EQ(record->Find(Field::Outcome), nullptr);
}

TEST(Record, ExtremeNumbersSurvive) {
  for (const int64_t time : {int64_t{1}, int64_t{-1}, INT64_MAX, INT64_MIN, int64_t{1} << 31, int64_t{-64}}) {
    std::string bytes;
    EncodeRecord(EventRecord{.head = {.time_ms = time}}, bytes);
    EXPECT_EQ(DecodeRecord(bytes)->Integer(Field::Time), time);
  }
}

TEST(Record, ACutRecordIsNoRecord) {
  const auto bytes = FullDecision();
  int whole = 0;
  for (size_t size = 0; size < bytes.size(); ++size) whole += DecodeRecord(std::string_view(bytes).substr(0, size)).has_value();
  EXPECT_LT(whole, 60) << "a cut between two fields leaves a record with fewer fields, any other does not";
  EXPECT_FALSE(DecodeRecord("").has_value());
  EXPECT_FALSE(DecodeRecord("\x01").has_value());
  EXPECT_FALSE(DecodeRecord("\x02\x01").has_value());
  EXPECT_FALSE(DecodeRecord("\x01\x63").has_value());
}

// Nothing is readable that would not be written the same way.
TEST(Record, OtherSpellingsAreRefused) {
  const auto fails = [](std::string_view fields) { return !DecodeRecord(std::string("\x01\x0D") + std::string(fields)).has_value(); };
  using namespace std::string_view_literals;
  EXPECT_FALSE(fails("\x02\x01x"sv));
  EXPECT_TRUE(fails("\x02\x00"sv)) << "an empty text is not written";
  EXPECT_TRUE(fails("\x02\x81\x00x"sv)) << "a length longer than it need be";
  EXPECT_TRUE(fails("\x02\x01x\x02\x01y"sv)) << "a field twice";
  EXPECT_TRUE(fails("\x03\x01x\x02\x01y"sv)) << "fields out of order";
  EXPECT_TRUE(fails("\x08\x01x"sv)) << "a field that is not known";
  EXPECT_TRUE(fails("\x01\x01\x00"sv)) << "a zero";
  EXPECT_TRUE(fails("\x01\x02\x02\x02"sv)) << "an integer with something behind it";
  EXPECT_TRUE(fails("\x11\x01x"sv)) << "a flag with a value";
  EXPECT_TRUE(fails("\x29\x01k"sv)) << "a member without its element";
  EXPECT_TRUE(fails("\x0A\x02\x05x"sv)) << "an entity whose type is longer than it is";
  EXPECT_TRUE(fails("\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv)) << "a length beyond everything";
}

TEST(Record, WhatIsNoJsonIsShownAsText) {
  const std::string deep(100'000, '[');
  for (const std::string& context : {std::string("{\"a\":"), deep, std::string("\xFF")}) {
    std::string bytes;
    EncodeRecord(DecisionRecord{.context = context}, bytes);
    const auto json = RecordToJson(*DecodeRecord(bytes));
    EXPECT_TRUE(json["context"].is_string());
    EXPECT_FALSE(DumpJson(json).empty());
  }
}

}  // namespace
}  // namespace remit::audit
