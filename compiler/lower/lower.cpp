// Turns a policy set into a decision program: one body a policy, one row a policy or link.
//
// Links share the body of their template, since Cedar allows slots in scopes only and scopes are data. So a million links are a million
// rows of one body; copying the template for each, as substitution would, makes compile time and memory grow with the links.
//
// With types the same rows and bodies are made, since they decide requests that nobody has validated; the environments come on top.
#include "compiler/lower/lower.h"

#include <fmt/format.h>

#include <unordered_map>

#include "compiler/lower/body_table.h"
#include "compiler/lower/conditions_to_ir.h"
#include "compiler/lower/environments_to_ir.h"
#include "compiler/lower/expr_to_ir.h"
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
        context_{.ast = ast, .constants = constants_, .interner = interner, .tables = tables_, .sink = sink} {}

  void LowerAll() {
    for (uint32_t i = 0; i < ast_.statements.size(); ++i) LowerStatement(i);
    for (const auto& link : ast_.links) LowerLink(link);
  }
  void AddEnvironments(check::TypedPolicySet& typed, const Limits& limits) {
    EnvironmentsToIr(typed, rows_, limits, context_, bodies_, program_);
  }
  auto Finish() -> ir::Program { return std::move(program_); }

 private:
  // What has an id: for links and for finding ids used twice.
  struct Known {
    const ast::Policy* policy = nullptr;  // null: a link
    uint32_t statement = 0;
    uint32_t body = 0;
  };

  void LowerStatement(uint32_t index) {
    const auto& statement = ast_.statements[index];
    if (const auto* policy = std::get_if<ast::Policy>(&statement.body)) return LowerPolicy(index, *policy, interner_.Intern(ids_[index]));
    // They say what must hold of decisions and decide nothing.
    if (std::holds_alternative<ast::Assert>(statement.body) || std::holds_alternative<ast::Test>(statement.body)) return;
    sink_.Report(DiagnosticCode::UnsupportedStatement, statement.span, ast::StatementKeyword(statement));
  }

  void LowerPolicy(uint32_t index, const ast::Policy& policy, SymbolId id) {
    if (policy.oblige) sink_.Report(DiagnosticCode::UnsupportedStatement, policy.oblige->span, "oblige");
    const Known known = {.policy = &policy, .statement = index, .body = BodyOf(policy)};
    if (!known_.emplace(id, known).second) {
      sink_.Report(DiagnosticCode::DuplicateId, ast_.statements[index].span, interner_.text(id));
      return;
    }
    if (!ast::IsTemplate(policy)) AddRow(MakeRow(policy, known.body, id, {}), {.statement = index});
  }

  // One for all policies that consist of a scope.
  auto BodyOf(const ast::Policy& policy) -> uint32_t {
    auto body = ConditionsToIr(context_, policy);
    return policy.conditions.empty() ? bodies_.Share(std::move(body)) : bodies_.Add(std::move(body));
  }

  void AddRow(ir::Policy row, const RowSource& source) {
    program_.policies.push_back(std::move(row));
    rows_.push_back(source);
  }

  void LowerLink(const ast::Link& link) {
    const auto it = known_.find(link.template_id);
    if (it == known_.end() || it->second.policy == nullptr || !ast::IsTemplate(*it->second.policy)) return ReportUnknownTemplate(link);
    const Known known = it->second;
    if (!CheckSlots(*known.policy, link)) return;
    if (!known_.emplace(link.new_id, Known{}).second) {
      sink_.Report(DiagnosticCode::LinkIdConflict, Span{}, interner_.text(link.new_id));
      return;
    }
    auto row = MakeRow(*known.policy, known.body, link.new_id, {.principal = link.principal, .resource = link.resource});
    row.template_id = link.template_id;
    AddRow(std::move(row), {.statement = known.statement, .link = &link});
  }

  void ReportUnknownTemplate(const ast::Link& link) {
    auto& diagnostic = sink_.Report(DiagnosticCode::UnknownTemplate, Span{}, interner_.text(link.template_id));
    const bool is_known = known_.contains(link.template_id);
    diagnostic.help =
        is_known ? "a policy of this id exists, but it has no slots" : "`templateId` is the id of a template of the same policy set";
  }

  auto CheckSlots(const ast::Policy& policy, const ast::Link& link) -> bool {
    std::string missing;
    std::string extra;
    const auto check = [&](const ast::ScopeConstraint& constraint, bool is_given, std::string_view slot) {
      if (constraint.slot.has_value() == is_given) return;
      std::string& list = is_given ? extra : missing;
      list += fmt::format("{}{}", list.empty() ? "" : ", ", slot);
    };
    check(policy.scope.principal, link.principal.has_value(), "?principal");
    check(policy.scope.resource, link.resource.has_value(), "?resource");
    const auto id = interner_.text(link.new_id);
    if (!missing.empty()) sink_.Report(DiagnosticCode::MissingSlotValues, Span{}, id, missing);
    if (!extra.empty()) sink_.Report(DiagnosticCode::ExtraSlotValues, Span{}, id, extra);
    return missing.empty() && extra.empty();
  }

  const ast::Ast& ast_;
  const std::vector<std::string>& ids_;
  Interner& interner_;
  DiagnosticSink& sink_;
  ir::Program program_;
  ir::Tables tables_;
  BodyTable bodies_;
  Constants constants_;
  LowerContext context_;
  std::unordered_map<SymbolId, Known> known_;
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
  LowerContext context = {.ast = ast, .constants = constants, .interner = interner, .tables = tables, .sink = sink};
  BodyBuilder body;
  ExprToIr(context, body).Lower(expr, 0);
  body.Emit({.op = ir::Op::Return}, ast.expr(expr).span);
  program.bodies.push_back(body.Finish());
  return program;
}

}  // namespace remit
