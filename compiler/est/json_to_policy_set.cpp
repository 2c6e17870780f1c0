// Policy sets and template links as JSON to syntax tree.
//
// A policy inside a set may be text; it becomes a source file of its own, named by its JSON pointer, so that its diagnostics have lines
// and columns.
#include "compiler/est/est.h"
#include "compiler/est/json_to_policy.h"

namespace remit {
namespace {

enum class Expected : uint8_t { Static, Template };

class JsonPolicySetReader {
 public:
  JsonPolicySetReader(ParseContext& context, ast::Ast& ast)
      : context_(context), ast_(ast), policies_(context, ast), report_(context.sink) {}

  auto ReadSet(const JsonSite& site) -> bool;
  auto ReadLinks(const JsonSite& site) -> bool;

 private:
  auto ReadStatic(const JsonSite& site) -> bool;
  auto ReadStaticText(const JsonSite& site) -> bool;
  auto ReadStaticArray(const JsonSite& site) -> bool;
  auto ReadMap(const JsonSite& site, Expected expected) -> bool;
  auto ReadOne(const JsonSite& site, std::string_view id, Expected expected) -> bool;
  auto ReadText(const JsonSite& site) -> bool;
  auto CheckKind(const JsonSite& site, size_t first, Expected expected) -> bool;

  auto ReadLink(const JsonSite& site) -> bool;
  auto ReadLongLink(const JsonSite& site, ast::Link& link) -> bool;
  auto ReadShortLink(const JsonSite& site, ast::Link& link) -> bool;
  auto ReadId(const JsonSite& site) -> SymbolId;
  auto ReadSlotValue(const JsonSite& site, std::optional<EntityUid>& value) -> bool;
  auto ReadSlotValues(const JsonSite& site, ast::Link& link) -> bool;

  ParseContext& context_;
  ast::Ast& ast_;
  JsonPolicyReader policies_;
  JsonReporter report_;
};

auto JsonPolicySetReader::ReadSet(const JsonSite& site) -> bool {
  const auto fields = report_.ReadFields(
      site, {{"staticPolicies", Presence::Optional}, {"templates", Presence::Optional}, {"templateLinks", Presence::Optional}});
  if (fields.empty()) return false;
  bool all_read = true;
  if (fields[0] != nullptr) all_read &= ReadStatic(site.Member("staticPolicies", *fields[0]));
  if (fields[1] != nullptr) all_read &= ReadMap(site.Member("templates", *fields[1]), Expected::Template);
  if (fields[2] != nullptr) all_read &= ReadLinks(site.Member("templateLinks", *fields[2]));
  return all_read;
}

auto JsonPolicySetReader::ReadStatic(const JsonSite& site) -> bool {
  if (site.value().is_string()) return ReadStaticText(site);
  if (site.value().is_array()) return ReadStaticArray(site);
  return ReadMap(site, Expected::Static);
}

auto JsonPolicySetReader::ReadStaticText(const JsonSite& site) -> bool {
  const size_t first = ast_.statements.size();
  const bool parsed = ReadText(site);
  ast_.explicit_ids.resize(ast_.statements.size());
  return CheckKind(site, first, Expected::Static) && parsed;
}

// Cedar names each element of an array as if it were alone, so that a second one is a duplicate; whoever assigns ids reports it.
auto JsonPolicySetReader::ReadStaticArray(const JsonSite& site) -> bool {
  bool all_read = true;
  for (size_t i = 0; i < site.value().size(); ++i) {
    const JsonSite element = site.Element(i);
    all_read &= ReadOne(element, element.value().is_string() ? "policy0" : "JSON policy", Expected::Static);
  }
  return all_read;
}

auto JsonPolicySetReader::ReadMap(const JsonSite& site, Expected expected) -> bool {
  if (report_.ExpectObject(site) == nullptr) return false;
  bool all_read = true;
  for (const auto& [id, policy] : site.value().items()) all_read &= ReadOne(site.Member(id, policy), id, expected);
  return all_read;
}

auto JsonPolicySetReader::ReadOne(const JsonSite& site, std::string_view id, Expected expected) -> bool {
  const size_t first = ast_.statements.size();
  const bool parsed = site.value().is_string() ? ReadText(site) : policies_.Read(site).has_value();
  const size_t count = ast_.statements.size() - first;
  ast_.explicit_ids.resize(ast_.statements.size());
  if (!parsed) return false;
  if (count != 1) {
    report_.Report(site, DiagnosticCode::JsonExpectedOne, count);
    return false;
  }
  ast_.explicit_ids.back() = context_.interner.Intern(id);
  return CheckKind(site, first, expected);
}

auto JsonPolicySetReader::ReadText(const JsonSite& site) -> bool {
  const FileId file = context_.sources.Add(site.pointer(), site.value().get<std::string>());
  return ParsePolicies(file, context_, ast_);
}

auto JsonPolicySetReader::CheckKind(const JsonSite& site, size_t first, Expected expected) -> bool {
  for (size_t i = first; i < ast_.statements.size(); ++i) {
    const auto* policy = std::get_if<ast::Policy>(&ast_.statements[i].body);
    const bool is_template = policy != nullptr && ast::IsTemplate(*policy);
    if (is_template == (expected == Expected::Template)) continue;
    if (is_template) {
      report_.Report(site, DiagnosticCode::JsonExpectedStatic).help = "templates stand under `templates`, each with an id";
    } else {
      report_.Report(site, DiagnosticCode::JsonExpectedTemplate).help = "a template has `?principal` or `?resource` in its scope";
    }
    return false;
  }
  return true;
}

auto JsonPolicySetReader::ReadLinks(const JsonSite& site) -> bool {
  if (report_.ExpectArray(site) == nullptr) return false;
  bool all_read = true;
  for (size_t i = 0; i < site.value().size(); ++i) all_read &= ReadLink(site.Element(i));
  return all_read;
}

auto JsonPolicySetReader::ReadLink(const JsonSite& site) -> bool {
  if (report_.ExpectObject(site) == nullptr) return false;
  ast::Link link;
  const bool is_short = FindMember(site.value(), "template") != nullptr;
  if (!(is_short ? ReadShortLink(site, link) : ReadLongLink(site, link))) return false;
  ast_.links.push_back(link);
  return true;
}

auto JsonPolicySetReader::ReadLongLink(const JsonSite& site, ast::Link& link) -> bool {
  const auto fields = report_.ReadFields(site, {{"templateId"}, {"newId"}, {"values"}});
  if (fields.empty()) return false;
  link.template_id = ReadId(site.Member("templateId", *fields[0]));
  link.new_id = ReadId(site.Member("newId", *fields[1]));
  const bool has_values = ReadSlotValues(site.Member("values", *fields[2]), link);
  return link.template_id.has_value() && link.new_id.has_value() && has_values;
}

auto JsonPolicySetReader::ReadShortLink(const JsonSite& site, ast::Link& link) -> bool {
  const auto fields = report_.ReadFields(site, {{"template"}, {"id"}, {"principal", Presence::Optional}, {"resource", Presence::Optional}});
  if (fields.empty()) return false;
  link.template_id = ReadId(site.Member("template", *fields[0]));
  link.new_id = ReadId(site.Member("id", *fields[1]));
  if (fields[2] != nullptr && !ReadSlotValue(site.Member("principal", *fields[2]), link.principal)) return false;
  if (fields[3] != nullptr && !ReadSlotValue(site.Member("resource", *fields[3]), link.resource)) return false;
  return link.template_id.has_value() && link.new_id.has_value();
}

auto JsonPolicySetReader::ReadId(const JsonSite& site) -> SymbolId {
  const auto* text = report_.ExpectString(site);
  return text != nullptr ? context_.interner.Intern(*text) : SymbolId{};
}

auto JsonPolicySetReader::ReadSlotValue(const JsonSite& site, std::optional<EntityUid>& value) -> bool {
  value = policies_.ReadEntity(site);
  return value.has_value();
}

auto JsonPolicySetReader::ReadSlotValues(const JsonSite& site, ast::Link& link) -> bool {
  if (report_.ExpectObject(site) == nullptr) return false;
  bool all_read = true;
  for (const auto& [slot, entity] : site.value().items()) {
    const JsonSite value_site = site.Member(slot, entity);
    if (slot == "?principal") {
      all_read &= ReadSlotValue(value_site, link.principal);
    } else if (slot == "?resource") {
      all_read &= ReadSlotValue(value_site, link.resource);
    } else {
      report_.ReportUnknown(value_site, "slot", slot, {"?principal", "?resource"});
      all_read = false;
    }
  }
  return all_read;
}

}  // namespace

auto PolicySetFromJson(std::string_view json, ParseContext& context, ast::Ast& ast) -> bool {
  const auto document = ParseStrictJson(json, context.limits, context.sink);
  if (!document) return false;
  const JsonSite site{*document};
  ast.explicit_ids.resize(ast.statements.size());
  if (document->is_object() && FindMember(*document, "effect") != nullptr) {
    const bool read = JsonPolicyReader{context, ast}.Read(site).has_value();
    ast.explicit_ids.resize(ast.statements.size());
    return read;
  }
  return JsonPolicySetReader{context, ast}.ReadSet(site);
}

auto LinksFromJson(std::string_view json, ParseContext& context, ast::Ast& ast) -> bool {
  const auto document = ParseStrictJson(json, context.limits, context.sink);
  return document && JsonPolicySetReader{context, ast}.ReadLinks(JsonSite{*document});
}

}  // namespace remit
