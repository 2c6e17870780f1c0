#include "compiler/est/json_site.h"

#include <algorithm>

#include "runtime/base/did_you_mean.h"

namespace remit {
namespace {

auto Quoted(const std::vector<std::string_view>& names) -> std::string {
  std::string out;
  for (const auto name : names) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
  return out;
}

auto HelpFor(std::string_view name, const std::vector<std::string_view>& known) -> std::string {
  return DidYouMean(name, known, fmt::format("expected {}{}", known.size() > 1 ? "one of " : "", Quoted(known)));
}

}  // namespace

auto JsonSite::pointer() const -> std::string {
  std::vector<const JsonSite*> steps;
  for (const JsonSite* site = this; site->parent_ != nullptr; site = site->parent_) steps.push_back(site);
  std::string out;
  for (size_t i = steps.size(); i-- > 0;) {
    const bool is_element = steps[i]->parent_->value_->is_array();
    out += PointerStep(is_element ? std::to_string(steps[i]->index_) : std::string{steps[i]->key_});
  }
  return out;
}

auto JsonKindName(const Json& value) -> std::string_view {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a string";
  return value.is_array() ? "an array" : "an object";
}

auto FindMember(const Json& object, std::string_view key) -> const Json* {
  const auto& members = object.get_ref<const Json::object_t&>();
  const auto found = std::ranges::find_if(members, [&](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

auto JsonReporter::ReadFields(const JsonSite& site, std::initializer_list<JsonField> fields, std::string_view let_pass)
    -> std::vector<const Json*> {
  if (ExpectObject(site) == nullptr) return {};
  std::vector<const Json*> found(fields.size());
  std::vector<std::string_view> names;
  for (const auto& field : fields) names.push_back(field.name);

  bool complete = true;
  for (const auto& [key, value] : site.value().items()) {
    const auto name = std::ranges::find(names, key);
    if (name != names.end()) {
      found[static_cast<size_t>(name - names.begin())] = &value;
    } else if (key != let_pass || let_pass.empty()) {
      Report(site.Member(key, value), DiagnosticCode::JsonUnknownField, key).help = HelpFor(key, names);
      complete = false;
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (found[i] != nullptr || fields.begin()[i].presence == Presence::Optional) continue;
    Report(site, DiagnosticCode::JsonMissingField, names[i]);
    complete = false;
  }
  return complete ? found : std::vector<const Json*>{};
}

auto JsonReporter::ExpectString(const JsonSite& site) -> const std::string* {
  if (site.value().is_string()) return &site.value().get_ref<const std::string&>();
  Report(site, DiagnosticCode::JsonWrongType, "a string", JsonKindName(site.value()));
  return nullptr;
}

auto JsonReporter::ExpectObject(const JsonSite& site) -> const Json* {
  if (site.value().is_object()) return &site.value();
  Report(site, DiagnosticCode::JsonWrongType, "an object", JsonKindName(site.value()));
  return nullptr;
}

auto JsonReporter::ExpectArray(const JsonSite& site) -> const Json* {
  if (site.value().is_array()) return &site.value();
  Report(site, DiagnosticCode::JsonWrongType, "an array", JsonKindName(site.value()));
  return nullptr;
}

void JsonReporter::ReportUnknown(const JsonSite& site, std::string_view what, std::string_view name,
                                 const std::vector<std::string_view>& known) {
  Report(site, DiagnosticCode::JsonUnknownVariant, what, name).help = HelpFor(name, known);
}

}  // namespace remit
