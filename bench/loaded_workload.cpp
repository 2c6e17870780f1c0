#include "bench/loaded_workload.h"

#include <algorithm>
#include <iostream>

#include "compiler/source/diagnostic.h"

namespace remit::bench {

auto LoadedWorkload::Load(const Workload& workload) -> std::unique_ptr<LoadedWorkload> {
  auto loaded = std::make_unique<LoadedWorkload>();
  loaded->schema = LoadSchema(loaded->job, "schema", workload.Text("schema.cedarschema"));
  if (!loaded->schema) loaded->Fail("schema");
  loaded->LoadPoliciesOf(workload);
  loaded->program = CompileProgram(loaded->job, ast::IdConvention::Remit);
  if (!loaded->program) loaded->Fail("program");
  loaded->entities = LoadEntities(loaded->job, "entities", workload.Text("entities.json"), &*loaded->schema);
  if (!loaded->entities) loaded->Fail("entities");
  return loaded;
}

void LoadedWorkload::LoadPoliciesOf(const Workload& workload) {
  if (!LoadPolicies(job, "policies", workload.Text("policies.cedar"), PolicyFormat::Text)) Fail("policies");
  if (workload.Has("links.json") && !LoadLinks(job, "links", workload.Text("links.json"))) Fail("links");
}

auto LoadedWorkload::ToRequest(const RequestText& text, Interner& interner) const -> Request {
  const auto uid = [&](const Uid& value) { return EntityUid{interner.Intern(value.type), interner.Intern(value.id)}; };
  return {.principal = uid(text.principal), .action = uid(text.action), .resource = uid(text.resource), .context = {}};
}

auto LoadedWorkload::ToAnswer(const Decision& decision) const -> Answer {
  Answer answer{.allow = decision.allowed(), .reason = {}, .errors = decision.errors.size()};
  for (const uint32_t policy : decision.determining) answer.reason.emplace_back(job.interner.text(program->policies[policy].id));
  std::ranges::sort(answer.reason);
  return answer;
}

void LoadedWorkload::Fail(const std::string& what) const {
  std::cerr << "cannot load the workload's " << what << "\n";
  for (const auto& diagnostic : job.sink.diagnostics()) std::cerr << FormatDiagnostic(diagnostic, job.sources, {});
  std::exit(2);
}

}  // namespace remit::bench
