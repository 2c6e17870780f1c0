#include "compiler/lsp/run_tests.h"

#include <fmt/format.h>

#include "compiler/driver/check.h"
#include "compiler/driver/forbid_errors.h"
#include "compiler/testing/report.h"
#include "runtime/approval/keys.h"

namespace remit::lsp {
namespace {

// 2026-01-05T12:00:00Z, as `remit test` begins.
constexpr Datetime kStart = {.millis = 1'767'614'400'000};
constexpr std::string_view kExtraName = "new";

auto FirstError(const CompileJob& job) -> std::string {
  for (const auto& each : job.sink.diagnostics()) {
    if (CodeSeverity(each.code) == Severity::Error) return FormatDiagnostic(each, job.sources);
  }
  return "the policies do not compile";
}

auto NameOf(const Project& project, const std::string& path) -> std::string {
  return path.starts_with(project.root() + "/") ? path.substr(project.root().size() + 1) : path;
}

// The project's rule while its tests run: another project may have another one.
class ForbidErrorsRule {
 public:
  explicit ForbidErrorsRule(bool deny) : before_(ForbidErrorsDeny()) { SetForbidErrorsDeny(deny); }
  ~ForbidErrorsRule() { SetForbidErrorsDeny(before_); }
  ForbidErrorsRule(const ForbidErrorsRule&) = delete;
  auto operator=(const ForbidErrorsRule&) -> ForbidErrorsRule& = delete;

 private:
  bool before_;
};

// What the job needs before anything runs. None: its sink says why.
struct Loaded {
  std::optional<Schema> schema;
  EntityStore entities;
  ir::Program program;
};
auto Load(const Project& project, const std::string& extra, CompileJob& job) -> std::optional<Loaded> {
  std::vector<SchemaText> schemas;
  bool ok = true;
  for (const auto& [path, file] : project.files()) {
    const std::string text(file.document->text());
    const auto name = NameOf(project, path);
    switch (file.kind) {
      case FileKind::Schema: schemas.push_back({.name = name, .text = text}); break;
      case FileKind::Policies: ok = LoadPolicies(job, name, text, PolicyFormat::Text) && ok; break;
      case FileKind::JsonPolicies: ok = LoadPolicies(job, name, text, PolicyFormat::Json) && ok; break;
      case FileKind::Links:
      case FileKind::Settings: break;
    }
  }
  for (const auto& name : project.settings().shipped_policies) ok = LoadPolicies(job, name, {}, PolicyFormat::Text) && ok;
  for (const auto& name : project.settings().shipped_schemas) schemas.push_back({.name = name, .text = {}});
  for (const auto& [path, file] : project.files()) {
    if (file.kind == FileKind::Links) ok = LoadLinks(job, NameOf(project, path), std::string(file.document->text())) && ok;
  }
  if (!extra.empty()) ok = LoadPolicies(job, std::string(kExtraName), extra, PolicyFormat::Text) && ok;
  Loaded loaded;
  if (!schemas.empty()) {
    loaded.schema = LoadSchema(job, std::move(schemas));
    if (!loaded.schema) return std::nullopt;
  }
  const auto* schema = loaded.schema ? &*loaded.schema : nullptr;
  if (!ok) return std::nullopt;
  if (schema != nullptr) CheckPolicies(job, *schema, ast::IdConvention::Remit, {});
  if (job.sink.has_errors()) return std::nullopt;
  auto entities = LoadEntities(job, "", "[]", schema);
  auto program = CompileProgram(job, ast::IdConvention::Remit, schema);
  if (!entities || !program) return std::nullopt;
  loaded.entities = std::move(*entities);
  loaded.program = std::move(*program);
  return loaded;
}

auto ExtraText(const tests::SuiteResult& suite, const SourceManager& sources, const std::string& extra) -> std::string {
  std::vector<Edit> edits;
  for (const auto& edit : suite.edits) {
    if (sources.file(edit.span.file).name() == kExtraName) edits.push_back(edit);
  }
  return ApplyEdits(extra, std::move(edits));
}

}  // namespace

auto RunTests(const Project& project, const std::function<bool(std::string_view title)>& wanted, const std::string& extra)
    -> std::expected<TestAnswer, std::string> {
  const ForbidErrorsRule rule(project.settings().forbid_errors_deny);
  CompileJob job;
  auto loaded = Load(project, extra, job);
  if (!loaded) return std::unexpected(FirstError(job));
  const auto ids = StatementIds(job, ast::IdConvention::Remit);
  const auto approvers = tests::ApproverPolicy::Compile(job);
  if (approvers == nullptr) return std::unexpected("the policies about approvals do not compile");
  const auto* schema = loaded->schema ? &*loaded->schema : nullptr;
  const tests::EngineInput input = {
      .program = loaded->program, .entities = loaded->entities, .interner = job.interner, .schema = schema, .limits = job.limits};
  std::vector<std::unique_ptr<tests::TestEngine>> engines;
  engines.push_back(std::make_unique<tests::TestEngine>(input, nullptr, nullptr));
  const auto key = approval::SigningKey::Generate();
  const tests::StatementPlaces places(job.ast, ids, loaded->program, job.sources, job.interner);
  const tests::RunContext context = {.ast = job.ast,
                                     .places = places,
                                     .sources = job.sources,
                                     .interner = job.interner,
                                     .entities = loaded->entities,
                                     .schema = schema,
                                     .approvers = *approvers,
                                     .key = key,
                                     .start = kStart};
  const auto suite = RunSuite(context, engines, {.wanted = wanted});
  return TestAnswer{.passed = suite.passed(),
                    .failed = suite.failed(),
                    .report = tests::FormatText(suite, job.sources, false),
                    .text = ExtraText(suite, job.sources, extra)};
}

}  // namespace remit::lsp
