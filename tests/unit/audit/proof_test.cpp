// Proofs out of logs: every record's and every growth's holds, nothing else does; queries and exports of the same records.
#include "runtime/audit/proof.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "runtime/audit/export.h"
#include "runtime/audit/log_reader.h"
#include "runtime/audit/query.h"
#include "tests/unit/audit/log_fixture.h"

namespace remit::audit {
namespace {

class Proofs : public testing::Test {
 protected:
  static constexpr uint64_t kRecords = 37;

  void SetUp() override {
    const auto log = *Log::Open({.folder = folder_.log(), .signer = folder_.signer, .segment_bytes = 600});
    for (uint64_t i = 0; i < kRecords; ++i) {
      kept_.push_back(log->checkpoint());
      const auto id = std::to_string(i);
      auto record = SmallRecord(id, static_cast<int64_t>(1000 + i));
      record.outcome = i % 5 == 0 ? "deny" : "execute";
      record.principal.id = i % 2 == 0 ? "even" : "odd";
      ASSERT_TRUE(log->WaitDurable(*log->Append(record)).has_value());
    }
  }
  auto verifiers() const { return std::span(&folder_.signer.verifier(), 1); }
  auto Numbers(const Query& query) const -> std::vector<uint64_t> {
    std::vector<uint64_t> numbers;
    EXPECT_TRUE(RunQuery(folder_.log(), query, [&](uint64_t number, const RecordView&) { numbers.push_back(number); }).has_value());
    return numbers;
  }

  LogFolder folder_;
  std::vector<std::string> kept_;  // checkpoints of each size
};

TEST_F(Proofs, EveryRecordIsProven) {
  for (uint64_t number = 0; number < kRecords; ++number) {
    const auto proof = ProveRecord(folder_.log(), number);
    ASSERT_TRUE(proof.has_value());
    const auto proven = CheckRecordProof(*proof, verifiers());
    ASSERT_TRUE(proven.has_value()) << proven.error().message;
    EXPECT_EQ(proven->number, number);
    EXPECT_EQ(proven->checkpoint.size, kRecords);
    EXPECT_EQ(proven->bytes, ReadRecordBytes(folder_.log(), number));
    EXPECT_EQ(DecodeRecord(proven->bytes)->Text(Field::Id), std::to_string(number));
  }
  EXPECT_EQ(ProveRecord(folder_.log(), kRecords).error().code, "audit-no-record");
}

TEST_F(Proofs, EveryGrowthIsProven) {
  for (uint64_t size = 1; size < kRecords; ++size) {
    const auto proof = ProveGrowth(folder_.log(), size);
    ASSERT_TRUE(proof.has_value());
    const auto proven = CheckGrowthProof(*proof, kept_[size], verifiers());
    ASSERT_TRUE(proven.has_value()) << proven.error().message;
    EXPECT_EQ(proven->from.size, size);
    EXPECT_EQ(proven->to.size, kRecords);
    EXPECT_EQ(CheckGrowthProof(*proof, kept_[size - 1], verifiers()).error().code, "proof-wrong");
  }
  EXPECT_EQ(ProveGrowth(folder_.log(), kRecords + 1).error().code, "audit-no-record");
  EXPECT_EQ(ProveGrowth(folder_.log(), 0).error().code, "audit-no-record");
}

TEST_F(Proofs, NothingElseHolds) {
  std::mt19937 random(7);
  const auto record = *ProveRecord(folder_.log(), 11);
  const auto growth = *ProveGrowth(folder_.log(), 22);
  for (int i = 0; i < 500; ++i) {
    auto changed = record;
    changed[random() % changed.size()] ^= static_cast<char>(1U << (random() % 7));
    const auto proven = CheckRecordProof(changed, verifiers());
    EXPECT_FALSE(proven.has_value()) << changed;
    changed = growth;
    changed[random() % changed.size()] ^= static_cast<char>(1U << (random() % 7));
    EXPECT_FALSE(CheckGrowthProof(changed, kept_[22], verifiers()).has_value()) << changed;
  }
  EXPECT_FALSE(CheckRecordProof("", verifiers()).has_value());
  EXPECT_FALSE(CheckRecordProof(growth, verifiers()).has_value());
  EXPECT_FALSE(CheckGrowthProof(record, kept_[22], verifiers()).has_value());
  const NoteVerifier other("remit.test/log", approval::SigningKey::Generate().public_key());
  EXPECT_EQ(CheckRecordProof(record, std::span(&other, 1)).error().code, "note-unsigned");
}

TEST_F(Proofs, QueriesFindWhatMatches) {
  EXPECT_EQ(Numbers({}).size(), kRecords);
  EXPECT_EQ(Numbers({.outcome = "deny"}), (std::vector<uint64_t>{0, 5, 10, 15, 20, 25, 30, 35}));
  EXPECT_EQ(Numbers({.outcome = "deny", .principal = R"(Agent::"odd")"}), (std::vector<uint64_t>{5, 15, 25, 35}));
  EXPECT_EQ(Numbers({.id = "17"}), std::vector<uint64_t>{17});
  EXPECT_EQ(Numbers({.since_ms = 1030, .until_ms = 1033}), (std::vector<uint64_t>{30, 31, 32}));
  EXPECT_EQ(Numbers({.first = 35}), (std::vector<uint64_t>{35, 36}));
  EXPECT_EQ(Numbers({.first = 3, .limit = 2}), (std::vector<uint64_t>{3, 4}));
  EXPECT_TRUE(Numbers({.kind = "settlement"}).empty());
  EXPECT_TRUE(Numbers({.resource = R"(Tool::"other")"}).empty());
}

TEST_F(Proofs, ExportsHaveWhatTheirFormatsAskFor) {
  const auto bytes = *ReadRecordBytes(folder_.log(), 5);
  const auto record = *DecodeRecord(bytes);
  const auto line = *ExportRecord(5, record, "remit.test/log", ExportFormat::JsonLines);
  EXPECT_EQ(line["number"], 5);
  EXPECT_EQ(line["outcome"], "deny");

  const auto opa = *ExportRecord(5, record, "remit.test/log", ExportFormat::Opa);
  EXPECT_EQ(opa["decision_id"], "5");
  EXPECT_EQ(opa["timestamp"], "1970-01-01T00:00:01.005Z");
  EXPECT_EQ(opa["result"]["allow"], false);
  EXPECT_EQ(opa["input"]["principal"]["id"], "odd");

  const auto ocsf = *ExportRecord(5, record, "remit.test/log", ExportFormat::Ocsf);
  EXPECT_EQ(ocsf["class_uid"], 6003);
  EXPECT_EQ(ocsf["type_uid"], 600399);
  EXPECT_EQ(ocsf["action_id"], 2);
  EXPECT_EQ(ocsf["actor"]["user"]["uid"], R"(Agent::"odd")");
  EXPECT_EQ(ocsf["api"]["operation"], R"(Action::"act")");
  for (const char* required :
       {"activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata", "actor", "api", "src_endpoint"}) {
    EXPECT_TRUE(ocsf.contains(required)) << required;
  }

  std::string event;
  EncodeRecord(EventRecord{.kind = RecordKind::Quarantine, .subject = {"Agent", "a"}}, event);
  EXPECT_EQ(ExportRecord(6, *DecodeRecord(event), "o", ExportFormat::Opa), std::nullopt) << "no decision";
  EXPECT_EQ((*ExportRecord(6, *DecodeRecord(event), "o", ExportFormat::Ocsf))["type_uid"], 600301);
}

}  // namespace
}  // namespace remit::audit
