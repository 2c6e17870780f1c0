#include <algorithm>
#include <unordered_set>

#include "compiler/ast/fill_slots.h"
#include "compiler/check/check.h"
#include "compiler/check/cycles.h"
#include "compiler/check/levels.h"
#include "compiler/check/names.h"
#include "compiler/check/scope.h"
#include "compiler/check/statement_checker.h"
#include "compiler/check/test_checker.h"
#include "compiler/check/text_warnings.h"
#include "compiler/check/walk.h"

namespace remit::check {

class TypedPolicySet::Impl {
 public:
  Impl(const ast::Ast& ast, const std::vector<std::string>& ids, const Schema& schema, const SourceManager& sources,
       const Interner& interner, const CheckOptions& options, DiagnosticSink& sink)
      : view_(schema, interner, types_),
        states_(ast),
        shapes_(ast),
        options_(options),
        classes_(view_.environments()),
        expr_types_(ast.exprs.size()),
        context_{.ast = ast,
                 .schema = view_,
                 .interner = interner,
                 .sources = sources,
                 .states = states_,
                 .mode = options.mode,
                 .types = types_,
                 .shapes = shapes_,
                 .findings = findings_} {
    CheckStates(sink);
    const std::unordered_set<std::string> all_ids(ids.begin(), ids.end());
    for (uint32_t i = 0; i < ast.statements.size(); ++i) {
      statements_.push_back(CheckOne(i, all_ids));
      findings_.Flush(sink, interner, ids[i]);
    }
    if (!options.types_only) {
      for (const auto& link : ast.links) links_.push_back(CheckLink(link, ids, sink));
    }
    std::ranges::fill(expr_types_, TypeRef{});
  }

  auto ok() const -> bool {
    const bool links_ok = std::ranges::all_of(links_, [](bool each) { return each; });
    return states_ok_ && links_ok && std::ranges::all_of(statements_, &CheckedStatement::ok);
  }

  auto ExprTypesIn(uint32_t statement, uint32_t environment) -> const ExprTypes& {
    const auto& text = context_.ast.statements[statement];
    Forget(shown_);
    if (shown_statement_ != statement) shown_ = ExprsOf(text);
    shown_statement_ = statement;
    CheckIn(text, environment);
    findings_ = {};
    return expr_types_;
  }

  auto ClassesFor(uint32_t statement) -> const EnvironmentClasses::Partition& {
    return classes_.By(VariablesOf(context_.ast, ExprsOf(context_.ast.statements[statement])));
  }

  TypeTable types_;
  SchemaView view_;
  StateTable states_;
  Shapes shapes_;
  CheckOptions options_;
  EnvironmentClasses classes_;
  Findings findings_;
  ExprTypes expr_types_;
  CheckContext context_;
  std::vector<CheckedStatement> statements_;
  std::vector<bool> links_;
  std::vector<ast::ExprId> shown_;  // expressions of the statement that was asked for last
  uint32_t shown_statement_ = UINT32_MAX;
  bool states_ok_ = true;
  uint64_t checks_ = 0;

 private:
  auto ExprsOf(const ast::Statement& statement) const -> std::vector<ast::ExprId> {
    std::vector<ast::ExprId> exprs;
    VisitExprs(context_.ast, RootsOf(statement), [&](ast::ExprId id, const ast::Expr&) { exprs.push_back(id); });
    return exprs;
  }
  // What another environment, or another statement, knew of these.
  void Forget(const std::vector<ast::ExprId>& exprs) {
    for (const auto id : exprs) expr_types_[id.value] = {};
  }

  static auto ReaderOf(const ast::Statement& statement) -> StateReader {
    StateReader reader{.scope = ScopeOf(statement)};
    if (const auto* budget = std::get_if<ast::Budget>(&statement.body)) {
      reader.own_kind = ast::StateKind::Budget;
      reader.own_name = budget->name;
    } else if (const auto* breaker = std::get_if<ast::Breaker>(&statement.body)) {
      reader.own_kind = ast::StateKind::Breaker;
      reader.own_name = breaker->name;
    }
    return reader;
  }

  // ---- budgets and breakers together -------------------------------------------------------------------------------

  void CheckStates(DiagnosticSink& sink) {
    states_ok_ = ReportStateMistakes(context_.ast, states_, context_.interner, sink);
    for (const auto& statement : context_.ast.statements) {
      const auto* budget = std::get_if<ast::Budget>(&statement.body);
      if (budget != nullptr && CountsDecimals(statement, *budget)) states_.SetCountsDecimals(budget->name);
    }
  }

  // From the type of the limit in the first environment where it has one; what is wrong with it is reported later.
  auto CountsDecimals(const ast::Statement& statement, const ast::Budget& budget) -> bool {
    const auto matches = MatchScope(budget.scope, view_, options_.mode);
    if (matches.empty()) return false;
    const StateReader reader = ReaderOf(statement);
    ExprChecker exprs(context_, view_.environments()[matches[0].environment], reader, expr_types_);
    const Answer limit = exprs.Check(budget.limit, {});
    findings_ = {};
    return limit.type == types_.OfKind(Kind::Decimal);
  }

  // ---- statements --------------------------------------------------------------------------------------------------

  auto CheckIn(const ast::Statement& statement, uint32_t environment) -> Answer {
    ++checks_;
    const StateReader reader = ReaderOf(statement);
    return StatementChecker(context_, view_.environments()[environment], reader, expr_types_).Check(statement);
  }

  auto CheckOne(uint32_t index, const std::unordered_set<std::string>& ids) -> CheckedStatement {
    if (options_.max_checks && checks_ >= *options_.max_checks) return {.ok = false};
    const auto& statement = context_.ast.statements[index];
    CheckNames(statement, context_);
    CheckLiteralClauses(statement, context_);
    CheckedStatement checked;
    bool ok = true;
    if (const auto* test = std::get_if<ast::Test>(&statement.body)) {
      ok = CheckTest(*test, ids, context_, expr_types_);
    } else {
      ok = CheckInEnvironments(statement, checked);
    }
    if (!options_.types_only) WarnAboutText(statement, context_);
    checked.ok = ok && findings_.error_count() == 0;
    return checked;
  }

  auto CheckInEnvironments(const ast::Statement& statement, CheckedStatement& checked) -> bool {
    const auto& scope = *ScopeOf(statement);
    const bool names_ok = findings_.error_count() == 0;
    const auto matches = MatchScope(scope, view_, options_.mode);
    const bool is_applicable = std::ranges::any_of(
        HasListType(scope.action, view_, options_.mode) ? matches : MatchScope(scope, view_, Mode::Permissive), &ScopeMatch::ok);
    // With a name that nobody knows nothing applies; one report is enough.
    if (!is_applicable && names_ok) ReportNotApplicable(statement);
    CheckActionList(scope.action);
    if (options_.max_level == 0U) CheckScopeLevel(scope);
    checked.impossible = true;
    const bool ok = CheckMatches(statement, matches, checked);
    findings_.Enter(nullptr);
    if (checked.impossible && is_applicable && !options_.types_only) ReportImpossible(statement, matches);
    return ok && is_applicable;
  }

  // Once for a class of environments, unless there is something to say of each. Levels depend on more than types.
  auto CheckMatches(const ast::Statement& statement, const std::vector<ScopeMatch>& matches, CheckedStatement& checked) -> bool {
    enum class Verdict : uint8_t { Open, MayHold, NeverHolds };
    const auto exprs = ExprsOf(statement);
    const auto& classes = classes_.By(VariablesOf(context_.ast, exprs));
    std::vector<Verdict> verdicts(classes.count);
    bool ok = true;
    for (const auto& [environment, match_ok] : matches) {
      findings_.Enter(&view_.environments()[environment]);
      auto& verdict = verdicts[classes.class_of[environment]];
      bool answer_ok = true;
      bool never = verdict == Verdict::NeverHolds;
      if (verdict == Verdict::Open) {
        const size_t reports_before = findings_.report_count();
        Forget(exprs);
        const Answer answer = CheckIn(statement, environment);
        answer_ok = answer.ok;
        never = answer.type == types_.false_type();
        checked.decided = checked.decided || std::ranges::any_of(exprs, [&](ast::ExprId id) { return IsDecided(id); });
        if (options_.max_level && (never || answer.ok)) {
          LevelChecker(context_, view_.environments()[environment], expr_types_, *options_.max_level)
              .CheckConditions(*ConditionsOf(statement));
        }
        const bool is_clean = answer.ok && !options_.max_level && findings_.report_count() == reports_before;
        if (is_clean) verdict = never ? Verdict::NeverHolds : Verdict::MayHold;
      }
      if (never) continue;
      checked.impossible = false;
      if (!options_.types_only) checked.environments.push_back(environment);
      ok = ok && answer_ok && match_ok;
    }
    return ok;
  }

  auto IsDecided(ast::ExprId id) const -> bool {
    const TypeRef type = expr_types_[id.value];
    if (type == types_.true_type() || type == types_.false_type()) return true;
    const auto* is = std::get_if<ast::Is>(&context_.ast.expr(id).node);
    return is != nullptr && is->in.has_value();
  }

  void CheckActionList(const ast::ScopeConstraint& position) {
    if (HasListType(position, view_, options_.mode)) return;
    if (position.entities.empty()) {
      findings_.Report(DiagnosticCode::EmptySet, position.span).help = "name the actions, or write `action` alone for all";
      return;
    }
    const auto& first = position.entities[0];
    const auto other = std::ranges::find_if(position.entities, [&](EntityUid each) { return each.type != first.type; });
    findings_
        .Report(DiagnosticCode::IncompatibleTypes, position.span, context_.interner.text(first.type), context_.interner.text(other->type))
        .help = "strict checking wants actions of one namespace here: write one policy for each, or a group";
  }

  void CheckScopeLevel(const ast::Scope& scope) {
    if (view_.environments().empty()) return;
    LevelChecker(context_, view_.environments()[0], expr_types_, 0).CheckScope(scope);
  }

  // Points at what is always false, if one part of the conditions is it for all requests.
  void ReportImpossible(const ast::Statement& statement, const std::vector<ScopeMatch>& matches) {
    ast::ExprId culprit;
    if (!matches.empty()) {
      Forget(ExprsOf(statement));
      CheckIn(statement, matches.back().environment);
      culprit = FindAlwaysFalse(*ConditionsOf(statement));
    }
    const Span place = culprit.has_value() ? context_.ast.expr(culprit).span : statement.span;
    auto& diagnostic = findings_.Report(DiagnosticCode::ImpossiblePolicy, place, StatementKeyword(statement));
    if (culprit.has_value()) diagnostic.help = "this is false whatever the request is, as far as the schema's types tell";
  }

  // By the types of the last environment.
  auto FindAlwaysFalse(const std::vector<ast::Condition>& conditions) const -> ast::ExprId {
    const auto is = [&](ast::ExprId id, TypeRef type) { return expr_types_[id.value] == type; };
    for (const auto& condition : conditions) {
      if (condition.kind == ast::ConditionKind::Unless) {
        if (is(condition.body, types_.true_type())) return condition.body;
        continue;
      }
      ast::ExprId at = condition.body;
      if (!is(at, types_.false_type())) continue;
      for (const ast::Binary* both = nullptr;
           (both = std::get_if<ast::Binary>(&context_.ast.expr(at).node)) != nullptr && both->op == ast::BinaryOp::And;) {
        at = is(both->left, types_.false_type()) ? both->left : both->right;
      }
      return at;
    }
    return {};
  }

  void ReportNotApplicable(const ast::Statement& statement) {
    const auto& scope = *ScopeOf(statement);
    auto& diagnostic = findings_.Report(DiagnosticCode::NoApplicableAction, scope.span, StatementKeyword(statement));
    diagnostic.help = HelpForScope(scope);
  }

  // What the action could be asked for, or that `in` was meant where `==` names a group.
  auto HelpForScope(const ast::Scope& scope) -> std::string {
    for (const bool of_principal : {true, false}) {
      const auto& position = of_principal ? scope.principal : scope.resource;
      if (position.op != ast::ScopeOp::Eq || position.slot) continue;
      const SymbolId group = position.entities[0].type;
      ast::Scope with_in = scope;
      (of_principal ? with_in.principal : with_in.resource).op = ast::ScopeOp::In;
      const bool fixes = std::ranges::any_of(MatchScope(with_in, view_, Mode::Permissive), &ScopeMatch::ok);
      if (fixes && view_.TypeOfLiteral(position.entities[0]).has_value()) {
        return fmt::format("`{}` is a group here: write `in` instead of `==`", context_.interner.text(group));
      }
    }
    if (scope.action.op != ast::ScopeOp::Eq) return {};
    const auto* action = view_.schema().FindAction(scope.action.entities[0]);
    if (action == nullptr) return {};
    if (action->principal_types.empty())
      return fmt::format("{} is a group of actions: write `in`", FormatEntityUid(action->uid, context_.interner));
    return fmt::format("{} is for principals {} and resources {}", FormatEntityUid(action->uid, context_.interner),
                       ListTypes(action->principal_types), ListTypes(action->resource_types));
  }

  auto ListTypes(const std::vector<SymbolId>& names) const -> std::string {
    constexpr size_t kMostListed = 5;
    std::string list;
    for (size_t i = 0; i < names.size() && i < kMostListed; ++i)
      list += fmt::format("{}`{}`", i == 0 ? "" : ", ", context_.interner.text(names[i]));
    return names.size() > kMostListed ? list + ", .." : list;
  }

  // ---- links -------------------------------------------------------------------------------------------------------

  auto CheckLink(const ast::Link& link, const std::vector<std::string>& ids, DiagnosticSink& sink) -> bool {
    const auto template_id = context_.interner.text(link.template_id);
    const auto it = std::ranges::find(ids, template_id);
    if (it == ids.end()) return false;  // linking has reported it
    const auto& statement = context_.ast.statements[static_cast<size_t>(it - ids.begin())];
    const auto* policy = std::get_if<ast::Policy>(&statement.body);
    if (policy == nullptr) return false;
    const auto is_filled = [](const ast::ScopeConstraint& position, const std::optional<EntityUid>& entity) {
      return position.slot.has_value() == entity.has_value();
    };
    // Linking reports missing and extra values, too.
    if (!is_filled(policy->scope.principal, link.principal) || !is_filled(policy->scope.resource, link.resource)) return false;
    for (const auto& entity : {link.principal, link.resource}) {
      if (entity) CheckTypeName(entity->type, policy->scope.span, context_);
    }
    if (std::ranges::none_of(MatchScope(ast::FillSlots(policy->scope, link), view_, Mode::Permissive), &ScopeMatch::ok)) {
      findings_.Report(DiagnosticCode::LinkNotApplicable, policy->scope.span, context_.interner.text(link.new_id));
    }
    const bool ok = findings_.error_count() == 0;
    findings_.Flush(sink, context_.interner, context_.interner.text(link.new_id));
    return ok;
  }
};

TypedPolicySet::TypedPolicySet(const ast::Ast& ast, const std::vector<std::string>& ids, const Schema& schema, const SourceManager& sources,
                               const Interner& interner, const CheckOptions& options, DiagnosticSink& sink)
    : impl_(std::make_unique<Impl>(ast, ids, schema, sources, interner, options, sink)) {}
TypedPolicySet::~TypedPolicySet() = default;

auto TypedPolicySet::ok() const -> bool { return impl_->ok(); }
auto TypedPolicySet::statements() const -> const std::vector<CheckedStatement>& { return impl_->statements_; }
auto TypedPolicySet::links() const -> const std::vector<bool>& { return impl_->links_; }
auto TypedPolicySet::ast() const -> const ast::Ast& { return impl_->context_.ast; }
auto TypedPolicySet::environments() const -> const std::vector<Environment>& { return impl_->view_.environments(); }
auto TypedPolicySet::types() const -> const TypeTable& { return impl_->types_; }
auto TypedPolicySet::schema() const -> const SchemaView& { return impl_->view_; }
auto TypedPolicySet::ExprTypesIn(uint32_t statement, uint32_t environment) -> const ExprTypes& {
  return impl_->ExprTypesIn(statement, environment);
}
auto TypedPolicySet::ClassesFor(uint32_t statement) -> const EnvironmentClasses::Partition& { return impl_->ClassesFor(statement); }

}  // namespace remit::check
