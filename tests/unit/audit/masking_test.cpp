// Masking: what rules name is replaced wherever it is and however it is spelt, nothing else is touched, and an erased value is gone while its record stays.
#include "runtime/audit/masking.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/audit/log_reader.h"
#include "runtime/audit/masked_values.h"
#include "runtime/audit/proof.h"
#include "runtime/audit/verify.h"
#include "tests/unit/audit/log_fixture.h"

namespace remit::audit {
namespace {

// With `#N` for the N-th commitment, and what was masked.
struct Masked {
  std::string text;
  std::vector<std::pair<std::string, std::string>> values;  // pointer and value
};

auto Show(std::string text, const std::vector<MaskedValue>& values) -> Masked {
  Masked masked;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto commitment = CommitmentText(values[i].commitment);
    const size_t at = text.find(commitment);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, commitment.size(), "#" + std::to_string(i));
    masked.values.emplace_back(values[i].pointer, values[i].value);
  }
  masked.text = std::move(text);
  return masked;
}

auto MaskContext(const std::vector<std::string>& rules, std::string_view json) -> Masked {
  std::vector<MaskedValue> values;
  auto text = Masker::Make(rules)->MaskContext(json, values);
  return text ? Show(*text, values) : Masked{.text = text.error().code, .values = {}};
}

auto MaskEntities(const std::vector<std::string>& rules, std::string_view json) -> Masked {
  std::vector<MaskedValue> values;
  auto text = Masker::Make(rules)->MaskEntities(json, values);
  return text ? Show(*text, values) : Masked{.text = text.error().code, .values = {}};
}

using Values = std::vector<std::pair<std::string, std::string>>;

TEST(Masking, WhatIsNamedIsReplacedAndTheRestKeepsItsBytes) {
  const auto masked = MaskContext({"context.card.number"}, R"({ "amount" : 1.50e1, "card":{"number": "4111 1111", "name":"A\u006ea"} })");
  EXPECT_EQ(masked.text, R"({ "amount" : 1.50e1, "card":{"number": "#0", "name":"A\u006ea"} })");
  EXPECT_EQ(masked.values, (Values{{"/context/card/number", R"("4111 1111")"}}));
}

TEST(Masking, ArraysAreLookedThroughAndStarsAreAnyName) {
  const auto masked =
      MaskContext({"context.items.ssn", "context.*.secret"}, R"({"items":[{"ssn":1},{"ssn":{"a":[2]}}],"x/y":{"secret":null}})");
  EXPECT_EQ(masked.text, R"({"items":[{"ssn":"#0"},{"ssn":"#1"}],"x/y":{"secret":"#2"}})");
  EXPECT_EQ(masked.values,
            (Values{{"/context/items/0/ssn", "1"}, {"/context/items/1/ssn", R"({"a":[2]})"}, {"/context/x~1y/secret", "null"}}));
}

// A caller who spells a key otherwise does not get its value into the log.
TEST(Masking, KeysAreWhatTheySay) {
  const auto masked = MaskContext({"context.card"}, R"({"c\u0061rd":"4111"})");
  EXPECT_EQ(masked.text, R"({"c\u0061rd":"#0"})");
}

TEST(Masking, AWholeRecordIsMaskedOnce) {
  const auto masked = MaskContext({"context.card", "context.card.number"}, R"({"card":{"number":1}})");
  EXPECT_EQ(masked.text, R"({"card":"#0"})");
}

TEST(Masking, EntitiesAreMaskedByTheirType) {
  const auto masked = MaskEntities({"entities.User.ssn", "entities.N::Card.number"},
                                   R"([{"attrs":{"ssn":1,"name":"a"},"uid":{"type":"User","id":"u"}},)"
                                   R"({"uid":{"__entity":{"type":"N::Card","id":"c"}},"attrs":{"number":2,"ssn":3}},)"
                                   R"({"uid":{"type":"Other","id":"o"},"attrs":{"ssn":4}}])");
  EXPECT_EQ(masked.text, R"([{"attrs":{"ssn":"#0","name":"a"},"uid":{"type":"User","id":"u"}},)"
                         R"({"uid":{"__entity":{"type":"N::Card","id":"c"}},"attrs":{"number":"#1","ssn":3}},)"
                         R"({"uid":{"type":"Other","id":"o"},"attrs":{"ssn":4}}])");
  EXPECT_EQ(masked.values, (Values{{"/entities/0/attrs/ssn", "1"}, {"/entities/1/attrs/number", "2"}}));
}

TEST(Masking, AnEntityWhoseTypeCannotBeToldIsMaskedByEveryRule) {
  EXPECT_EQ(MaskEntities({"entities.User.ssn"}, R"([{"uid":"User::\"u\"","attrs":{"ssn":1}}])").text,
            R"([{"uid":"User::\"u\"","attrs":{"ssn":"#0"}}])");
}

TEST(Masking, WhatIsNoJsonIsNotRecorded) {
  for (const char* json : {"", "{", "{\"a\":", "{\"card\":1", "{\"card\" 1}", "{\"card\":1}}", "[", "{\"a\":\"", "{card:1}"})
    EXPECT_EQ(MaskContext({"context.card"}, json).text, "mask-unreadable") << json;
  EXPECT_EQ(MaskContext({"context.card"}, std::string(100'000, '[')).text, "mask-unreadable");
  EXPECT_EQ(MaskEntities({"entities.User.ssn"}, "{}").text, "mask-unreadable");
}

TEST(Masking, WrongRulesAreErrors) {
  for (const char* rule : {"", "context", "context.", "card", "entities.User", "context..a", ".context.a", "principal.id"})
    EXPECT_EQ(Masker::Make({rule}).error().code, "mask-rule") << rule;
}

TEST(Masking, ACommitmentSaysNothingAndBinds) {
  std::vector<MaskedValue> first;
  std::vector<MaskedValue> second;
  const auto masker = *Masker::Make({"context.a"});
  masker.MaskContext(R"({"a":1})", first).value();
  masker.MaskContext(R"({"a":1})", second).value();
  EXPECT_NE(first[0].commitment, second[0].commitment) << "equal values are not seen to be equal";
  EXPECT_EQ(CommitmentTo(first[0].salt, "1"), first[0].commitment);
  EXPECT_NE(CommitmentTo(first[0].salt, "2"), first[0].commitment);
  EXPECT_EQ(CommitmentFromText(CommitmentText(first[0].commitment)), first[0].commitment);
  EXPECT_TRUE(CommitmentFromText("masked:00").empty());
}

// Appends a decision of which the card is masked.
void AppendMasked(Log& log, MaskedValues& store, const std::string& user, const std::string& card) {
  std::vector<MaskedValue> values;
  const auto context = *Masker::Make({"context.card"})->MaskContext(R"({"n":1,"card":")" + card + "\"}", values);
  store.Add("User::\"" + user + "\"", values).value();
  const std::string_view pointer = values.front().pointer;
  auto record = SmallRecord(user);
  record.context = context;
  record.masked = std::span(&pointer, 1);
  log.WaitDurable(*log.Append(record)).value();
}

TEST(Erasure, AnErasedValueIsGoneAndTheProofHolds) {
  const LogFolder folder;
  const auto store = *MaskedValues::Open(folder.log(), MaskedValues::Mode::Write);
  auto options = folder.Options();
  options.before_batch = [&] { return store->Sync(); };
  const auto log = *Log::Open(options);
  AppendMasked(*log, *store, "ana", "4111-ana");
  AppendMasked(*log, *store, "bob", "4222-bob");
  const auto proof = *ProveRecord(folder.log(), 0);
  const auto context = [&](uint64_t number) -> std::string {
    const auto bytes = *ReadRecordBytes(folder.log(), number);
    const auto unmasked = Unmask(*DecodeRecord(bytes), *store);
    return unmasked ? std::string(unmasked->view.Text(Field::Context)) : "erased";
  };
  EXPECT_EQ(context(0), R"({"n":1,"card":"4111-ana"})");
  EXPECT_EQ(context(1), R"({"n":1,"card":"4222-bob"})");
  EXPECT_EQ(ReadText(SegmentsOf(folder.log()).front()).find("4111"), std::string::npos);

  EXPECT_EQ(store->EraseSubject("User::\"ana\""), 1U);
  EXPECT_EQ(store->EraseSubject("User::\"ana\""), 0U);
  EXPECT_EQ(context(0), "erased");
  EXPECT_EQ(context(1), R"({"n":1,"card":"4222-bob"})");
  EXPECT_EQ(ReadText(folder.log() + "/masked").find("ana"), std::string::npos) << "not even whose it was";
  EXPECT_TRUE(CheckRecordProof(proof, std::span(&folder.signer.verifier(), 1)).has_value());
  EXPECT_TRUE(VerifyLog(folder.log(), {.verifiers = std::span(&folder.signer.verifier(), 1)}).is_sound());

  const auto commitments = CommitmentsOf(*DecodeRecord(*ReadRecordBytes(folder.log(), 1)));
  EXPECT_EQ(store->EraseCommitments(commitments), 1U);
  EXPECT_EQ(context(1), "erased");
  AppendMasked(*log, *store, "eve", "4333-eve");
  EXPECT_EQ(context(2), R"({"n":1,"card":"4333-eve"})");
}

TEST(Erasure, AChangedValueIsNotTakenForTheOneThatWasMasked) {
  const LogFolder folder;
  const auto store = *MaskedValues::Open(folder.log(), MaskedValues::Mode::Write);
  const auto log = folder.Open();
  AppendMasked(*log, *store, "ana", "4111-ana");
  auto bytes = ReadText(folder.log() + "/masked");
  bytes.replace(bytes.find("4111"), 4, "5111");
  WriteText(folder.log() + "/masked", bytes);
  EXPECT_FALSE(Unmask(*DecodeRecord(*ReadRecordBytes(folder.log(), 0)), *store).has_value());
}

}  // namespace
}  // namespace remit::audit
