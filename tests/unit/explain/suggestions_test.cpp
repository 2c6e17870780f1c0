// What conditions suggest that a request might have had instead, and decimals counted in their last place.
#include "compiler/explain/suggestions.h"

#include <gtest/gtest.h>

#include "compiler/ast/decimal_text.h"
#include "compiler/driver/compile_job.h"

namespace remit::explain {
namespace {

enum class Flags : uint8_t { With, Without };

// Each as JSON, behind its path. Any attribute that is read may be a flag: `true` and `false` are left out where they are not what is tested.
auto SuggestedBy(const std::string& condition, Flags flags = Flags::Without) -> std::vector<std::string> {
  CompileJob job;
  const auto text = "permit (principal, action, resource) when { " + condition + " };";
  if (!LoadPolicies(job, "p.remit", text, PolicyFormat::Text)) return {"refused"};
  std::vector<std::string> all;
  for (const auto& each : Suggest(job.ast, job.ast.statements[0], job.interner)) {
    if (flags == Flags::Without && each.value.is_boolean()) continue;
    std::string path;
    for (const auto& step : each.path) path += "." + step;
    all.push_back(path + " " + (each.is_absent ? "absent" : each.value.dump()));
  }
  return all;
}
using Texts = std::vector<std::string>;

TEST(Suggestions, ABoundAndItsNeighbours) { EXPECT_EQ(SuggestedBy("context.n < 5"), (Texts{".n 5", ".n 6", ".n 4"})); }

TEST(Suggestions, AnAttributeMayBeAFlag) {
  EXPECT_EQ(SuggestedBy("context.on", Flags::With), (Texts{".on true", ".on false"}));
  EXPECT_EQ(SuggestedBy("context has on", Flags::With), Texts{".on absent"});
  EXPECT_EQ(SuggestedBy("context.n < 5", Flags::With), (Texts{".n 5", ".n 6", ".n 4", ".n true", ".n false"}));
}

TEST(Suggestions, NoNeighbourBeyondTheLongs) {
  EXPECT_EQ(SuggestedBy("context.n == 9223372036854775807"), (Texts{".n 9223372036854775807", ".n 9223372036854775806"}));
}

TEST(Suggestions, DecimalsByTheirLastPlace) {
  const auto decimal = [](const std::string& text) { return R"(.a.price {"__extn":{"fn":"decimal","arg":")" + text + "\"}}"; };
  EXPECT_EQ(SuggestedBy(R"(context.a.price.lessThan(decimal("9.99")))"), (Texts{decimal("9.99"), decimal("10.00"), decimal("9.98")}));
  EXPECT_EQ(SuggestedBy(R"(decimal("0.1").greaterThanOrEqual(context.a.price))"), (Texts{decimal("0.1"), decimal("0.2"), decimal("0.0")}));
}

TEST(Suggestions, TimesByAMillisecond) {
  const auto time = [](const std::string& text) { return R"(.at {"__extn":{"fn":"datetime","arg":")" + text + "\"}}"; };
  const auto found = SuggestedBy(R"(context.at >= datetime("2026-01-01"))");
  EXPECT_EQ(found, (Texts{time("2026-01-01T00:00:00.000Z"), time("2026-01-01T00:00:00.001Z"), time("2025-12-31T23:59:59.999Z")}));
}

TEST(Suggestions, WhatIsNoLiteralSuggestsNothing) {
  EXPECT_EQ(SuggestedBy("context.n < principal.n"), Texts{});
  EXPECT_EQ(SuggestedBy("context.at < now()"), Texts{});
  EXPECT_EQ(SuggestedBy(R"(context.price.lessThan(decimal("no decimal")))"), Texts{});
  EXPECT_EQ(SuggestedBy(R"(context.at < datetime("no time"))"), Texts{});
}

TEST(StepDecimal, CountsInTheLastPlace) {
  EXPECT_EQ(ast::StepDecimal("10.50", 1), "10.51");
  EXPECT_EQ(ast::StepDecimal("0.00", -1), "-0.01");
  EXPECT_EQ(ast::StepDecimal("-0.1", 1), "0.0");
  EXPECT_EQ(ast::StepDecimal("9.9", 1), "10.0");
  EXPECT_EQ(ast::StepDecimal("922337203685477.5807", -1), "922337203685477.5806");
}

TEST(StepDecimal, NoneBeyondWhatThereIsAndOfWhatIsNone) {
  EXPECT_EQ(ast::StepDecimal("922337203685477.5807", 1), std::nullopt);
  EXPECT_EQ(ast::StepDecimal("922337203685477.5", 1), std::nullopt);
  for (const char* text : {"", ".", "1", "1.", ".5", "1.23456", "1.x", "--1.0", "99999999999999999999.0"}) {
    EXPECT_EQ(ast::StepDecimal(text, 1), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace remit::explain
