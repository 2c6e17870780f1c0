// Template links: rows with the slots filled, and every way a link can be wrong.
#include <gtest/gtest.h>

#include "compiler/lower/lower.h"
#include "compiler/parse/parse.h"

namespace remit {
namespace {

class LinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto file = sources_.Add("test.cedar",
                                   "@id(\"t\") permit (principal == ?principal, action, resource is R in ?resource) when { context.a };"
                                   "@id(\"u\") forbid (principal, action, resource == ?resource);"
                                   "@id(\"static\") permit (principal == U::\"s\", action, resource);");
    ParseContext context = {.sources = sources_, .interner = interner_, .sink = sink_, .limits = {}};
    ASSERT_TRUE(ParsePolicies(file, context, ast_));
  }

  auto Uid(std::string_view id) -> EntityUid { return {interner_.Intern("U"), interner_.Intern(id)}; }

  void Add(std::string_view template_id, std::string_view new_id, std::optional<EntityUid> principal, std::optional<EntityUid> resource) {
    ast_.links.push_back(
        {.template_id = interner_.Intern(template_id), .new_id = interner_.Intern(new_id), .principal = principal, .resource = resource});
  }

  auto LowerAll() -> ir::Program { return Lower(ast_, ast::AssignIds(ast_, interner_, ast::IdConvention::Remit), interner_, sink_); }

  // `code: message` of the only diagnostic.
  auto Problem() -> std::string {
    LowerAll();
    EXPECT_EQ(sink_.diagnostics().size(), 1U);
    if (sink_.diagnostics().empty()) return "none";
    return std::string(CodeName(sink_.diagnostics()[0].code)) + ": " + sink_.diagnostics()[0].message;
  }

  SourceManager sources_;
  Interner interner_;
  DiagnosticSink sink_;
  ast::Ast ast_;
};

TEST_F(LinkTest, FillsTheSlots) {
  Add("t", "l1", Uid("a"), Uid("b"));
  Add("t", "l2", Uid("c"), Uid("d"));
  Add("u", "l3", {}, Uid("e"));
  const auto program = LowerAll();
  ASSERT_FALSE(sink_.has_errors());
  ASSERT_TRUE(ir::Verify(program).has_value());
  const auto text = ir::Print(program, interner_);
  const auto rows = text.substr(text.find("permit \"static\""));
  EXPECT_EQ(rows,
            "permit \"static\" (principal == U::\"s\", action, resource) body 1\n"
            "permit \"l1\" (principal == U::\"a\", action, resource is R in [U::\"b\"]) body 0 template \"t\"\n"
            "permit \"l2\" (principal == U::\"c\", action, resource is R in [U::\"d\"]) body 0 template \"t\"\n"
            "forbid \"l3\" (principal, action, resource == U::\"e\") body 1 template \"u\"\n");
}

TEST_F(LinkTest, NeedsATemplate) {
  Add("nowhere", "l", Uid("a"), {});
  EXPECT_EQ(Problem(), "unknown-template: unable to link template: there is no template with the id `nowhere`");
}

TEST_F(LinkTest, NeedsSlots) {
  Add("static", "l", {}, {});
  EXPECT_EQ(Problem(), "unknown-template: unable to link template: there is no template with the id `static`");
  EXPECT_EQ(sink_.diagnostics()[0].help, "a policy of this id exists, but it has no slots");
}

TEST_F(LinkTest, NeedsAllValues) {
  Add("t", "l", {}, {});
  EXPECT_EQ(
      Problem(),
      "missing-slot-values: unable to link template for `l`: the following slots were not provided as arguments: ?principal, ?resource");
}

TEST_F(LinkTest, RefusesValuesWithoutASlot) {
  Add("u", "l", Uid("a"), Uid("b"));
  EXPECT_EQ(Problem(),
            "extra-slot-values: unable to link template for `l`: the following slots were provided as arguments, but did not exist in the "
            "template: "
            "?principal");
}

TEST_F(LinkTest, RefusesAnIdInUse) {
  for (const auto* id : {"t", "static"}) {
    sink_ = DiagnosticSink();
    ast_.links.clear();
    Add("u", id, {}, Uid("b"));
    EXPECT_EQ(Problem(), std::string("link-id-conflict: unable to link template: template-linked policy id `") + id +
                             "` conflicts with an existing policy id");
  }
}

TEST_F(LinkTest, RefusesTwoLinksOfOneId) {
  Add("u", "l", {}, Uid("b"));
  Add("u", "l", {}, Uid("c"));
  EXPECT_EQ(Problem(), "link-id-conflict: unable to link template: template-linked policy id `l` conflicts with an existing policy id");
}

TEST_F(LinkTest, ALinkIsNoTemplate) {
  Add("u", "l", {}, Uid("b"));
  Add("l", "m", {}, Uid("c"));
  EXPECT_EQ(Problem(), "unknown-template: unable to link template: there is no template with the id `l`");
}

}  // namespace
}  // namespace remit
