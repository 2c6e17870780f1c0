// From records of statements to the profile's objects.
#include "runtime/server/authzen/obligations.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using Json = nlohmann::json;

auto HasText(const Json& record, const char* key) -> bool { return record.contains(key) && record[key].is_string(); }

// The type that this member is an instance of: its name, and all that the type requires.
auto TypeOf(std::string_view name, const Json& value) -> std::string_view {
  if (!value.is_object()) return "custom";
  if ((name == "step_up" || name == "step-up") && HasText(value, "acr_value")) return "step-up";
  if (name == "notification" && HasText(value, "to") && HasText(value, "body")) return "notification";
  if (name == "session_termination" && HasText(value, "subject")) return "session_termination";
  return "custom";
}

}  // namespace

auto MakeObligations(std::span<const ObligationRecord> records, const ir::Program& program, const Interner& names)
    -> std::vector<Obligation> {
  std::vector<Obligation> obligations;
  for (const auto& record : records) {
    const Json members = Json::parse(record.record, nullptr, false);
    if (!members.is_object()) continue;
    const auto statement = names.text(program.policies[record.policy].id);
    for (const auto& [name, value] : members.items()) {
      Obligation obligation{.id = fmt::format("obl-{}", obligations.size() + 1), .type = TypeOf(name, value), .properties = value.dump()};
      if (obligation.type == "custom") {
        obligation.properties = "{";
        server::AppendMember(obligation.properties, "name", name);
        server::AppendName(obligation.properties, "value");
        obligation.properties += value.dump();
        server::AppendMember(obligation.properties, "statement", statement);
        obligation.properties += '}';
      }
      obligations.push_back(std::move(obligation));
    }
  }
  return obligations;
}

void AppendObligations(std::string& out, const std::vector<Obligation>& obligations) {
  server::AppendName(out, "obligations");
  out += '[';
  for (const auto& obligation : obligations) {
    server::AppendComma(out);
    out += '{';
    server::AppendMember(out, "id", obligation.id);
    server::AppendMember(out, "type", obligation.type);
    server::AppendName(out, "properties");
    out += obligation.properties;
    out += '}';
  }
  out += ']';
}

auto UnsupportedTypes(const std::vector<Obligation>& obligations, const std::vector<std::string>& supported)
    -> std::vector<std::string_view> {
  std::vector<std::string_view> missing;
  for (const auto& obligation : obligations) {
    const bool is_supported = std::ranges::find(supported, obligation.type) != supported.end();
    if (!is_supported && std::ranges::find(missing, obligation.type) == missing.end()) missing.push_back(obligation.type);
  }
  return missing;
}

}  // namespace remit::authzen
