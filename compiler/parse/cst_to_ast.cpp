#include "compiler/parse/cst_to_ast.h"

#include <unordered_set>

#include "compiler/parse/clauses.h"
#include "compiler/parse/convert_scope.h"
#include "compiler/parse/literals.h"

namespace remit::parse {
namespace {

// Any word will do as a key, reserved or not.
auto ToAnnotation(Conversion& c, Grammar::AnnotationContext* tree) -> std::optional<ast::Annotation> {
  ast::Annotation annotation = {.key = c.Intern(c.TextOf(tree->anyWord())), .value = {}, .span = c.SpanOf(tree)};
  if (auto* value = tree->STRING(); value != nullptr) {
    annotation.value = ToString(c, value);
    if (!annotation.value) return std::nullopt;
  }
  return annotation;
}

auto ToAnnotations(Conversion& c, const std::vector<Grammar::AnnotationContext*>& trees) -> std::optional<std::vector<ast::Annotation>> {
  std::vector<ast::Annotation> annotations;
  std::unordered_set<SymbolId> keys;
  bool good = true;
  for (auto* tree : trees) {
    const auto annotation = ToAnnotation(c, tree);
    good = good && annotation;
    if (!annotation) continue;
    if (!keys.insert(annotation->key).second) {
      c.Report(DiagnosticCode::DuplicateAnnotation, annotation->span, c.TextOf(tree->anyWord()));
      good = false;
    }
    annotations.push_back(*annotation);
  }
  return good ? std::optional{std::move(annotations)} : std::nullopt;
}

auto ConvertPolicy(Conversion& c, Grammar::PolicyContext* tree) -> std::optional<ast::Policy> {
  const auto effect = tree->PERMIT() != nullptr ? ast::Effect::Permit : ast::Effect::Forbid;
  bool good = ClausesDiffer(c, tree);
  auto scope = ToScope(c, tree->scope(), true);
  auto conditions = ToConditions(c, tree->condition());
  auto* oblige_tree = tree->oblige(0);
  const auto oblige = IfPresent(oblige_tree, good, [&](auto* clause) { return ToOblige(c, clause); });
  if (oblige_tree != nullptr && effect == ast::Effect::Forbid) {
    c.Report(DiagnosticCode::ObligeOnForbid, c.SpanOf(oblige_tree)).help = "obligations say how a permitted action is to be done";
    good = false;
  }
  if (!good || !scope || !conditions) return std::nullopt;
  return ast::Policy{.effect = effect, .scope = *std::move(scope), .conditions = *std::move(conditions), .oblige = oblige};
}

auto ConvertEscalate(Conversion& c, Grammar::EscalateContext* tree) -> std::optional<ast::Escalate> {
  bool good = ClausesDiffer(c, tree);
  auto scope = ToScope(c, tree->scope(), false);
  auto conditions = ToConditions(c, tree->condition());
  good = RequireClause(c, tree, tree->approval(0), "approval { by: [Role::\"leads\"], expires: duration(\"15m\") }") && good;
  auto approval = IfPresent(tree->approval(0), good, [&](auto* clause) { return ToApproval(c, clause); });
  const auto oblige = IfPresent(tree->oblige(0), good, [&](auto* clause) { return ToOblige(c, clause); });
  if (!good || !scope || !conditions) return std::nullopt;
  return ast::Escalate{.scope = *std::move(scope), .conditions = *std::move(conditions), .approval = *approval, .oblige = oblige};
}

auto ConvertRestrict(Conversion& c, Grammar::RestrictContext* tree) -> std::optional<ast::Restrict> {
  bool good = ClausesDiffer(c, tree);
  auto scope = ToScope(c, tree->scope(), false);
  auto conditions = ToConditions(c, tree->condition());
  auto* to = tree->to(0);
  good = RequireClause(c, tree, to, "to draft") && good;
  const auto level = IfPresent(to, good, [&](auto* clause) { return ToLevel(c, clause->outcome()); });
  const auto oblige = IfPresent(tree->oblige(0), good, [&](auto* clause) { return ToOblige(c, clause); });
  if (!good || !scope || !conditions) return std::nullopt;
  return ast::Restrict{.scope = *std::move(scope),
                       .level = *level,
                       .level_span = c.SpanOf(to->outcome()),
                       .conditions = *std::move(conditions),
                       .oblige = oblige};
}

auto ConvertAssert(Conversion& c, Grammar::AssertionContext* tree) -> std::optional<ast::Assert> {
  auto scope = ToScope(c, tree->scope(), false);
  auto conditions = ToConditions(c, tree->condition());
  std::vector<Outcome> outcomes;
  for (auto* outcome : tree->outcome()) outcomes.push_back(ToOutcome(outcome));
  if (!scope || !conditions) return std::nullopt;
  return ast::Assert{.mode = tree->NEVER() != nullptr ? ast::AssertMode::Never : ast::AssertMode::Always,
                     .outcomes = std::move(outcomes),
                     .scope = *std::move(scope),
                     .conditions = *std::move(conditions)};
}

using Body = decltype(ast::Statement::body);

template <typename Node>
auto AsBody(std::optional<Node> node) -> std::optional<Body> {
  return node ? std::optional<Body>{*std::move(node)} : std::nullopt;
}

auto ToBody(Conversion& c, Rule* tree) -> std::optional<Body> {
  switch (tree->getRuleIndex()) {
    case Grammar::RulePolicy: return AsBody(ConvertPolicy(c, static_cast<Grammar::PolicyContext*>(tree)));
    case Grammar::RuleEscalate: return AsBody(ConvertEscalate(c, static_cast<Grammar::EscalateContext*>(tree)));
    case Grammar::RuleRestrict: return AsBody(ConvertRestrict(c, static_cast<Grammar::RestrictContext*>(tree)));
    case Grammar::RuleBudget: return AsBody(ConvertBudget(c, static_cast<Grammar::BudgetContext*>(tree)));
    case Grammar::RuleBreaker: return AsBody(ConvertBreaker(c, static_cast<Grammar::BreakerContext*>(tree)));
    case Grammar::RuleAssertion: return AsBody(ConvertAssert(c, static_cast<Grammar::AssertionContext*>(tree)));
    default: return AsBody(ConvertTest(c, static_cast<Grammar::TestContext*>(tree)));
  }
}

}  // namespace

auto ConvertStatement(Conversion& c, Grammar::StatementContext* tree) -> std::optional<ast::Statement> {
  const size_t exprs_before = c.ast.exprs.size();
  // Annotations, the statement itself, EOF.
  auto* body_tree = AsRule(tree->children[tree->children.size() - 2]);
  auto annotations = ToAnnotations(c, tree->annotation());
  auto body = ToBody(c, body_tree);
  if (!annotations || !body) {
    c.ast.exprs.resize(exprs_before);
    return std::nullopt;
  }
  return ast::Statement{.span = c.SpanOver(tree, body_tree), .annotations = *std::move(annotations), .body = *std::move(body)};
}

}  // namespace remit::parse
