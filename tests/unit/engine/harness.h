// An engine with policies from text and entities from JSON, and what the reference interpreter says of the same.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "compiler/driver/compile_job.h"
#include "runtime/engine/session.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"
#ifdef REMIT_JIT
#include "compiler/jit/orc_compiler.h"
#endif

namespace remit {

// Null in a build without native code.
inline auto MakeCompiler() -> std::unique_ptr<NativeCompiler> {
#ifdef REMIT_JIT
  auto compiler = MakeOrcCompiler();
  EXPECT_TRUE(compiler.has_value());
  return std::move(*compiler);
#else
  return nullptr;
#endif
}

inline auto TestedTiers() -> std::vector<CodeTier> {
#ifdef REMIT_JIT
  return {CodeTier::Never, CodeTier::Eager, CodeTier::Background};
#else
  return {CodeTier::Never};
#endif
}

inline auto TierName(const testing::TestParamInfo<CodeTier>& test) -> std::string {
  switch (test.param) {
    case CodeTier::Never: return "Interpreted";
    case CodeTier::Background: return "Background";
    case CodeTier::Eager: return "Eager";
  }
  return "";
}

class EngineFixture {
 public:
  explicit EngineFixture(CodeTier tier) : engine({.tier = tier}, MakeCompiler(), Borrow(job.interner)) {}

  void SetPolicies(const std::string& text, const std::string& links = {}) {
    job.ast = {};
    ASSERT_TRUE(LoadPolicies(job, "test.remit", text, PolicyFormat::Text)) << job.sink.diagnostics()[0].message;
    if (!links.empty()) {
      ASSERT_TRUE(LoadLinks(job, "links", links));
    }
    auto compiled = CompileProgram(job, ast::IdConvention::Remit);
    ASSERT_TRUE(compiled.has_value()) << job.sink.diagnostics()[0].message;
    program = std::make_shared<const ir::Program>(std::move(*compiled));
    engine.PublishPolicies(std::make_shared<Policies>(program, nullptr));
  }
  void SetEntities(const std::string& json) {
    auto loaded = LoadEntities(job, "entities", json, nullptr);
    ASSERT_TRUE(loaded.has_value()) << job.sink.diagnostics()[0].message;
    entities = std::make_shared<const EntityStore>(std::move(*loaded));
    engine.PublishEntities(entities, false);
  }
  auto Uid(std::string_view type, std::string_view id) -> EntityUid {
    const auto lock = engine.Lock();
    return {job.interner.Intern(type), job.interner.Intern(id)};
  }

  // `execute by p1 p2; p3 failed: type-error`.
  auto Describe(const Decision& decision) const -> std::string {
    const auto id = [&](uint32_t policy) { return job.interner.text(program->policies[policy].id); };
    std::string text(OutcomeName(decision.outcome));
    for (const auto policy : decision.determining) text += fmt::format(" {}", id(policy));
    for (const auto& error : decision.errors) text += fmt::format("; {} failed: {}", id(error.policy), error.message);
    return text;
  }
  auto Expect(const Request& request) -> std::string {
    Arena arena;
    return Describe(remit::Decide(*program, {.entities = *entities, .request = request, .interner = job.interner, .arena = arena}));
  }

  CompileJob job;
  std::shared_ptr<const ir::Program> program;
  std::shared_ptr<const EntityStore> entities;
  Engine engine;

 private:
  static auto Borrow(Interner& interner) -> std::shared_ptr<Interner> { return {std::shared_ptr<void>(), &interner}; }
};

// Policies of all kinds of scopes, with conditions that hold, fail or err.
class RandomPolicies {
 public:
  explicit RandomPolicies(uint32_t seed) : random_(seed) {}

  auto Below(size_t limit) -> size_t { return std::uniform_int_distribution<size_t>(0, limit - 1)(random_); }

  auto Make(size_t count) -> std::string {
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      text += fmt::format("@id(\"p{}\") {} ({}, {}, {}) {};\n", i, Below(4) == 0 ? "forbid" : "permit", Position("principal"), Action(),
                          Position("resource"), Condition());
    }
    return text;
  }

  // Users in groups in groups, with a few attributes; documents alike.
  static auto Entities() -> std::string {
    std::string json = "[";
    for (int i = 0; i < 12; ++i) {
      json += fmt::format(
          R"({{"uid":{{"type":"User","id":"{0}"}},"attrs":{{"level":{0},"friend":{{"__entity":{{"type":"User","id":"{1}"}}}}}},"parents":[{{"type":"Group","id":"{2}"}}]}},)",
          i, (i * 5 + 1) % 14, i % 4);
      json += fmt::format(
          R"({{"uid":{{"type":"Doc","id":"{0}"}},"attrs":{{"owner":{{"__entity":{{"type":"User","id":"{1}"}}}},"tags":["a","b{0}"]}},"parents":[{{"type":"Folder","id":"{2}"}}]}},)",
          i, (i * 7) % 12, i % 3);
    }
    for (int i = 0; i < 4; ++i) {
      json += fmt::format(R"({{"uid":{{"type":"Group","id":"{}"}},"attrs":{{}},"parents":[{{"type":"Group","id":"{}"}}]}},)", i, i + 1);
      json += fmt::format(R"({{"uid":{{"type":"Folder","id":"{}"}},"attrs":{{}},"parents":[{{"type":"Folder","id":"{}"}}]}},)", i, i + 1);
    }
    json += R"({"uid":{"type":"Action","id":"a0"},"attrs":{},"parents":[{"type":"Action","id":"all"}]},)";
    return json + R"({"uid":{"type":"Action","id":"a1"},"attrs":{},"parents":[{"type":"Action","id":"all"}]}])";
  }

  auto RandomRequest(EngineFixture& fixture) -> Request {
    const std::array types = {"User", "User", "User", "Group", "Doc", "Stranger"};
    const std::array resources = {"Doc", "Doc", "Doc", "Folder", "User", "Stranger"};
    return {.principal = fixture.Uid(types[Below(6)], std::to_string(Below(14))),
            .action = fixture.Uid("Action", fmt::format("a{}", Below(4))),
            .resource = fixture.Uid(resources[Below(6)], std::to_string(Below(14))),
            .context = {}};
  }

 private:
  auto Entity(bool is_principal) -> std::string {
    const std::array types = is_principal ? std::array{"User", "Group"} : std::array{"Doc", "Folder"};
    return fmt::format("{}::\"{}\"", types[Below(2)], Below(6));
  }
  auto Position(std::string_view name) -> std::string {
    const bool is_principal = name == "principal";
    const auto* type = is_principal ? "User" : "Doc";
    switch (Below(6)) {
      case 0: return std::string(name);
      case 1: return fmt::format("{} == {}", name, Entity(is_principal));
      case 2: return fmt::format("{} is {}", name, type);
      case 3: return fmt::format("{} is {} in {}", name, type, Entity(is_principal));
      default: return fmt::format("{} in {}", name, Entity(is_principal));
    }
  }
  auto Action() -> std::string {
    switch (Below(5)) {
      case 0: return "action";
      case 1: return "action in Action::\"all\"";
      case 2: return fmt::format("action in [Action::\"all\", Action::\"a{}\"]", Below(3));
      default: return fmt::format("action == Action::\"a{}\"", Below(3));
    }
  }
  auto Condition() -> std::string {
    switch (Below(9)) {
      case 0: return fmt::format("when {{ principal.level > {} }}", Below(10));
      case 1: return "when { resource.owner == principal }";
      case 2: return "when { principal has friend && principal.friend in Group::\"2\" }";
      case 3: return fmt::format("unless {{ resource has tags && resource.tags.contains(\"b{}\") }}", Below(12));
      case 4: return "when { resource.owner.level + 1 < 5 }";
      case 5: return "when { principal.level }";
      case 6: return fmt::format("when {{ resource in [Folder::\"{}\", Doc::\"{}\"] }}", Below(4), Below(12));
      default: return "";
    }
  }

  std::mt19937 random_;
};

}  // namespace remit
