#include "tools/remit/server_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/base/did_you_mean.h"
#include "runtime/server/process/config.h"

namespace remit::cli {
namespace {

using project::Project;
using project::RawSetting;

auto FindServerSetting(std::string_view key) -> const server::Setting* {
  const auto it = std::ranges::find(server::Settings(), key, &server::Setting::key);
  return it == server::Settings().end() ? nullptr : &*it;
}

auto ValuesOf(const Project& project, const RawSetting& raw, const server::Setting& setting) -> std::vector<std::string> {
  auto values = raw.values;
  for (auto& value : values) {
    const bool is_file = setting.is_path && !value.empty() && !IsBuiltinName(value);
    if (is_file) value = (std::filesystem::path(project.root) / value).lexically_normal().string();
    if (setting.key == "ledger") value = project::LedgerAddress(project.root, value);
  }
  return values;
}

void ReportUnknown(const RawSetting& raw, DiagnosticSink& sink) {
  std::vector<std::string_view> keys;
  for (const auto& setting : server::Settings()) keys.push_back(setting.key);
  sink.Report(DiagnosticCode::ProjectUnknownKey, raw.span, "server." + raw.key).help = DidYouMean(raw.key, keys);
}

}  // namespace

auto ServerValues(const Project& project, std::string_view key) -> std::vector<std::string> {
  const auto* setting = FindServerSetting(key);
  const auto& all = project.server.settings;
  const auto raw = std::ranges::find(all, key, &RawSetting::key);
  return setting == nullptr || raw == all.end() ? std::vector<std::string>{} : ValuesOf(project, *raw, *setting);
}

void CheckServerSettings(const Project& project, DiagnosticSink& sink) {
  server::ServerConfig config;
  for (const auto& raw : project.server.settings) {
    const auto* setting = FindServerSetting(raw.key);
    if (setting == nullptr) {
      ReportUnknown(raw, sink);
      continue;
    }
    const auto applied = server::Apply(config, raw.key, ValuesOf(project, raw, *setting));
    if (applied) continue;
    sink.Report(DiagnosticCode::ProjectValue, raw.span, "server." + raw.key, fmt::format("{}", fmt::join(raw.values, ", "))).help =
        applied.error().help;
  }
}

auto ShowServerSettings(const Project& project) -> std::vector<project::ShownSetting> {
  std::vector<project::ShownSetting> shown;
  server::ServerConfig config;
  for (const auto& raw : project.server.settings) {
    const auto* setting = FindServerSetting(raw.key);
    if (setting == nullptr || !server::Apply(config, raw.key, ValuesOf(project, raw, *setting))) continue;
    shown.push_back({.key = "server." + raw.key, .value = setting->show(config)});
  }
  return shown;
}

}  // namespace remit::cli
