#include "runtime/server/control.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/driver/check.h"
#include "compiler/driver/files.h"
#include "compiler/schema/remit_namespace.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"
#include "runtime/server/control_pack.h"
#include "runtime/server/json_text.h"

namespace remit::server {
namespace {

auto CallerEntity(const Caller& caller) -> std::string {
  std::string out = "[{";
  AppendName(out, "uid");
  out += '{';
  AppendMember(out, "type", caller.type);
  AppendMember(out, "id", caller.id);
  out += "},\"attrs\":{";
  AppendMember(out, "credential", CallerKindName(caller.kind));
  out += "},\"parents\":[";
  for (const std::string& role : caller.roles) {
    AppendComma(out);
    out += '{';
    AppendMember(out, "type", "Remit::Role");
    AppendMember(out, "id", role);
    out += '}';
  }
  return out + "]}]";
}

auto HasFailedForbid(const ir::Program& program, const Decision& decision) -> bool {
  return std::ranges::any_of(decision.errors,
                             [&](const EvalError& error) { return program.policies[error.policy].effect != ir::Effect::Permit; });
}

// A type of callers that the built-in schema has not: whatever a credential names.
auto CallerSchema(const std::string& type) -> std::string {
  const size_t at = type.rfind("::");
  const bool is_bare = at == std::string::npos;
  const std::string entity = fmt::format("entity {} in [Remit::Role] = {{ credential: String }};", is_bare ? type : type.substr(at + 2));
  return is_bare ? entity : fmt::format("namespace {} {{ {} }}", type.substr(0, at), entity);
}

// Misspelt actions, roles and attributes would permit or forbid nothing, silently.
void CheckTypes(CompileJob& job, std::vector<std::string> types) {
  std::erase_if(types, [](const std::string& type) { return type.starts_with("Remit::"); });
  std::ranges::sort(types);
  types.erase(std::ranges::unique(types).begin(), types.end());
  std::vector<SchemaText> texts = {{.name = std::string(kServerNamespace), .text = {}}};
  for (const std::string& type : types) texts.push_back({.name = fmt::format("type of callers `{}`", type), .text = CallerSchema(type)});
  const auto schema = LoadSchema(job, std::move(texts));
  if (schema) CheckPolicies(job, *schema, ast::IdConvention::Remit, {.mode = check::Mode::Strict});
}

}  // namespace

auto ControlPolicies::Load(const std::vector<std::string>& files, std::vector<std::string> caller_types)
    -> Expected<std::unique_ptr<ControlPolicies>> {
  std::unique_ptr<ControlPolicies> control(new ControlPolicies());
  CompileJob& job = control->job_;
  LoadPolicies(job, "server.remit", std::string(kServerPack), PolicyFormat::Text);
  for (const std::string& path : files) {
    auto text = ReadTextFile(path, job.limits.max_source_bytes);
    if (!text) return std::unexpected(std::move(text.error()));
    LoadPolicies(job, path, std::move(*text), PolicyFormat::Text);
  }
  if (!job.sink.has_errors()) CheckTypes(job, std::move(caller_types));
  if (!job.sink.has_errors()) control->program_ = CompileProgram(job, ast::IdConvention::Remit);
  if (control->program_) return control;
  std::string message = "the policies of the control plane have mistakes";
  for (const Diagnostic& diagnostic : job.sink.diagnostics()) message += "\n" + FormatDiagnostic(diagnostic, job.sources);
  return std::unexpected(Error{.code = "control-policies-invalid", .message = std::move(message), .pointer = {}, .help = {}});
}

auto ControlPolicies::RightsOf(const Caller& caller) const -> Rights {
  Rights rights;
  Interner names(&job_.interner);
  const auto entities = ReadEntities(CallerEntity(caller), names, {.limits = job_.limits});
  if (!entities) return rights;
  Arena arena;
  const auto uid = [&](std::string_view type, std::string_view id) { return EntityUid{names.Intern(type), names.Intern(id)}; };
  for (uint32_t i = 1; i < kRights; ++i) {
    const auto right = static_cast<Right>(i);
    const remit::Request request = {.principal = uid(caller.type, caller.id),
                                    .action = uid("Remit::Action", RightName(right)),
                                    .resource = uid("Remit::Server", "self"),
                                    .context = {}};
    const Decision decision = remit::Decide(*program_, {.entities = *entities, .request = request, .interner = names, .arena = arena});
    if (decision.allowed() && !HasFailedForbid(*program_, decision)) rights.Add(right);
  }
  return rights;
}

}  // namespace remit::server
