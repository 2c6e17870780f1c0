// Turns a policy set into a decision program: one body a statement, one row a statement or link.
//
// Links share the body of their template, since Cedar allows slots in scopes only and scopes are data. So a million links are a million
// rows of one body; copying the template for each, as substitution would, makes compile time and memory grow with the links.
//
// With types the same rows and bodies are made, since they decide requests that nobody has validated; the environments come on top.
#include "compiler/lower/lower.h"

#include <unordered_map>

#include "compiler/check/walk.h"
#include "compiler/lower/body_table.h"
#include "compiler/lower/clauses_to_ir.h"
#include "compiler/lower/conditions_to_ir.h"
#include "compiler/lower/environments_to_ir.h"
#include "compiler/lower/expr_to_ir.h"
#include "compiler/lower/link_resolver.h"
#include "compiler/lower/scope_to_ir.h"

namespace remit {
namespace {

class PolicySetToIr {
 public:
  PolicySetToIr(const ast::Ast& ast, const std::vector<std::string>& ids, Interner& interner, DiagnosticSink& sink)
      : ast_(ast),
        ids_(ids),
        interner_(interner),
        sink_(sink),
        tables_(program_),
        bodies_(program_),
        constants_(ast, interner),
        states_(ast, interner, sink),
        context_{.ast = ast, .constants = constants_, .states = states_, .interner = interner, .tables = tables_, .sink = sink},
        clauses_(context_, bodies_, program_) {}

  void LowerAll() {
    const auto links = ResolveLinks(ast_, ids_, interner_, sink_);
    for (uint32_t i = 0; i < ast_.statements.size(); ++i) LowerStatement(i, links.has_id[i]);
    for (size_t i = 0; i < ast_.links.size(); ++i) {
      if (links.template_of[i]) LowerLink(ast_.links[i], *links.template_of[i]);
    }
  }
  void AddEnvironments(check::TypedPolicySet& typed, const Limits& limits) {
    EnvironmentsToIr(typed, rows_, limits, context_, bodies_, program_);
  }
  auto Finish() -> ir::Program {
    program_.policies.shrink_to_fit();
    program_.constants.shrink_to_fit();
    for (auto& group : program_.groups) group.shrink_to_fit();
    return std::move(program_);
  }

 private:
  void LowerStatement(uint32_t index, bool has_id) {
    const auto& statement = ast_.statements[index];
    if (const auto* policy = std::get_if<ast::Policy>(&statement.body)) return LowerPolicy(index, *policy, has_id);
    const auto effect = EffectOf(statement);
    // Asserts and tests say what must hold of decisions and decide nothing.
    if (!effect || !has_id) return;
    const uint32_t body = BodyOf(*check::ConditionsOf(statement));
    AddRow(MakeRow(*effect, *check::ScopeOf(statement), body, interner_.Intern(ids_[index])), {.statement = index});
  }

  static auto EffectOf(const ast::Statement& statement) -> std::optional<ir::Effect> {
    if (std::holds_alternative<ast::Escalate>(statement.body)) return ir::Effect::Escalate;
    if (std::holds_alternative<ast::Restrict>(statement.body)) return ir::Effect::Restrict;
    if (std::holds_alternative<ast::Budget>(statement.body)) return ir::Effect::Budget;
    if (std::holds_alternative<ast::Breaker>(statement.body)) return ir::Effect::Breaker;
    return std::nullopt;
  }
  static auto EffectOf(const ast::Policy& policy) -> ir::Effect {
    return policy.effect == ast::Effect::Permit ? ir::Effect::Permit : ir::Effect::Forbid;
  }

  void LowerPolicy(uint32_t index, const ast::Policy& policy, bool has_id) {
    const uint32_t body = BodyOf(policy.conditions);
    if (ast::IsTemplate(policy)) {
      template_bodies_[index] = body;
    } else if (has_id) {
      AddRow(MakeRow(EffectOf(policy), policy.scope, body, interner_.Intern(ids_[index])), {.statement = index});
    }
  }

  // One for all policies that consist of a scope.
  auto BodyOf(const std::vector<ast::Condition>& conditions) -> uint32_t {
    auto body = ConditionsToIr(context_, conditions);
    return conditions.empty() ? bodies_.Share(std::move(body)) : bodies_.Add(std::move(body));
  }

  void AddRow(ir::Policy row, const RowSource& source) {
    clauses_.Add(source.statement, static_cast<uint32_t>(program_.policies.size()));
    program_.policies.push_back(std::move(row));
    rows_.push_back(source);
  }

  void LowerLink(const ast::Link& link, uint32_t statement) {
    const auto& policy = std::get<ast::Policy>(ast_.statements[statement].body);
    auto row = MakeRow(EffectOf(policy), policy.scope, template_bodies_[statement], link.new_id,
                       {.principal = link.principal, .resource = link.resource});
    row.template_id = link.template_id;
    AddRow(std::move(row), {.statement = statement, .link = &link});
  }

  const ast::Ast& ast_;
  const std::vector<std::string>& ids_;
  Interner& interner_;
  DiagnosticSink& sink_;
  ir::Program program_;
  ir::Tables tables_;
  BodyTable bodies_;
  Constants constants_;
  StateIndex states_;
  LowerContext context_;
  ClausesToIr clauses_;
  std::unordered_map<uint32_t, uint32_t> template_bodies_;  // by statement
  std::vector<RowSource> rows_;  // parallel to the program's policies
};

}  // namespace

auto Lower(const ast::Ast& ast, const std::vector<std::string>& ids, Interner& interner, DiagnosticSink& sink) -> ir::Program {
  PolicySetToIr lowering(ast, ids, interner, sink);
  lowering.LowerAll();
  return lowering.Finish();
}

auto Lower(check::TypedPolicySet& typed, const std::vector<std::string>& ids, Interner& interner, const Limits& limits,
           DiagnosticSink& sink) -> ir::Program {
  const auto errors_before = sink.error_count();
  PolicySetToIr lowering(typed.ast(), ids, interner, sink);
  lowering.LowerAll();
  if (sink.error_count() == errors_before) lowering.AddEnvironments(typed, limits);
  return lowering.Finish();
}

auto LowerExpression(const ast::Ast& ast, ast::ExprId expr, Interner& interner, DiagnosticSink& sink) -> ir::Program {
  ir::Program program;
  ir::Tables tables(program);
  const Constants constants(ast, interner);
  const StateIndex states(ast, interner, sink);
  LowerContext context = {.ast = ast, .constants = constants, .states = states, .interner = interner, .tables = tables, .sink = sink};
  BodyBuilder body;
  ExprToIr(context, body).Lower(expr, 0);
  body.Emit({.op = ir::Op::Return}, ast.expr(expr).span);
  program.bodies.push_back(body.Finish());
  return program;
}

}  // namespace remit
