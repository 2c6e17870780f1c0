// The scope and annotations, of policies and templates.
#include <gtest/gtest.h>

#include "tests/unit/parse/parsed.h"

namespace remit {
namespace {

auto Scope(const std::string& scope) -> std::string { return Verdict("permit(" + scope + ");"); }

TEST(Scope, HasThreeVariablesInOrder) {
  EXPECT_EQ(Scope("principal, action, resource"), "ok");
  EXPECT_EQ(Scope("principal, action, resource,"), "ok");
  EXPECT_EQ(Scope("principal, action, resource,,"), "unexpected-token");
  EXPECT_EQ(Scope(""), "missing-scope-variable");
  EXPECT_EQ(Scope("principal"), "missing-scope-variable");
  EXPECT_EQ(Scope("principal, action"), "missing-scope-variable");
  EXPECT_EQ(Scope("action, principal, resource"), "wrong-scope-variable");
  EXPECT_EQ(Scope("principal, action, context"), "wrong-scope-variable");
  EXPECT_EQ(Scope("principal, action, resource, context"), "extra-scope-element");
}

TEST(Scope, ComparesWithEntities) {
  EXPECT_EQ(Scope("principal == U::\"a\", action in Action::\"a\", resource in N::R::\"r\""), "ok");
  EXPECT_EQ(Scope("principal == (U::\"a\"), action in ([(Action::\"a\"), N::Action::\"b\",]), resource"), "ok");
  EXPECT_EQ(Scope("principal is N::U, action in [], resource is R in R::\"r\""), "ok");
  EXPECT_EQ(Scope("principal == principal, action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal == \"a\", action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal == U::\"a\".x, action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal == U::\"a\" && true, action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal in [U::\"a\"], action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal, action in [[Action::\"a\"]], resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal, action == [Action::\"a\"], resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal, action in [action], resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal == U::{id: 1}, action, resource"), "invalid-entity");
  EXPECT_EQ(Scope("principal == __cedar::\"a\", action, resource"), "reserved-name");
}

TEST(Scope, KnowsFewOperators) {
  EXPECT_EQ(Scope("principal != U::\"a\", action, resource"), "invalid-scope-operator");
  EXPECT_EQ(Scope("principal, action < Action::\"a\", resource"), "invalid-scope-operator");
  EXPECT_EQ(Scope("principal = U::\"a\", action, resource"), "single-equals");
  EXPECT_EQ(Scope("principal: U, action, resource"), "type-annotation-in-scope");
  EXPECT_EQ(Scope("principal is U == U::\"a\", action, resource"), "is-with-equals");
  EXPECT_EQ(Scope("principal in U::\"a\" is U, action, resource"), "is-behind-in");
  EXPECT_EQ(Scope("principal, action is Action, resource"), "is-in-action-scope");
  EXPECT_EQ(Scope("principal, action in Action::\"a\" is Action, resource"), "is-in-action-scope");
  EXPECT_EQ(Scope("principal is \"U\", action, resource"), "invalid-entity-type");
  EXPECT_EQ(Scope("principal is (U), action, resource"), "unknown-variable");
}

TEST(Scope, ActionsHaveTheTypeAction) {
  EXPECT_EQ(Scope("principal, action == Foo::\"a\", resource"), "not-an-action");
  EXPECT_EQ(Scope("principal, action == Action::Foo::\"a\", resource"), "not-an-action");
  EXPECT_EQ(Scope("principal, action == MyAction::\"a\", resource"), "not-an-action");
  EXPECT_EQ(Scope("principal, action in [Action::\"a\", Foo::\"b\"], resource"), "not-an-action");
}

TEST(Scope, SlotsMakeATemplate) {
  Parsed parsed{"permit(principal in ?principal, action, resource is R in (?resource));"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& policy = std::get<ast::Policy>(parsed.ast.statements.at(0).body);
  EXPECT_TRUE(ast::IsTemplate(policy));
  EXPECT_EQ(policy.scope.principal.slot, ast::Slot::Principal);
  EXPECT_EQ(policy.scope.resource.op, ast::ScopeOp::IsIn);
  EXPECT_EQ(Scope("principal in ?resource, action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal, action == ?action, resource"), "invalid-scope-entity");
  EXPECT_EQ(Scope("principal in [?principal], action, resource"), "invalid-scope-entity");
}

TEST(Scope, OurStatementsAreNoTemplates) {
  EXPECT_EQ(Verdict("restrict (principal == ?principal, action, resource) to draft;"), "invalid-scope-entity");
  EXPECT_EQ(Verdict("budget b (principal, action, resource == ?resource) limit { 1 };"), "invalid-scope-entity");
}

TEST(Annotations, KeysAreAnyWordAndDiffer) {
  Parsed parsed{"@id(\"a\\n\") @if @permit(\"\") permit(principal, action, resource);"};
  ASSERT_TRUE(parsed.good) << parsed.report();
  const auto& statement = parsed.ast.statements.at(0);
  ASSERT_EQ(statement.annotations.size(), 3U);
  EXPECT_EQ(parsed.interner.text(*ast::FindAnnotation(statement, parsed.interner, "id")->value), "a\n");
  EXPECT_FALSE(ast::FindAnnotation(statement, parsed.interner, "if")->value.has_value());
  EXPECT_EQ(ast::FindAnnotation(statement, parsed.interner, "nope"), nullptr);
  EXPECT_EQ(Verdict("@a @a permit(principal, action, resource);"), "duplicate-annotation");
  EXPECT_EQ(Verdict("@a(\"\\*\") permit(principal, action, resource);"), "invalid-escape");
  EXPECT_EQ(Verdict("@a(1) permit(principal, action, resource);"), "unexpected-token");
  EXPECT_EQ(Verdict("@a(\"x\", \"y\") permit(principal, action, resource);"), "unexpected-token");
  EXPECT_EQ(Verdict("@a"), "unexpected-end");
}

}  // namespace
}  // namespace remit
