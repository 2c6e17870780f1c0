#include "compiler/explain/explain.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/lower/lower.h"
#include "compiler/testing/test_engine.h"
#include "runtime/eval/interpreter.h"

namespace remit::explain {
namespace {

using ast::ExprId;

// Values of one explanation, and how deep their tree goes: people read it.
constexpr size_t kMostValues = 500;
constexpr int kMostDepth = 12;

auto ScopeSpan(const ast::Statement& statement) -> Span {
  return std::visit(
      [](const auto& body) -> Span {
        if constexpr (requires { body.scope.span; })
          return body.scope.span;
        else
          return {};
      },
      statement.body);
}

auto ConditionsOf(const ast::Statement& statement) -> std::vector<ast::Condition> {
  return std::visit(
      [](const auto& body) -> std::vector<ast::Condition> {
        if constexpr (requires { body.conditions; })
          return body.conditions;
        else
          return {};
      },
      statement.body);
}

auto IsComparison(ast::BinaryOp op) -> bool { return op >= ast::BinaryOp::Eq && op <= ast::BinaryOp::GreaterEq; }

class Explainer {
 public:
  Explainer(const ExplainInput& input, const RequestDocument& document, Interner& symbols, Arena& arena)
      : input_(input), document_(document), symbols_(symbols), arena_(arena) {}

  auto Run() -> Explained {
    const tests::EngineInput engine_input = {.program = input_.program,
                                             .entities = input_.entities,
                                             .interner = input_.job.interner,
                                             .schema = input_.schema,
                                             .limits = input_.job.limits};
    tests::TestEngine engine(engine_input, nullptr, nullptr);
    Session& session = engine.session();
    session.Pin();
    session.Decide(document_.request, symbols_, own_entities(), false, {.now = input_.now});
    const auto explanation = session.Explain();
    FindStatements();
    Explained explained = {.statements = {}, .is_complete = explanation.is_complete};
    for (const auto& policy : explanation.policies) explained.statements.push_back(Statement(policy));
    return explained;
  }

 private:
  auto own_entities() const -> const EntityStore* { return document_.entities ? &*document_.entities : nullptr; }
  auto sources() const -> const SourceManager& { return input_.job.sources; }

  void FindStatements() {
    const auto ids = ast::AssignIds(input_.job.ast, input_.job.interner, ast::IdConvention::Remit);
    for (uint32_t i = 0; i < ids.size(); ++i) by_id_.emplace(ids[i], i);
  }

  // A link's conditions are its template's, which has slots in its scope alone.
  auto StatementOf(const ir::Policy& row) const -> const ast::Statement* {
    const auto id = row.template_id.has_value() ? row.template_id : row.id;
    const auto found = by_id_.find(std::string(input_.job.interner.text(id)));
    return found == by_id_.end() ? nullptr : &input_.job.ast.statements[found->second];
  }

  auto Statement(const PolicyExplanation& policy) -> StatementNode {
    const auto& row = input_.program.policies[policy.policy];
    StatementNode node = {.id = std::string(input_.job.interner.text(row.id)),
                          .keyword = std::string(ir::EffectName(row.effect)),
                          .satisfied = policy.is_satisfied(),
                          .scope = policy.scope,
                          .span = {},
                          .scope_text = {},
                          .conditions = {}};
    const auto* statement = StatementOf(row);
    if (statement == nullptr) return node;
    node.span = statement->span;
    const Span scope = ScopeSpan(*statement);
    if (scope.has_place()) node.scope_text = sources().text(scope);
    const auto conditions = ConditionsOf(*statement);
    for (size_t i = 0; i < policy.conditions.size(); ++i) {
      const auto& answer = policy.conditions[i];
      ConditionNode condition = {
          .is_when = answer.is_when, .holds = answer.holds, .span = {}, .error = answer.error ? answer.error->message : "", .value = {}};
      if (i < conditions.size()) {
        condition.span = conditions[i].span;
        condition.value = Value(conditions[i].body, 0);
      }
      node.conditions.push_back(std::move(condition));
    }
    return node;
  }

  auto Value(ExprId id, int depth) -> ValueNode {
    const auto span = input_.job.ast.expr(id).span;
    ValueNode node = {.text = span.has_place() ? std::string(sources().text(span)) : "", .value = {}, .error = {}, .parts = {}};
    if (++values_ > kMostValues) return node;
    Evaluate(id, node);
    if (depth >= kMostDepth) return node;
    for (const ExprId part : Parts(id)) node.parts.push_back(Value(part, depth + 1));
    return node;
  }

  // A chain of one operator is one list.
  auto Parts(ExprId id) const -> std::vector<ExprId> {
    const auto& ast = input_.job.ast;
    const auto& node = ast.expr(id).node;
    if (const auto* unary = std::get_if<ast::Unary>(&node))
      return unary->op == ast::UnaryOp::Not ? std::vector{unary->operand} : std::vector<ExprId>{};
    if (const auto* choice = std::get_if<ast::If>(&node)) return {choice->condition, choice->then_branch, choice->else_branch};
    const auto* binary = std::get_if<ast::Binary>(&node);
    if (binary == nullptr) return {};
    if (binary->op == ast::BinaryOp::And || binary->op == ast::BinaryOp::Or) return Chain(id, binary->op);
    std::vector<ExprId> parts;
    for (const ExprId side : {binary->left, binary->right}) {
      if (IsComparison(binary->op) && !IsLiteral(ast.expr(side))) parts.push_back(side);
    }
    return parts;
  }

  static auto IsLiteral(const ast::Expr& expr) -> bool { return expr.node.index() <= 3; }

  auto Chain(ExprId id, ast::BinaryOp op) const -> std::vector<ExprId> {
    std::vector<ExprId> parts;
    while (parts.size() < kMostValues) {
      const auto* binary = std::get_if<ast::Binary>(&input_.job.ast.expr(id).node);
      if (binary == nullptr || binary->op != op) break;
      parts.push_back(binary->right);
      id = binary->left;
    }
    parts.push_back(id);
    std::ranges::reverse(parts);
    return parts;
  }

  // Alone: what reads budgets, or the variable of a quantifier, has no value here.
  void Evaluate(ExprId id, ValueNode& node) {
    DiagnosticSink sink;
    const auto program = LowerExpression(input_.job.ast, id, input_.job.interner, sink);
    if (sink.has_errors() || !ir::Verify(program)) return;
    const auto value = remit::Evaluate(program, 0,
                                       {.entities = own_entities() != nullptr ? *own_entities() : input_.entities,
                                        .request = document_.request,
                                        .interner = symbols_,
                                        .arena = arena_,
                                        .now = input_.now,
                                        .max_loop_work = input_.job.limits.max_loop_work});
    if (value)
      node.value = FormatValue(*value, symbols_);
    else
      node.error = value.error().message;
  }

  const ExplainInput& input_;
  const RequestDocument& document_;
  Interner& symbols_;
  Arena& arena_;
  std::unordered_map<std::string, uint32_t> by_id_ = {};
  size_t values_ = 0;
};

}  // namespace

auto Explain(const ExplainInput& input, std::string_view request) -> Expected<Explained> {
  Arena arena;
  // The job's own: what is lowered for the sake of values is interned too.
  Interner& symbols = input.job.interner;
  const auto document = ReadRequest(request, symbols, arena, {.limits = input.job.limits, .schema = input.schema}, &input.entities);
  if (!document) return std::unexpected(document.error());
  return Explainer(input, *document, symbols, arena).Run();
}

}  // namespace remit::explain
