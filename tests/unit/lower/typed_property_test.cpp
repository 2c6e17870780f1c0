// Deciding by the environments of a schema gives what the general bodies give, word for word: outcome, determining policies, and of every error its
// message and place. Held against generated policies that types decide in part, with entities that do not exist and arithmetic that overflows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/decide.h"
#include "tests/unit/partial/random_world.h"

namespace remit {
namespace {

constexpr auto kSchema = R"(
entity Team in [Team];
entity User in [Team] { age: Long, boss?: User, profile: { city: String, zip?: Long } };
entity Bot in [Team] { age: Long, owner: User } tags Long;
entity Doc in [Folder] { owner: User, size: Long, link?: Doc };
entity Folder in [Folder] { size: Long };
action look;
action read in [look] appliesTo { principal: [User, Bot], resource: [Doc, Folder], context: { n: Long, note?: String } };
action write appliesTo { principal: [User, Bot], resource: Doc, context: { n: Long, force: Bool } };
)";

constexpr auto kEntities = R"([
  {"uid": {"type": "Team", "id": "t"}, "attrs": {}, "parents": []},
  {"uid": {"type": "User", "id": "0"}, "attrs": {"age": 9223372036854775807, "boss": {"type": "User", "id": "1"}, "profile": {"city": "x", "zip": 1}},
   "parents": [{"type": "Team", "id": "t"}]},
  {"uid": {"type": "User", "id": "1"}, "attrs": {"age": 3, "boss": {"type": "User", "id": "2"}, "profile": {"city": ""}}, "parents": []},
  {"uid": {"type": "Bot", "id": "0"}, "attrs": {"age": 1, "owner": {"type": "User", "id": "2"}}, "parents": [], "tags": {"k": 5}},
  {"uid": {"type": "Bot", "id": "1"}, "attrs": {"age": 2, "owner": {"type": "User", "id": "0"}}, "parents": [{"type": "Team", "id": "t"}]},
  {"uid": {"type": "Doc", "id": "0"}, "attrs": {"owner": {"type": "User", "id": "0"}, "size": 4, "link": {"type": "Doc", "id": "2"}},
   "parents": [{"type": "Folder", "id": "0"}]},
  {"uid": {"type": "Doc", "id": "1"}, "attrs": {"owner": {"type": "User", "id": "2"}, "size": -1}, "parents": []},
  {"uid": {"type": "Folder", "id": "0"}, "attrs": {"size": 7}, "parents": []}])";

// Users, bots, documents and folders with the number 2 do not exist.
class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  auto Policy() -> std::string {
    const auto head = fmt::format(
        "{} ({}, {}, {})", random_.Pick({"permit", "forbid"}),
        random_.Pick({"principal", "principal", "principal", "principal is User", "principal in Team::\"t\"", "principal == Bot::\"0\""}),
        random_.Pick({"action", "action", "action", "action == Action::\"read\"", "action in [Action::\"look\", Action::\"write\"]"}),
        random_.Pick({"resource", "resource", "resource", "resource is Doc", "resource in Folder::\"0\""}));
    std::string text = head;
    for (size_t i = 1 + random_.Below(3); i > 0; --i)
      text += fmt::format(" {} {{ {} }}", random_.Pick({"when", "when", "unless"}), Bool(3));
    return text + ";\n";
  }

  auto Request() -> std::string {
    const bool writes = random_.Chance(40);
    const auto resource = writes ? "Doc" : random_.Pick({"Doc", "Folder"});
    return fmt::format(R"({{"principal": {{"type": "{}", "id": "{}"}}, "action": {{"type": "Action", "id": "{}"}},
        "resource": {{"type": "{}", "id": "{}"}}, "context": {{"n": {}{}}}}})",
                       random_.Pick({"User", "Bot"}), random_.Below(3), writes ? "write" : "read", resource, random_.Below(3),
                       random_.Pick({"0", "1", "5", "9223372036854775807"}),
                       writes ? random_.Pick({R"(, "force": true)", R"(, "force": false)"}) : random_.Pick({R"(, "note": "a")", ""}));
  }

 private:
  auto Bool(size_t depth) -> std::string {
    if (depth == 0) return Leaf();
    const size_t next = depth - 1;
    switch (random_.Below(12)) {
      case 0: return fmt::format("({} && {})", Bool(next), Bool(next));
      case 1: return fmt::format("({} || {})", Bool(next), Bool(next));
      case 2: return fmt::format("!({})", Bool(next));
      case 3: return fmt::format("(if {} then {} else {})", Bool(next), Bool(next), Bool(next));
      case 4: return fmt::format("(if principal is User then {} else {})", OfUser(), OfBot());
      case 5: return fmt::format("(principal is User && {} && {})", OfUser(), Bool(next));
      case 6: return fmt::format("(principal is User || {} || {})", OfBot(), Bool(next));
      case 7: return fmt::format("(resource is Doc && {} && {})", OfDoc(), Bool(next));
      case 8: return fmt::format("(resource is Folder || {} || {})", OfDoc(), Bool(next));
      case 9: return fmt::format("(action == Action::\"write\" && (context.force || {}))", Bool(next));
      case 10: return fmt::format("([1, context.n].{}(x, x > 0 && {}))", random_.Pick({"any", "all"}), Bool(0));
      default: return Leaf();
    }
  }

  auto Leaf() -> std::string {
    return random_.Pick({"principal is User",
                         "principal is Bot",
                         "resource is Doc",
                         "principal is User in Team::\"t\"",
                         "principal in Team::\"t\"",
                         "resource in Folder::\"0\"",
                         "resource is Doc in Folder::\"0\"",
                         "action == Action::\"read\"",
                         "action in Action::\"look\"",
                         "action in [Action::\"write\"]",
                         "context has force",
                         "context has note",
                         "context has n",
                         "principal has boss",
                         "principal has owner",
                         "principal has profile.zip",
                         "resource has owner.age",
                         "principal.age > 2",
                         "principal.age + context.n > 4",
                         "context.n * 2 == 2",
                         "resource.size < 5",
                         "-context.n < 0",
                         "User::\"2\".age == 1",
                         "User::\"1\".profile has zip",
                         "true",
                         "false",
                         "principal == resource",
                         "principal == User::\"0\"",
                         "principal.hasTag(\"k\")",
                         "ip(\"10.0.0.1\").isIpv4()",
                         "ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"))",
                         "decimal(\"1.0\").lessThan(decimal(\"2.0\"))",
                         "now() > datetime(\"2024-01-01\")"});
  }
  auto OfUser() -> std::string {
    return random_.Pick({"principal.profile has zip", "(principal has boss && principal.boss is User)",
                         "(principal has boss && principal.boss.age > 1)", "principal.profile.city == \"x\"", "principal has profile.city",
                         "(principal.profile has zip && principal.profile.zip > 0)", "(principal has boss && principal.boss is Bot)"});
  }
  auto OfBot() -> std::string {
    return random_.Pick({"principal.owner is User", "principal.owner is Bot", "(principal.hasTag(\"k\") && principal.getTag(\"k\") > 3)",
                         "principal.owner.age > 1", "!(principal.owner is User)", "(principal.owner is User && principal.age > 1)"});
  }
  auto OfDoc() -> std::string {
    return random_.Pick({"resource.owner is User", "resource.owner == principal", "(resource has link && resource.link is Doc)",
                         "(resource has link && resource.link.owner is User)", "(resource.owner is Bot || resource.size > 0)",
                         "(resource.owner is User in Team::\"t\")", "resource.owner has boss"});
  }

  Random& random_;
};

struct Counts {
  size_t decisions = 0;
  size_t errors = 0;
  size_t specialised = 0;  // variants with a body of their own
  size_t dropped = 0;  // policies that some environment does not have
};

class Subject {
 public:
  explicit Subject(const std::string& policies, Counts& counts) : counts_(counts) {
    schema_ = LoadSchema(job_, "s.cedarschema", kSchema);
    LoadPolicies(job_, "p.remit", policies, PolicyFormat::Text);
    entities_ = LoadEntities(job_, "e.json", kEntities, &*schema_);
    program_ = CompileProgram(job_, ast::IdConvention::Remit, &*schema_);
    EXPECT_TRUE(entities_.has_value() && program_.has_value()) << policies;
    if (!program_) return;
    for (const auto& group : program_->groups) {
      for (const auto& variant : group) counts.specialised += variant.body != program_->policies[variant.policy].body;
    }
    for (const auto& environment : program_->environments) {
      counts.dropped += program_->policies.size();
      for (const auto group : environment.groups) counts.dropped -= program_->groups[group].size();
    }
  }

  void Check(const std::string& request) {
    const auto typed = Decide(request, true);
    const auto general = Decide(request, false);
    ASSERT_TRUE(typed.has_value() && general.has_value()) << request;
    ++counts_.decisions;
    counts_.errors += general->decision.errors.size();
    ASSERT_EQ(Describe(typed->decision), Describe(general->decision)) << request << '\n' << ir::Print(*program_, job_.interner);
    ASSERT_TRUE(typed->decision == general->decision);
  }

 private:
  auto Decide(const std::string& request, bool use_environments) -> Expected<RequestAnswer> {
    RequestDecider decider({.program = *program_,
                            .entities = *entities_,
                            .interner = job_.interner,
                            .schema = &*schema_,
                            .use_environments = use_environments},
                           job_.limits);
    return decider.Decide(request);
  }

  static auto Describe(const Decision& decision) -> std::string {
    std::string text = decision.allowed() ? "allow" : "deny";
    for (const auto policy : decision.determining) text += fmt::format(" {}", policy);
    for (const auto& error : decision.errors) text += fmt::format("\n{} at {}: {}", error.policy, error.span_begin, error.message);
    return text;
  }

  CompileJob job_;
  std::optional<Schema> schema_;
  std::optional<EntityStore> entities_;
  std::optional<ir::Program> program_;
  Counts& counts_;
};

TEST(TypedProperty, EnvironmentsChangeNeitherDecisionsNorErrors) {
  const char* wanted = std::getenv("REMIT_TYPED_SETS");  // for a longer run by hand
  const size_t sets = wanted == nullptr ? 300 : std::strtoul(wanted, nullptr, 10);
  Counts counts;
  for (uint64_t seed = 1; seed <= sets && !HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    Generator generator(random);
    std::string policies;
    for (int i = 0; i < 12; ++i) policies += generator.Policy();
    Subject subject(policies, counts);
    for (int i = 0; i < 20 && !HasFailure(); ++i) subject.Check(generator.Request());
  }
  fmt::print("{} decisions, {} errors, {} specialised bodies, {} times a policy was left out\n", counts.decisions, counts.errors,
             counts.specialised, counts.dropped);
  EXPECT_EQ(counts.decisions, sets * 20);
  EXPECT_GT(counts.errors, counts.decisions / 10);
  EXPECT_GT(counts.specialised, sets);
  EXPECT_GT(counts.dropped, sets);
}

}  // namespace
}  // namespace remit
