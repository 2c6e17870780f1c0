// The documents in tests/golden/decide: policies, what the world is like, requests, and what each comes to, on both engines.
//
// REMIT_UPDATE_GOLDEN=1 rewrites what is expected.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/decide.h"
#include "tests/unit/engine/memory_world.h"
#include "tests/unit/golden_files.h"
#ifdef REMIT_JIT
#include "compiler/jit/orc_compiler.h"
#endif

namespace remit {
namespace {

auto Folder() -> std::filesystem::path { return GoldenFolder("decide"); }

// The part behind `--- name`; empty if there is none.
auto Part(const std::string& document, const std::string& name) -> std::string {
  const auto title = "--- " + name + "\n";
  const auto at = document.find(title);
  if (at == std::string::npos) return {};
  const auto begin = at + title.size();
  return document.substr(begin, document.find("--- ", begin) - begin);
}

#ifdef REMIT_JIT
auto SharedCompiler() -> std::shared_ptr<NativeCompiler> {
  static const std::shared_ptr<NativeCompiler> compiler = std::move(*MakeOrcCompiler());
  return compiler;
}
#endif

class DecideGolden : public testing::TestWithParam<std::string> {
 protected:
  void Load(const std::string& document) {
    ASSERT_TRUE(LoadPolicies(job_, "p.remit", Part(document, "policy"), PolicyFormat::Text)) << Problems();
    if (const auto text = Part(document, "schema"); !text.empty()) {
      schema_ = LoadSchema(job_, "s.cedarschema", text);
      ASSERT_TRUE(schema_.has_value()) << Problems();
    }
    auto entities = Part(document, "entities");
    auto store = LoadEntities(job_, "e.json", entities.empty() ? "[]" : entities, schema_ ? &*schema_ : nullptr);
    ASSERT_TRUE(store.has_value()) << Problems();
    entities_ = std::move(*store);
    auto program = CompileProgram(job_, ast::IdConvention::Remit, schema_ ? &*schema_ : nullptr);
    ASSERT_TRUE(program.has_value()) << Problems();
    // What runs is what a dump says.
    const auto text = ir::Print(*program, job_.interner);
    auto parsed = ir::Parse(text, job_.interner);
    ASSERT_TRUE(parsed.has_value()) << FormatError(parsed.error()) << text;
    EXPECT_EQ(ir::Print(*parsed, job_.interner), text);
    EXPECT_TRUE(ir::Verify(*parsed).has_value());
    program_ = std::move(*program);
  }

  auto Problems() const -> std::string {
    std::string text;
    for (const auto& diagnostic : job_.sink.diagnostics()) text += FormatDiagnostic(diagnostic, job_.sources);
    return text;
  }

  auto Run(const std::string& document, std::shared_ptr<NativeCompiler> native, bool use_environments) -> std::string {
    RequestDecider decider({.program = program_,
                            .entities = entities_,
                            .interner = job_.interner,
                            .schema = schema_ ? &*schema_ : nullptr,
                            .native = std::move(native),
                            .use_environments = use_environments},
                           {});
    MemoryWorld world(program_, job_.interner, Part(document, "world"));
    std::string text;
    std::istringstream requests(Part(document, "requests"));
    for (std::string line; std::getline(requests, line);) {
      const auto answer = decider.Decide(line, Datetime{.millis = 1'700'000'000'000}, true, &world);
      text += answer ? Describe(answer->decision) : FormatError(answer.error()) + "\n";
      if (answer) {
        EXPECT_EQ(answer->interpreted, 0U) << line;
      }
    }
    return text;
  }

  auto Id(uint32_t policy) const -> std::string_view { return job_.interner.text(program_.policies[policy].id); }

  auto Describe(const Decision& decision) const -> std::string {
    std::string text(OutcomeName(decision.outcome));
    for (size_t i = 0; i < decision.determining.size(); ++i)
      text += fmt::format("{}{}", i == 0 ? " by " : ", ", Id(decision.determining[i]));
    text += '\n';
    if (!decision.quarantined.empty()) text += fmt::format("  quarantined: {}\n", decision.quarantined);
    for (const auto& error : decision.errors) text += fmt::format("  {} failed: {}: {}\n", Id(error.policy), error.code, error.message);
    for (const auto& wanted : decision.approvals) {
      text += fmt::format("  {} wants {} x {} of", Id(wanted.policy), wanted.terms.uses, wanted.terms.quorum);
      for (const auto& each : wanted.by) text += fmt::format(" {}::\"{}\"", each.type, each.id);
      text += fmt::format(" in {} ms, {}\n", wanted.terms.expires, wanted.terms.scope == ir::ApprovalScope::Exact ? "exact" : "session");
    }
    for (const auto& [policy, record] : decision.obligations) text += fmt::format("  {} obliges {}\n", Id(policy), record);
    for (const auto& claim : decision.budgets) {
      text += fmt::format("  {}[{}]: {} + {} of {}{}\n", job_.interner.text(program_.budgets[claim.budget].name), claim.key, claim.used,
                          claim.charge, claim.limit, claim.is_lifted ? ", lifted" : "");
    }
    for (const auto& claim : decision.breakers) {
      text += fmt::format("  {}[{}] {}{}\n", job_.interner.text(program_.breakers[claim.breaker].name), claim.key,
                          claim.is_open ? "open" : "not open", claim.is_lifted ? ", lifted" : "");
    }
    return text;
  }

  CompileJob job_;
  std::optional<Schema> schema_;
  EntityStore entities_;
  ir::Program program_;
};

TEST_P(DecideGolden, Document) {
  const auto path = Folder() / (GetParam() + ".test");
  const auto document = ReadGolden(path);
  Load(document);
  if (HasFatalFailure()) return;
  const auto actual = Run(document, nullptr, true);
#ifdef REMIT_JIT
  EXPECT_EQ(Run(document, SharedCompiler(), true), actual) << "native code decides otherwise";
  EXPECT_EQ(Run(document, SharedCompiler(), false), actual) << "native code decides otherwise without environments";
#endif
  EXPECT_EQ(Run(document, nullptr, false), actual) << "the bodies of rows decide otherwise than those of environments";
  if (std::getenv("REMIT_UPDATE_GOLDEN") != nullptr) {
    const std::string title = "--- expect\n";
    std::ofstream(path, std::ios::binary) << document.substr(0, document.find(title)) << title << actual;
    return;
  }
  EXPECT_EQ(actual, Part(document, "expect")) << "if this is right: REMIT_UPDATE_GOLDEN=1 decide_golden_test --gtest_filter='*"
                                              << GetParam() << "'";
}

INSTANTIATE_TEST_SUITE_P(Decide, DecideGolden, testing::ValuesIn(GoldenNames(Folder())), [](const auto& file) { return file.param; });

}  // namespace
}  // namespace remit
