// Configurations in TOML, by toml++, whose exceptions end here.
#include <fmt/format.h>
#include <toml++/toml.h>

#include "compiler/driver/files.h"
#include "runtime/server/process/config.h"

namespace remit::server {
namespace {

auto ToText(const toml::node& node) -> std::string {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return {};
}

auto ReadIdentity(const toml::table& table, Identity& identity) -> Expected<void> {
  for (const auto& [key, node] : table) {
    if (key == "type") identity.type = ToText(node);
    if (key == "id") identity.id = ToText(node);
    if (key == "rate") identity.rate = node.value<double>().value_or(0);
    if (key != "roles" || node.as_array() == nullptr) continue;
    for (const toml::node& role : *node.as_array()) identity.roles.push_back(ToText(role));
  }
  if (identity.id.empty()) return remit::Fail("invalid-setting", "every caller has an `id`");
  return {};
}

auto ReadCallers(ServerConfig& config, std::string_view kind, const toml::array& tables) -> Expected<void> {
  for (const toml::node& node : tables) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return remit::Fail("invalid-setting", fmt::format("`callers.{}` is an array of tables", kind));
    Identity identity;
    if (auto read = ReadIdentity(*table, identity); !read) return read;
    if (kind == "token") config.callers.tokens.push_back({.sha256 = table->at("sha256").value_or(std::string{}), .identity = identity});
    if (kind == "unix") {
      config.callers.unix_users.push_back({.uid = table->at("uid").value_or(uint32_t{UINT32_MAX}), .identity = identity});
    }
    if (kind == "certificate") {
      config.callers.certificates.push_back({.subject = table->at("subject").value_or(std::string{}), .identity = identity});
    }
  }
  return {};
}

auto ApplyTable(ServerConfig& config, const std::string& prefix, const toml::table& table) -> Expected<void> {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    Expected<void> applied;
    const bool is_callers = key == "callers.token" || key == "callers.unix" || key == "callers.certificate";
    if (const toml::table* inner = node.as_table()) {
      applied = ApplyTable(config, key + ".", *inner);
    } else if (const toml::array* array = node.as_array()) {
      if (is_callers) {
        applied = ReadCallers(config, name.str(), *array);
      } else {
        std::vector<std::string> values;
        for (const toml::node& each : *array) values.push_back(ToText(each));
        applied = Apply(config, key, values);
      }
    } else {
      applied = Apply(config, key, {ToText(node)});
    }
    if (!applied) return applied;
  }
  return {};
}

}  // namespace

auto ApplyFile(ServerConfig& config, const std::string& path) -> Expected<void> {
  constexpr size_t kMost = 1 << 20;
  const auto text = ReadTextFile(path, kMost);
  if (!text) return std::unexpected(text.error());
  try {
    return ApplyTable(config, {}, toml::parse(*text, path));
  } catch (const toml::parse_error& error) {
    return remit::Fail("config-syntax", fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  } catch (const std::out_of_range&) {
    return remit::Fail("invalid-setting", fmt::format("{}: a caller lacks `sha256`, `uid` or `subject`", path));
  }
}

}  // namespace remit::server
