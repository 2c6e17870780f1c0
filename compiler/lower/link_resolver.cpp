#include "compiler/lower/link_resolver.h"

#include <fmt/format.h>

#include <unordered_map>

namespace remit {
namespace {

class LinkResolver {
 public:
  LinkResolver(const ast::Ast& ast, const std::vector<std::string>& ids, Interner& interner, DiagnosticSink& sink)
      : ast_(ast), ids_(ids), interner_(interner), sink_(sink) {}

  auto Run() -> ResolvedLinks {
    ResolvedLinks resolved;
    for (uint32_t i = 0; i < ast_.statements.size(); ++i) resolved.has_id.push_back(TakeId(i));
    for (const auto& link : ast_.links) resolved.template_of.push_back(Resolve(link));
    return resolved;
  }

 private:
  auto PolicyAt(uint32_t statement) const -> const ast::Policy* { return std::get_if<ast::Policy>(&ast_.statements[statement].body); }

  auto TakeId(uint32_t statement) -> bool {
    const auto& body = ast_.statements[statement].body;
    if (std::holds_alternative<ast::Assert>(body) || std::holds_alternative<ast::Test>(body)) return false;
    const auto [known, is_new] = known_.emplace(interner_.Intern(ids_[statement]), statement);
    if (is_new) return true;
    // Names that two budgets or two breakers have are reported with the state they stand for.
    const bool is_state = std::holds_alternative<ast::Budget>(body) || std::holds_alternative<ast::Breaker>(body);
    if (is_state && known->second && ast_.statements[*known->second].body.index() == body.index()) return false;
    sink_.Report(DiagnosticCode::DuplicateId, ast_.statements[statement].span, ids_[statement]);
    return false;
  }

  auto Resolve(const ast::Link& link) -> std::optional<uint32_t> {
    const auto it = known_.find(link.template_id);
    const bool is_template =
        it != known_.end() && it->second && PolicyAt(*it->second) != nullptr && ast::IsTemplate(*PolicyAt(*it->second));
    if (!is_template) return ReportUnknownTemplate(link), std::nullopt;
    const uint32_t statement = *it->second;
    if (!CheckSlots(*PolicyAt(statement), link)) return std::nullopt;
    if (known_.emplace(link.new_id, std::nullopt).second) return statement;
    sink_.Report(DiagnosticCode::LinkIdConflict, Span{}, interner_.text(link.new_id));
    return std::nullopt;
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
  std::unordered_map<SymbolId, std::optional<uint32_t>> known_;  // whose id it is: a statement's, or a link's
};

}  // namespace

auto ResolveLinks(const ast::Ast& ast, const std::vector<std::string>& ids, Interner& interner, DiagnosticSink& sink) -> ResolvedLinks {
  return LinkResolver(ast, ids, interner, sink).Run();
}

}  // namespace remit
