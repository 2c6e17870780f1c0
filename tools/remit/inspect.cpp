// remit inspect: what is in a bundle, and whether its code runs here.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "runtime/bundle/bundle.h"
#include "runtime/native/image.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
  std::string bundle;
  bool policies = false;
  Format format = Format::Human;
};

// What the answer is made of.
struct Inspected {
  Interner interner;
  LoadedBundle loaded;
  BundleSourceMap sources;
  Expected<void> code;  // why it cannot run here; true of a bundle without code
};

auto Inspect(const Bundle& bundle, Inspected& inspected) -> Expected<void> {
  auto loaded = bundle.Load(inspected.interner);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  auto sources = bundle.Sources();
  if (!sources) return std::unexpected(std::move(sources.error()));
  inspected.loaded = std::move(*loaded);
  inspected.sources = std::move(*sources);
  if (!bundle.image().bytes.empty()) inspected.code = CheckImage(bundle.image().bytes, bundle.code_target());
  return {};
}

auto CountEffects(const ir::Program& program) -> std::map<std::string, size_t> {
  std::map<std::string, size_t> counts;
  for (const auto& policy : program.policies) ++counts[std::string(ir::EffectName(policy.effect))];
  return counts;
}

auto CountLinks(const ir::Program& program) -> size_t {
  size_t links = 0;
  for (const auto& policy : program.policies) links += policy.template_id.has_value() ? 1 : 0;
  return links;
}

auto PoliciesToJson(const Inspected& inspected) -> Json {
  Json rows = Json::array();
  for (const auto& policy : inspected.loaded.program->policies) {
    Json row = {{"id", inspected.interner.text(policy.id)}, {"effect", ir::EffectName(policy.effect)}};
    if (policy.template_id.has_value()) row["template"] = inspected.interner.text(policy.template_id);
    rows.push_back(std::move(row));
  }
  return rows;
}

auto ToJson(const Bundle& bundle, const Inspected& inspected, const InspectOptions& options) -> Json {
  const auto& program = *inspected.loaded.program;
  const auto* schema = inspected.loaded.schema.get();
  Json json = {{"file", options.bundle}, {"bytes", bundle.size()}, {"format", bundle.format_version()}, {"sha256", bundle.digest()}};
  json["policies"] = {{"count", program.policies.size()}, {"effects", CountEffects(program)}, {"links", CountLinks(program)}};
  json["bodies"] = program.bodies.size();
  json["environments"] = program.environments.size();
  json["schema"] = schema == nullptr ? Json() : Json{{"entityTypes", schema->entity_types.size()}, {"actions", schema->actions.size()}};
  json["code"] = Json();
  if (const auto image = bundle.image().bytes; !image.empty()) {
    json["code"] = {{"target", bundle.code_target()}, {"bytes", image.size()}, {"runsHere", inspected.code.has_value()}};
    if (!inspected.code) json["code"]["error"] = {{"code", inspected.code.error().code}, {"message", inspected.code.error().message}};
  }
  for (const auto& source : inspected.sources.sources) json["sources"].push_back({{"name", source.name}, {"bytes", source.text.size()}});
  for (const auto& [name, offset, bytes] : bundle.Sections()) {
    json["sections"].push_back({{"name", name}, {"offset", offset}, {"bytes", bytes}});
  }
  if (options.policies) json["rows"] = PoliciesToJson(inspected);
  return json;
}

void PrintCode(const Bundle& bundle, const Inspected& inspected) {
  const auto image = bundle.image().bytes;
  if (image.empty()) {
    fmt::print("native code   none: the interpreter decides, or a compiler where there is one\n");
  } else {
    fmt::print("native code   {} bytes for {}, {}\n", image.size(), bundle.code_target(),
               inspected.code ? "which this machine runs" : inspected.code.error().message);
  }
}

void Print(const Bundle& bundle, const Inspected& inspected, const InspectOptions& options) {
  const auto& program = *inspected.loaded.program;
  const auto* schema = inspected.loaded.schema.get();
  std::vector<std::string> effects;
  for (const auto& [name, count] : CountEffects(program)) effects.push_back(fmt::format("{} {}", count, name));
  fmt::print("bundle        {}, {} bytes, format {}\n", options.bundle, bundle.size(), bundle.format_version());
  fmt::print("sha256        {}\n", bundle.digest());
  fmt::print("policies      {} ({}), {} of them links; {} bodies, {} environments\n", program.policies.size(), fmt::join(effects, ", "),
             CountLinks(program), program.bodies.size(), program.environments.size());
  if (schema == nullptr) {
    fmt::print("schema        none\n");
  } else {
    fmt::print("schema        {} entity types, {} actions\n", schema->entity_types.size(), schema->actions.size());
  }
  PrintCode(bundle, inspected);
  for (const auto& source : inspected.sources.sources) fmt::print("source        {}, {} bytes\n", source.name, source.text.size());
  for (const auto& [name, offset, bytes] : bundle.Sections()) fmt::print("section       {:<10} {:>10} bytes at {}\n", name, bytes, offset);
  if (!options.policies) return;
  for (const auto& policy : program.policies) {
    const auto link = policy.template_id.has_value() ? fmt::format(" (of {})", inspected.interner.text(policy.template_id)) : "";
    fmt::print("{:<13} {}{}\n", ir::EffectName(policy.effect), inspected.interner.text(policy.id), link);
  }
}

auto Run(const InspectOptions& options) -> ExitCode {
  const auto bundle = Bundle::Open(options.bundle);
  if (!bundle) return ReportError(bundle.error(), options.format);
  Inspected inspected;
  if (const auto done = Inspect(*bundle, inspected); !done) return ReportError(done.error(), options.format);
  switch (options.format) {
    case Format::Human: Print(*bundle, inspected, options); break;
    case Format::Json:
      fmt::print("{}\n", ToJson(*bundle, inspected, options).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      break;
  }
  return inspected.code ? kDone : kNegative;
}

}  // namespace

void AddInspect(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("inspect", "Show what is in a bundle, and whether its native code runs here");
  auto options = std::make_shared<InspectOptions>();
  verb->add_option("bundle", options->bundle, "What `remit build` wrote")->required()->option_text("FILE");
  verb->add_flag("--list", options->policies, "List the policies too");
  AddFormatOption(*verb, options->format);
  verb->footer(
      "Exit codes: 0 intact, and its code, if there is any, runs here; 1 intact, but its code does not run here; 2 unreadable or damaged.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
