// What partial evaluation answers, for people and for programs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "compiler/ast/printer.h"
#include "compiler/driver/partial.h"
#include "compiler/est/est.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using partial::PolicyResidual;
using partial::PolicyState;
using partial::Verdict;
using OrderedJson = nlohmann::ordered_json;

auto StateName(PolicyState state) -> std::string_view {
  switch (state) {
    case PolicyState::Satisfied: return "satisfied";
    case PolicyState::NotSatisfied: return "notSatisfied";
    case PolicyState::Fails: return "fails";
    case PolicyState::Residual: return "residual";
  }
  return "";
}

auto VerdictText(Verdict verdict) -> std::string_view {
  switch (verdict) {
    case Verdict::Allow: return "allow";
    case Verdict::Deny: return "deny";
    case Verdict::Open: return "open: it depends on what is not known";
  }
  return "";
}

// Ids come from annotations and documents: a line break in one must not end a comment.
auto Names(const partial::PartialAnswer& answer, PolicyState state, const Interner& interner) -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto& each : answer.policies) {
    if (each.state == state) names.push_back(EscapeString(interner.text(each.id)));
  }
  return names;
}

// Many names are cut short here and never in JSON.
void AppendStateComment(std::string& out, std::string_view title, std::vector<std::string> names) {
  constexpr size_t kMostNames = 20;
  if (names.empty()) return;
  const size_t more = names.size() > kMostNames ? names.size() - kMostNames : 0;
  names.resize(names.size() - more);
  out += fmt::format("// {}: {}{}\n", title, fmt::join(names, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
}

// So that a policy keeps its id in a file where others are left out.
void SetIdAnnotation(ast::Statement& statement, SymbolId id, Interner& interner) {
  const SymbolId key = interner.Intern("id");
  for (auto& annotation : statement.annotations) {
    if (annotation.key != key) continue;
    annotation.value = id;
    return;
  }
  statement.annotations.insert(statement.annotations.begin(), {.key = key, .value = id, .span = {}});
}

auto PolicyJson(const PolicyResidual& residual, const ast::Ast& policies, uint32_t index, const Interner& interner) -> OrderedJson {
  OrderedJson json;
  json["id"] = interner.text(residual.id);
  json["effect"] = residual.effect == ast::Effect::Permit ? "permit" : "forbid";
  json["state"] = StateName(residual.state);
  if (residual.error) json["error"] = {{"code", residual.error->code}, {"message", residual.error->message}};
  if (residual.state == PolicyState::NotSatisfied) return json;
  DiagnosticSink sink;
  OrderedJson policy = PolicyToJson(policies, {index}, interner, sink);
  if (policy.is_null()) {
    json["text"] = ast::PrintStatement(policies, {index}, interner);
  } else {
    json["residual"] = std::move(policy);
  }
  return json;
}

}  // namespace

auto PartialToText(const partial::PartialAnswer& answer, const std::vector<NotConsidered>& not_considered, CompileJob& job,
                   ast::IdConvention convention) -> std::string {
  std::string out = fmt::format("// decision: {}\n", VerdictText(answer.verdict));
  AppendStateComment(out, "satisfied", Names(answer, PolicyState::Satisfied, job.interner));
  AppendStateComment(out, "not satisfied", Names(answer, PolicyState::NotSatisfied, job.interner));
  for (const auto& each : answer.policies) {
    if (!each.error) continue;
    out += fmt::format("// fails: {} ({}: {})\n", EscapeString(job.interner.text(each.id)), each.error->code,
                       EscapeString(each.error->message));
  }
  std::vector<std::string> aside;
  for (const auto& [id, kind] : not_considered) aside.push_back(fmt::format("{} {}", kind, EscapeString(id)));
  if (!aside.empty()) out += fmt::format("// not considered: {}\n", fmt::join(aside, ", "));

  ast::Ast policies = ResidualPolicies(answer, job.ast, true);
  for (uint32_t i = 0; i < policies.statements.size(); ++i) {
    switch (convention) {
      case ast::IdConvention::Remit: SetIdAnnotation(policies.statements[i], policies.explicit_ids[i], job.interner); break;
      case ast::IdConvention::Cedar: out += fmt::format("\n// {}", EscapeString(job.interner.text(policies.explicit_ids[i]))); break;
    }
    out += '\n' + ast::PrintStatement(policies, {i}, job.interner) + '\n';
  }
  return out;
}

auto PartialToJson(const partial::PartialAnswer& answer, const std::vector<NotConsidered>& not_considered, const CompileJob& job)
    -> std::string {
  OrderedJson json = OrderedJson::object();
  switch (answer.verdict) {
    case Verdict::Allow: json["decision"] = "allow"; break;
    case Verdict::Deny: json["decision"] = "deny"; break;
    case Verdict::Open: break;
  }
  const ast::Ast policies = ResidualPolicies(answer, job.ast, true);
  OrderedJson list = OrderedJson::array();
  uint32_t index = 0;
  for (const auto& each : answer.policies) {
    list.push_back(PolicyJson(each, policies, index, job.interner));
    if (each.state != PolicyState::NotSatisfied) ++index;
  }
  json["policies"] = std::move(list);
  for (const auto& [id, kind] : not_considered) json["notConsidered"].push_back({{"id", id}, {"kind", kind}});
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace remit
