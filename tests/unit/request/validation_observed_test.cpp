// The requests and entities of the shared observations that were made with a schema.
//
// The file does not hold the schema, the policies or the rest of the request. The ones below give Cedar's own answer for each line, and were
// confirmed with Cedar 4.12. The data is not part of this repository: $REMIT_CONFORMANCE names the folder that holds it.
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/conformance_data.h"
#include "tests/unit/request/schema_job.h"

namespace remit {
namespace {

using Json = nlohmann::json;

constexpr auto* kSchema = R"(
entity G; entity Z; entity R;
entity E enum ["x"];
entity U in [G] { n: Long, s: String, o?: Long, set: Set<Long>, friend?: U, r?: { a?: Long } } tags Long;
action grp; action z;
action v, w in [grp] appliesTo { principal: U, resource: R, context: { ip: ipaddr, t: String, c?: Long } };
)";

// What a line does not say.
constexpr auto* kRequest = R"({"principal": {"type": "U", "id": "a"}, "action": {"type": "Action", "id": "v"},
                               "resource": {"type": "R", "id": "r"}, "context": {"ip": "1.1.1.1", "t": "x"}})";

TEST(ValidationObserved, RequestsAndEntities) {
  const auto path = ObservedFile("validate_request_links_4.12.txt");
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no conformance data at " << path;
  const ValidationJob job(kSchema);
  size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    const auto arrow = line.rfind(" => ");
    if (arrow == std::string::npos || line[0] != '{') continue;
    const auto input = Json::parse(line.substr(0, arrow), nullptr, false);
    const auto answer = line.substr(arrow + 4);
    if (input.is_discarded() || input.contains("staticPolicies") || input.contains("templates") || answer.starts_with('{')) continue;
    auto request = Json::parse(kRequest);
    for (const auto* member : {"principal", "action", "resource", "context"}) {
      if (input.contains(member)) request[member] = input[member];
    }
    const bool accepted = !job.Request(request.dump(), input.value("validateRequest", true)) &&
                          job.Entities(input.value("entities", Json::array()).dump()).empty();
    EXPECT_EQ(accepted, answer == "allow") << line;
    ++count;
  }
  EXPECT_EQ(count, 20);
}

}  // namespace
}  // namespace remit
