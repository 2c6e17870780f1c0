// Accepts and refuses the entities and requests that Cedar accepts and refuses: its answers, recorded line by line.
//
// Each line of cedar_validation.tsv is `ok` or `refused`, the kind of document, and the document: made by putting every sort of value at every sort
// of place of cedar_validation.cedarschema, and asked of Cedar 4.12. $REMIT_VALIDATION_ANSWERS may name a larger table for the same schema.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/request/schema_job.h"

namespace remit {
namespace {

auto ReadText(const std::string& path) -> std::string {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

auto Accepts(const ValidationJob& job, std::string_view kind, std::string_view json) -> bool {
  if (kind == "entities") return job.Entities(json).empty();
  return !job.Request(json, kind == "request").has_value();
}

TEST(ValidationAnswers, AsCedar) {
  const std::string folder = REMIT_TEST_FOLDER;
  const ValidationJob job(ReadText(folder + "/cedar_validation.cedarschema"));
  const char* other = std::getenv("REMIT_VALIDATION_ANSWERS");
  std::ifstream file(other != nullptr ? other : folder + "/cedar_validation.tsv");
  size_t count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    std::istringstream columns(line);
    std::string verdict;
    std::string kind;
    std::string json;
    std::getline(columns, verdict, '\t');
    std::getline(columns, kind, '\t');
    std::getline(columns, json, '\t');
    EXPECT_EQ(Accepts(job, kind, json), verdict == "ok") << line;
  }
  EXPECT_GT(count, 500);
}

}  // namespace
}  // namespace remit
