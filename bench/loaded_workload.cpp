#include "bench/loaded_workload.h"

#include <algorithm>
#include <iostream>

#include "compiler/source/diagnostic.h"

namespace remit::bench {

auto SplitLines(const std::string& text, size_t most) -> std::vector<std::string> {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = text.size();
    if (end - begin > most) end = text.rfind('\n', begin + most - 1) + 1;
    parts.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return parts;
}

auto LoadedWorkload::Load(const Workload& workload) -> std::unique_ptr<LoadedWorkload> {
  auto loaded = std::make_unique<LoadedWorkload>();
  const auto keep = [&](auto& place, auto value, const char* what) {
    if (!value) loaded->Fail(what);
    place = std::make_shared<std::remove_cvref_t<decltype(*value)>>(std::move(*value));
  };
  keep(loaded->schema, LoadSchema(loaded->job, "schema", workload.Text("schema.cedarschema")), "schema");
  loaded->LoadPoliciesOf(workload);
  keep(loaded->program, CompileProgram(loaded->job, ast::IdConvention::Remit, loaded->schema.get()), "program");
  keep(loaded->entities, LoadEntities(loaded->job, "entities", workload.Text("entities.json"), &*loaded->schema), "entities");
  return loaded;
}

void LoadedWorkload::LoadPoliciesOf(const Workload& workload) {
  for (auto& part : SplitLines(workload.Text("policies.cedar"), job.limits.max_source_bytes)) {
    if (!LoadPolicies(job, "policies", std::move(part), PolicyFormat::Text)) Fail("policies");
  }
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
