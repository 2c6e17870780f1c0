#include "compiler/est/json_to_expr.h"

#include <array>

#include "compiler/ast/literal_arguments.h"
#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using ast::BinaryOp;
using ast::ExprId;
using ast::UnaryOp;

// The keys of Cedar's JSON expressions that are operators on one or two operands.
struct UnaryRow {
  std::string_view key;
  UnaryOp op;
};
constexpr auto kUnary =
    std::to_array<UnaryRow>({{"!", UnaryOp::Not}, {"neg", UnaryOp::Neg}, {"isEmpty", UnaryOp::IsEmpty}, {"size", UnaryOp::Size}});

constexpr auto kBinary =
    std::to_array<BinaryOp>({BinaryOp::Eq, BinaryOp::NotEq, BinaryOp::In, BinaryOp::Less, BinaryOp::LessEq, BinaryOp::Greater,
                             BinaryOp::GreaterEq, BinaryOp::And, BinaryOp::Or, BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul,
                             BinaryOp::Contains, BinaryOp::ContainsAll, BinaryOp::ContainsAny, BinaryOp::GetTag, BinaryOp::HasTag});

auto AllOperators() -> const std::vector<std::string_view>& {
  static const auto names = [] {
    std::vector<std::string_view> all = {"Value", "Var", "Slot", ".", "has", "like", "is", "if-then-else", "Set", "Record"};
    for (const auto& row : kUnary) all.push_back(row.key);
    for (const BinaryOp op : kBinary) all.push_back(ast::BinaryText(op));
    for (const auto& builtin : AllBuiltins()) all.push_back(builtin.key);
    return all;
  }();
  return names;
}

}  // namespace

auto JsonExprReader::ReadCondition(const JsonSite& site, ast::ConditionKind kind) -> ExprId {
  clause_ = kind;
  return ReadExpr(site);
}

auto JsonExprReader::Enter(const JsonSite& site) -> bool {
  if (depth_ < context_.limits.max_nesting) return true;
  report_.Report(site, DiagnosticCode::NestingTooDeep, context_.limits.max_nesting);
  return false;
}

auto JsonExprReader::ReadExpr(const JsonSite& site) -> ExprId {
  if (!Enter(site) || report_.ExpectObject(site) == nullptr) return {};
  const Json& object = site.value();
  if (object.size() != 1) {
    if (object.empty()) {
      report_.Report(site, DiagnosticCode::JsonWrongType, "an expression", "an object without members");
    } else {
      report_.Report(site, DiagnosticCode::JsonManyOperators, object.begin().key(), std::next(object.begin()).key());
    }
    return {};
  }
  const std::string& name = object.begin().key();
  const JsonSite operand = site.Member(name, object.begin().value());
  ++depth_;
  const auto* builtin = FindBuiltin(name);
  const ExprId expr = builtin != nullptr ? ReadCall(operand, *builtin) : ReadOperator(operand, name);
  --depth_;
  return expr;
}

auto JsonExprReader::ReadOperator(const JsonSite& site, std::string_view name) -> ExprId {
  for (const auto& row : kUnary) {
    if (row.key == name) return ReadUnary(site, row.op);
  }
  for (const BinaryOp op : kBinary) {
    if (ast::BinaryText(op) == name) return ReadBinary(site, op);
  }
  if (name == "Value") return ReadValue(site);
  if (name == "Var") return ReadVar(site);
  if (name == "Slot") return ReadSlot(site);
  if (name == ".") return ReadGetAttr(site);
  if (name == "has") return ReadHasAttr(site);
  if (name == "like") return ReadLike(site);
  if (name == "is") return ReadIs(site);
  if (name == "if-then-else") return ReadIf(site);
  if (name == "Set") return ReadSet(site);
  if (name == "Record") return ReadRecord(site);
  report_.ReportUnknown(site, "operator", name, AllOperators());
  return {};
}

auto JsonExprReader::ReadMember(const JsonSite& site, std::string_view name, const Json* value) -> ExprId {
  return ReadExpr(site.Member(name, *value));
}

auto JsonExprReader::ReadCall(const JsonSite& site, const BuiltinInfo& builtin) -> ExprId {
  if (report_.ExpectArray(site) == nullptr) return {};
  std::vector<ExprId> args;
  for (size_t i = 0; i < site.value().size(); ++i) {
    const ExprId arg = ReadExpr(site.Element(i));
    if (!arg.has_value()) return {};
    args.push_back(arg);
  }
  const ast::Call call = {.builtin = builtin.id, .args = std::move(args)};
  if (auto problem = ast::FindLiteralProblem(ast_, context_.interner, call)) {
    report_.Report(site, problem->code, problem->subject, problem->detail);
    return {};
  }
  return Add(call);
}

auto JsonExprReader::ReadVar(const JsonSite& site) -> ExprId {
  const auto* name = report_.ExpectString(site);
  if (name == nullptr) return {};
  std::vector<std::string_view> known;
  for (const auto var : {ast::Var::Principal, ast::Var::Action, ast::Var::Resource, ast::Var::Context}) {
    if (ast::VarName(var) == *name) return Add(ast::VarRef{var});
    known.push_back(ast::VarName(var));
  }
  report_.ReportUnknown(site, "variable", *name, known);
  return {};
}

// Slots belong in scopes; here they only get an error of their own.
auto JsonExprReader::ReadSlot(const JsonSite& site) -> ExprId {
  const auto* name = report_.ExpectString(site);
  if (name == nullptr) return {};
  if (*name == "?principal" || *name == "?resource") {
    report_.Report(site, DiagnosticCode::JsonSlotInCondition, *name, ast::ConditionKeyword(clause_)).help =
        "slots stand in the scope, after `==` or `in`";
  } else {
    report_.ReportUnknown(site, "slot", *name, {"?principal", "?resource"});
  }
  return {};
}

auto JsonExprReader::ReadUnary(const JsonSite& site, UnaryOp op) -> ExprId {
  const auto fields = report_.ReadFields(site, {{"arg"}});
  if (fields.empty()) return {};
  const ExprId operand = ReadMember(site, "arg", fields[0]);
  return operand.has_value() ? Add(ast::Unary{.op = op, .operand = operand}) : ExprId{};
}

auto JsonExprReader::ReadBinary(const JsonSite& site, BinaryOp op) -> ExprId {
  const auto fields = report_.ReadFields(site, {{"left"}, {"right"}});
  if (fields.empty()) return {};
  const ExprId left = ReadMember(site, "left", fields[0]);
  const ExprId right = ReadMember(site, "right", fields[1]);
  return left.has_value() && right.has_value() ? Add(ast::Binary{.op = op, .left = left, .right = right}) : ExprId{};
}

auto JsonExprReader::ReadGetAttr(const JsonSite& site) -> ExprId {
  const auto fields = report_.ReadFields(site, {{"left"}, {"attr"}});
  if (fields.empty()) return {};
  const ExprId object = ReadMember(site, "left", fields[0]);
  const auto* attr = report_.ExpectString(site.Member("attr", *fields[1]));
  return object.has_value() && attr != nullptr ? Add(ast::GetAttr{.object = object, .attr = Intern(*attr)}) : ExprId{};
}

auto JsonExprReader::ReadIs(const JsonSite& site) -> ExprId {
  const auto fields = report_.ReadFields(site, {{"left"}, {"entity_type"}, {"in", Presence::Optional}});
  if (fields.empty()) return {};
  const ExprId object = ReadMember(site, "left", fields[0]);
  const SymbolId type = ReadEntityType(site.Member("entity_type", *fields[1]));
  const bool has_in = fields[2] != nullptr && !fields[2]->is_null();
  const ExprId in = has_in ? ReadMember(site, "in", fields[2]) : ExprId{};
  if (!object.has_value() || !type.has_value() || (has_in && !in.has_value())) return {};
  return Add(ast::Is{.object = object, .type = type, .in = in});
}

auto JsonExprReader::ReadIf(const JsonSite& site) -> ExprId {
  const auto fields = report_.ReadFields(site, {{"if"}, {"then"}, {"else"}});
  if (fields.empty()) return {};
  const ExprId condition = ReadMember(site, "if", fields[0]);
  const ExprId then_branch = ReadMember(site, "then", fields[1]);
  const ExprId else_branch = ReadMember(site, "else", fields[2]);
  if (!condition.has_value() || !then_branch.has_value() || !else_branch.has_value()) return {};
  return Add(ast::If{.condition = condition, .then_branch = then_branch, .else_branch = else_branch});
}

auto JsonExprReader::ReadSet(const JsonSite& site) -> ExprId {
  if (report_.ExpectArray(site) == nullptr) return {};
  ast::SetLit set;
  for (size_t i = 0; i < site.value().size(); ++i) {
    set.elements.push_back(ReadExpr(site.Element(i)));
    if (!set.elements.back().has_value()) return {};
  }
  return Add(std::move(set));
}

auto JsonExprReader::ReadRecord(const JsonSite& site) -> ExprId {
  if (report_.ExpectObject(site) == nullptr) return {};
  ast::RecordLit record;
  for (const auto& [key, value] : site.value().items()) {
    record.entries.push_back({.key = Intern(key), .value = ReadExpr(site.Member(key, value))});
    if (!record.entries.back().value.has_value()) return {};
  }
  return Add(std::move(record));
}

}  // namespace remit
