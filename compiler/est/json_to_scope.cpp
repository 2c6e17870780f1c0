#include "compiler/est/json_to_scope.h"

#include <algorithm>

#include "compiler/ast/spelling.h"

namespace remit {

using ast::ScopeOp;

// One of `known`, empty if something was reported.
auto JsonScopeReader::ReadOp(const JsonSite& site, const std::vector<std::string_view>& known) -> std::string_view {
  if (report_.ExpectObject(site) == nullptr) return {};
  const Json* op = FindMember(site.value(), "op");
  if (op == nullptr) {
    report_.Report(site, DiagnosticCode::JsonMissingField, "op");
    return {};
  }
  const auto* name = report_.ExpectString(site.Member("op", *op));
  if (name == nullptr) return {};
  const auto found = std::ranges::find(known, *name);
  if (found != known.end()) return *found;
  report_.ReportUnknown(site.Member("op", *op), "scope operator", *name, known);
  return {};
}

auto JsonScopeReader::ReadPrincipalOrResource(const JsonSite& site, ast::Slot slot) -> std::optional<ast::ScopeConstraint> {
  const auto op = ReadOp(site, {"All", "all", "==", "in", "is"});
  ast::ScopeConstraint constraint;
  if (op == "All" || op == "all") return constraint;
  bool read = false;
  if (op == "==" || op == "in") {
    constraint.op = op == "==" ? ScopeOp::Eq : ScopeOp::In;
    read = ReadTarget(site, slot, constraint);
  } else if (op == "is") {
    read = ReadType(site, slot, constraint);
  }
  return read ? std::optional{constraint} : std::nullopt;
}

auto JsonScopeReader::ReadTarget(const JsonSite& site, ast::Slot slot, ast::ScopeConstraint& constraint) -> bool {
  if (report_.ExpectObject(site) == nullptr) return false;
  if (const Json* entity = FindMember(site.value(), "entity")) {
    const auto uid = exprs_.ReadEntity(site.Member("entity", *entity));
    if (uid) constraint.entities = {*uid};
    return uid.has_value();
  }
  const Json* named = FindMember(site.value(), "slot");
  if (named == nullptr) {
    report_.Report(site, DiagnosticCode::JsonMissingField, "entity").help = "a template has `slot` in its place";
    return false;
  }
  const JsonSite slot_site = site.Member("slot", *named);
  const auto* name = report_.ExpectString(slot_site);
  if (name == nullptr) return false;
  if (*name != ast::SlotName(slot)) {
    report_.Report(slot_site, DiagnosticCode::JsonMisplacedSlot, *name).help = fmt::format("the slot here is `{}`", ast::SlotName(slot));
    return false;
  }
  constraint.slot = slot;
  return true;
}

auto JsonScopeReader::ReadType(const JsonSite& site, ast::Slot slot, ast::ScopeConstraint& constraint) -> bool {
  const auto fields = report_.ReadFields(site, {{"entity_type"}, {"in", Presence::Optional}}, "op");
  if (fields.empty()) return false;
  constraint.op = ScopeOp::Is;
  constraint.type = exprs_.ReadEntityType(site.Member("entity_type", *fields[0]));
  if (!constraint.type.has_value()) return false;
  if (fields[1] == nullptr || fields[1]->is_null()) return true;
  constraint.op = ScopeOp::IsIn;
  return ReadTarget(site.Member("in", *fields[1]), slot, constraint);
}

auto JsonScopeReader::ReadAction(const JsonSite& site) -> std::optional<ast::ScopeConstraint> {
  const auto op = ReadOp(site, {"All", "all", "==", "in"});
  ast::ScopeConstraint constraint;
  if (op == "All" || op == "all") return constraint;
  if (op.empty()) return std::nullopt;
  constraint.op = op == "==" ? ScopeOp::Eq : ScopeOp::In;
  return ReadActionTarget(site, op == "in", constraint) ? std::optional{constraint} : std::nullopt;
}

auto JsonScopeReader::ReadActionTarget(const JsonSite& site, bool may_be_list, ast::ScopeConstraint& constraint) -> bool {
  if (const Json* entity = FindMember(site.value(), "entity")) return ReadActionEntity(site.Member("entity", *entity), constraint);
  if (const Json* list = FindMember(site.value(), "entities"); list != nullptr && may_be_list) {
    const JsonSite list_site = site.Member("entities", *list);
    if (report_.ExpectArray(list_site) == nullptr) return false;
    constraint.is_list = true;
    bool all_read = true;
    for (size_t i = 0; i < list->size(); ++i) all_read &= ReadActionEntity(list_site.Element(i), constraint);
    return all_read;
  }
  if (const Json* slot = FindMember(site.value(), "slot")) {
    report_
        .Report(site.Member("slot", *slot), DiagnosticCode::JsonMisplacedSlot, slot->is_string() ? slot->get<std::string>() : slot->dump())
        .help = "slots are not allowed for actions";
    return false;
  }
  report_.Report(site, DiagnosticCode::JsonMissingField, "entity");
  return false;
}

auto JsonScopeReader::ReadActionEntity(const JsonSite& site, ast::ScopeConstraint& constraint) -> bool {
  const auto uid = exprs_.ReadEntity(site);
  if (!uid) return false;
  const auto type = context_.interner.text(uid->type);
  if (type != "Action" && !type.ends_with("::Action")) {
    report_.Report(site, DiagnosticCode::JsonActionType, FormatEntityUid(*uid, context_.interner)).help =
        "action entities have the type `Action`, in any namespace";
    return false;
  }
  constraint.entities.push_back(*uid);
  return true;
}

}  // namespace remit
