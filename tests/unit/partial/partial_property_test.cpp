// Forgetting part of a request and its entities, evaluating partially, and deciding what is left on the full request gives what the original
// policies give: the same decision, determining policies and erroring policies.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "compiler/ast/printer.h"
#include "compiler/driver/files.h"
#include "compiler/lower/forbid_errors.h"
#include "compiler/lower/lower.h"
#include "runtime/request/json.h"
#include "tests/unit/partial/conceal.h"

namespace remit {
namespace {

struct Counts {
  uint64_t checks = 0;
  uint64_t settled = 0;  // the verdict was not open
  uint64_t residuals = 0;  // policies that were left over
  uint64_t folded = 0;  // that came to a value or an error
  uint64_t erroring = 0;  // decisions with an error
};

// One policy set, ready to be evaluated partially and fully.
class Subject {
 public:
  Subject(const std::string& schema, const std::vector<std::string>& policies, const std::string& links,
          partial::ForbidErrors forbid_errors = partial::ForbidErrors::Skip)
      : forbid_errors_(forbid_errors) {
    auto loaded = LoadSchema(job_, "s.cedarschema", schema);
    EXPECT_TRUE(loaded.has_value());
    schema_ = std::make_unique<Schema>(std::move(*loaded));
    for (const auto& text : policies) LoadPolicies(job_, "p.cedar", text, PolicyFormat::Text);
    if (!links.empty()) LoadLinks(job_, "links.json", links);
    ids_ = StatementIds(job_, ast::IdConvention::Remit);
    if (!job_.sink.has_errors()) typed_ = CheckForPartial(job_, *schema_, ids_);
    if (typed_ != nullptr) program_ = CompileProgram(job_, ast::IdConvention::Remit);
    if (program_ && denies_by_failing()) DenyWhereForbidsFail(*program_);
  }

  auto ok() const -> bool { return program_.has_value(); }
  auto Diagnostics() const -> std::string {
    std::string all;
    for (const auto& diagnostic : job_.sink.diagnostics()) all += FormatDiagnostic(diagnostic, job_.sources);
    return all;
  }

  void LoadStore(const std::string& json) {
    auto store = LoadEntities(job_, "e.json", json, schema_.get());
    ASSERT_TRUE(store.has_value()) << Diagnostics() << json;
    store_ = std::move(*store);
    entities_text_ = json;
  }

  void Check(const std::string& json, Random& random, size_t times, Counts& counts) {
    arena_.Reset();
    const auto document = ReadRequest(json, job_.interner, arena_, {.limits = {}, .schema = schema_.get()}, &store_);
    ASSERT_TRUE(document.has_value()) << FormatError(document.error()) << json;
    const auto& store = document->entities ? *document->entities : store_;
    const auto expected = DecideNamed(*program_, store, document->request, job_.interner);
    counts.erroring += !expected.erroring.empty();
    for (size_t i = 0; i < times && !::testing::Test::HasFailure(); ++i)
      CheckOnce(document->request, store, expected, json, random, counts);
  }

 private:
  auto denies_by_failing() const -> bool { return forbid_errors_ == partial::ForbidErrors::Deny; }

  void CheckOnce(const Request& full, const EntityStore& store, const NamedDecision& expected, const std::string& json, Random& random,
                 Counts& counts) {
    const auto concealed = ConcealEntities(store, *schema_, job_.interner, random);
    const auto request = ConcealRequest(full, *schema_, arena_, random);
    const partial::KnownEntities known(concealed.store, *schema_, concealed.is_complete ? nullptr : &concealed.known);
    const auto answer = partial::PartialEvaluator(job_.ast, ids_, *typed_, known, job_.interner, forbid_errors_).Evaluate(request);
    const ast::Ast residuals = ResidualPolicies(answer, job_.ast, true);

    std::vector<std::string> ids;
    for (const SymbolId id : residuals.explicit_ids) ids.emplace_back(job_.interner.text(id));
    auto program = Lower(residuals, ids, job_.interner, job_.sink);
    if (denies_by_failing()) DenyWhereForbidsFail(program);
    ASSERT_FALSE(job_.sink.has_errors()) << Diagnostics();
    const auto verified = ir::Verify(program);
    ASSERT_TRUE(verified.has_value()) << FormatError(verified.error());
    const auto actual = DecideNamed(program, store, full, job_.interner);
    const auto story = [&] {
      return fmt::format(
          "policies:\n{}\nresiduals:\n{}\nrequest: {}\nentities: {}\nprincipal {}, resource {}, {} attributes of the context unknown, {}",
          ast::PrintPolicySet(job_.ast, job_.interner), ast::PrintPolicySet(residuals, job_.interner), json, entities_text_,
          request.principal.id ? "known" : "unknown", request.resource.id ? "known" : "unknown", request.context.unknown.size(),
          concealed.is_complete ? "complete" : "not complete");
    };
    ASSERT_EQ(actual.Text(), expected.Text()) << story();
    if (answer.verdict != partial::Verdict::Open) {
      ASSERT_EQ(answer.verdict == partial::Verdict::Allow, expected.outcome == Outcome::Execute) << story();
    }
    Tally(answer, expected, story, counts);
  }

  template <typename Story>
  void Tally(const partial::PartialAnswer& answer, const NamedDecision& expected, Story story, Counts& counts) {
    ++counts.checks;
    counts.settled += answer.verdict != partial::Verdict::Open;
    for (const auto& policy : answer.policies) {
      const std::string id(job_.interner.text(policy.id));
      const bool is_open = policy.state == partial::PolicyState::Residual;
      ++(is_open ? counts.residuals : counts.folded);
      if (!is_open) {
        ASSERT_EQ(policy.state == partial::PolicyState::Fails, expected.erroring.contains(id)) << id << "\n" << story();
      }
      if (!policy.may_hold) {
        ASSERT_FALSE(expected.determining.contains(id)) << id << "\n" << story();
      }
    }
  }

  partial::ForbidErrors forbid_errors_;
  CompileJob job_;
  std::unique_ptr<Schema> schema_;
  std::vector<std::string> ids_;
  std::unique_ptr<check::TypedPolicySet> typed_;
  std::optional<ir::Program> program_;
  EntityStore store_;
  std::string entities_text_;
  Arena arena_;
};

constexpr std::string_view kLinks = R"([
  {"template": "t", "id": "l0", "principal": {"type": "Group", "id": "g0"}, "resource": {"type": "Folder", "id": "f0"}},
  {"template": "t", "id": "l1", "principal": {"type": "Group", "id": "g1"}, "resource": {"type": "Folder", "id": "f1"}},
  {"template": "t", "id": "l2", "principal": {"type": "User", "id": "u0"}, "resource": {"type": "Doc", "id": "d0"}}])";

TEST(PartialProperty, GeneratedPoliciesKeepTheirMeaning) {
  const char* wanted = std::getenv("REMIT_PARTIAL_SETS");  // for a longer run by hand
  const size_t sets = wanted == nullptr ? 500 : std::strtoul(wanted, nullptr, 10);
  Counts counts;
  size_t rejected = 0;
  for (uint64_t seed = 1; seed <= sets && !HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    RandomPolicies policies(random);
    RandomData data(random);
    Subject subject(std::string(kWorldSchema), {policies.Set(4) + policies.Template()}, std::string(kLinks),
                    seed % 3 == 0 ? partial::ForbidErrors::Deny : partial::ForbidErrors::Skip);
    if (!subject.ok()) {
      ++rejected;
      if (rejected < 3) RecordProperty(fmt::format("rejected{}", rejected), subject.Diagnostics());
      continue;
    }
    subject.LoadStore(data.Entities());
    for (size_t i = 0; i < 6 && !HasFailure(); ++i) subject.Check(data.Request(), random, 5, counts);
  }
  fmt::print("{} checks, {} settled, {} policies folded, {} left over, {} requests with errors, {} sets rejected\n", counts.checks,
             counts.settled, counts.folded, counts.residuals, counts.erroring, rejected);
  EXPECT_GE(counts.checks, 10'000U);
  EXPECT_LT(rejected, sets / 4);
  EXPECT_GT(counts.settled, counts.checks / 20);
  EXPECT_GT(counts.residuals, counts.checks / 4);
  EXPECT_GT(counts.erroring, 100U);
}

auto ReadOr(const std::filesystem::path& path, const std::string& otherwise) -> std::string {
  const auto text = ReadTextFile(path.string(), size_t{1} << 24);
  return text ? *text : otherwise;
}

TEST(PartialProperty, ExamplesKeepTheirMeaning) {
  Counts counts;
  size_t examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(REMIT_SOURCE_DIR) / "examples")) {
    if (!std::filesystem::exists(entry.path() / "requests.jsonl")) continue;
    SCOPED_TRACE(entry.path().string());
    ++examples;
    std::vector<std::string> policies;
    const auto files = ListPolicyFiles((entry.path() / "policies").string());
    ASSERT_TRUE(files.has_value());
    for (const auto& file : *files) policies.push_back(ReadOr(file, ""));
    Subject subject(ReadOr(entry.path() / "schema.cedarschema", ""), policies, ReadOr(entry.path() / "links.json", ""));
    ASSERT_TRUE(subject.ok()) << subject.Diagnostics();
    subject.LoadStore(ReadOr(entry.path() / "entities.json", "[]"));
    Random random(examples);
    auto lines = LineReader::Open((entry.path() / "requests.jsonl").string(), size_t{1} << 20);
    ASSERT_TRUE(lines.has_value());
    while (true) {
      const auto line = lines->Next();
      ASSERT_TRUE(line.has_value());
      if (!*line || HasFailure()) break;
      if (!(*line)->empty()) subject.Check(std::string(**line), random, 20, counts);
    }
  }
  fmt::print("{} checks, {} settled, {} policies folded, {} left over\n", counts.checks, counts.settled, counts.folded, counts.residuals);
  EXPECT_EQ(examples, 5U);
  EXPECT_GT(counts.checks, 1000U);
  EXPECT_GT(counts.settled, 0U);
}

}  // namespace
}  // namespace remit
