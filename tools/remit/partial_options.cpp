#include "tools/remit/partial_options.h"

#include "compiler/driver/forbid_errors.h"

namespace remit::cli {

void AddPartialOptions(CLI::App& verb, PartialInputs& inputs) {
  AddPolicyOptions(verb, inputs.policies);
  AddSchemaOption(verb, inputs.schema)->required();
  verb.add_option("-e,--entities", inputs.entities, "Entities as JSON")->option_text("FILE");
  auto& request = inputs.request;
  auto* principal = verb.add_option("--principal", request.principal, "The principal, if it is known")->option_text("ENTITY");
  verb.add_option("--principal-type", request.principal_type, "The principal's type, if no more is known")
      ->option_text("TYPE")
      ->excludes(principal);
  verb.add_option("--action", request.action, "The action")->option_text("ENTITY");
  auto* resource = verb.add_option("--resource", request.resource, "The resource, if it is known")->option_text("ENTITY");
  verb.add_option("--resource-type", request.resource_type, "The resource's type, if no more is known")
      ->option_text("TYPE")
      ->excludes(resource);
  verb.add_option("--context", request.context, "The context, if it is known: a file, or JSON in `{..}`")->option_text("FILE|JSON");
  verb.add_option("--unknown-context", request.unknown_context, "An attribute of the context that is not known; may be repeated")
      ->option_text("NAME")
      ->allow_extra_args(false);
}

auto ForbidErrorsSetting() -> partial::ForbidErrors {
  return ForbidErrorsDeny() ? partial::ForbidErrors::Deny : partial::ForbidErrors::Skip;
}

auto LoadForPartial(CompileJob& job, const PartialInputs& inputs, bool may_be_partial, Format format) -> std::optional<LoadedForPartial> {
  if (!LoadPolicyInputs(job, inputs.policies, format)) return std::nullopt;
  auto schema = LoadSchemaInputs(job, inputs.schema, format);
  if (!schema) return std::nullopt;
  LoadedForPartial loaded;
  loaded.schema = std::make_unique<Schema>(std::move(*schema));
  loaded.ids = StatementIds(job, inputs.policies.ids);

  const auto json = inputs.entities.empty() ? Expected<std::string>("[]") : ReadTextFile(inputs.entities, job.limits.max_json_bytes);
  if (!json) return ReportError(json.error(), format), std::nullopt;
  loaded.entities = may_be_partial ? LoadPartialEntities(job, inputs.entities, *json, *loaded.schema, loaded.known)
                                   : LoadEntities(job, inputs.entities, *json, loaded.schema.get());
  loaded.typed = CheckForPartial(job, *loaded.schema, loaded.ids);
  const bool ok = loaded.typed != nullptr && loaded.entities;
  if (!ok || format == Format::Human) ReportDiagnostics(job, format);
  if (!ok) return std::nullopt;

  loaded.request = inputs.request;
  const auto& context = inputs.request.context;
  if (context.empty() || context.starts_with('{')) return loaded;
  const auto text = ReadTextFile(context, job.limits.max_request_bytes);
  if (!text) return ReportError(text.error(), format), std::nullopt;
  loaded.request.context = *text;
  return loaded;
}

}  // namespace remit::cli
