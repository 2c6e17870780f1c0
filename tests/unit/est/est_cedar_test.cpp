// The same answers as Cedar 4.12: tables of its answers in data/, and the lines of the conformance folder where it is present.
#include <filesystem>

#include "est_job.h"
#include "tests/unit/conformance_data.h"

namespace remit {
namespace {

TEST(EstCedar, TextToJsonGivesTheSameDocument) {
  for (const auto& [text, expected] : CedarAnswers("text_to_json.txt")) {
    EstJob job;
    ASSERT_TRUE(job.ReadText(text)) << text << "\n" << job.Report();
    EXPECT_EQ(job.ToJson().dump(), expected) << text;
  }
}

TEST(EstCedar, TextToJsonToTextKeepsTheMeaning) {
  for (const auto& [text, json] : CedarAnswers("text_to_json.txt")) {
    EstJob job;
    ASSERT_TRUE(job.ReadPolicy(json)) << json << "\n" << job.Report();
    EstJob again;
    ASSERT_TRUE(again.ReadText(job.Print())) << job.Print() << "\n" << again.Report();
    EXPECT_EQ(again.ToJson().dump(), json) << text;
  }
}

// What Cedar prints but does not read back.
auto IsUnreadable(const std::string& text) -> bool {
  return text.find("has \"a b\".c") != std::string::npos || text.find("has a.\"if\"") != std::string::npos ||
         text.find("{ isIpv4() }") != std::string::npos;
}

void CheckAnswer(const std::string& json, const std::string& answer) {
  EstJob job;
  const bool read = job.ReadPolicy(json);
  EXPECT_EQ(read, answer.starts_with("ok ")) << json << "\nCedar: " << answer << "\n" << job.Report();
  EXPECT_EQ(read, !job.sink.has_errors()) << json;
  if (!read) {
    EXPECT_TRUE(job.ast.statements.empty() && job.ast.exprs.empty()) << json;
    return;
  }
  const auto text = answer.substr(3);
  if (IsUnreadable(text)) return;
  EstJob cedar;
  ASSERT_TRUE(cedar.ReadText(text)) << text << "\n" << cedar.Report();
  EXPECT_EQ(job.ToJson().dump(), cedar.ToJson().dump()) << json;
  EstJob again;
  ASSERT_TRUE(again.ReadText(job.Print())) << job.Print() << "\n" << again.Report();
  EXPECT_EQ(job.ToJson().dump(), again.ToJson().dump()) << json;
}

TEST(EstCedar, JsonToTextAcceptsAndMeansTheSame) {
  for (const auto& [json, answer] : CedarAnswers("json_to_text.txt")) CheckAnswer(json, answer);
}

TEST(EstCedar, PolicySetsAreAcceptedTheSame) {
  for (const auto& [json, answer] : CedarAnswers("policy_sets.txt")) {
    EstJob job;
    const bool read = job.ReadSet(json);
    EXPECT_EQ(read, !answer.starts_with("error ")) << json << "\nCedar: " << answer << "\n" << job.Report();
    EXPECT_EQ(read, !job.sink.has_errors()) << json;
    EXPECT_EQ(job.ast.explicit_ids.size(), job.ast.statements.size()) << json;
  }
}

// Undoes the escapes of a text that the observed files put in quotes.
auto Unquote(const std::string& quoted) -> std::string { return nlohmann::json::parse(quoted).get<std::string>(); }

TEST(EstCedar, ObservedLines) {
  const auto path = ObservedFile("entities_context_est_4.12.txt");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no conformance data at " << path << "; set REMIT_CONFORMANCE";
  std::ifstream in{path};
  std::string line;
  while (std::getline(in, line) && line != "--- EST") {}
  size_t seen = 0;
  while (std::getline(in, line)) {
    const size_t arrow = line.find("  =>  ");
    if (arrow != std::string::npos) {
      ++seen;
      const auto json = line.substr(0, arrow);
      const auto answer = line.substr(arrow + 6);
      if (answer.starts_with("ok ")) {
        CheckAnswer(json, "ok " + Unquote(answer.substr(3)));
        continue;
      }
      // A template is no error here: who asked for a static policy says so.
      EstJob job;
      EXPECT_EQ(job.ReadPolicy(json), answer.find("got a template") != std::string::npos) << json << "\n" << answer;
      continue;
    }
    const size_t json = line.find("{\"effect\"");
    if (json == std::string::npos || json == 0) continue;
    ++seen;
    EstJob job;
    ASSERT_TRUE(job.ReadText("@id(\"z\") permit(principal, action, resource) when { " + line.substr(0, json) + "};")) << job.Report();
    EXPECT_EQ(job.ToJson().dump(), line.substr(json));
  }
  EXPECT_EQ(seen, 64U);
}

}  // namespace
}  // namespace remit
