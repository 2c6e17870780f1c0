// Policy text that parses, checked against a schema with one of everything: strict, permissive, by level. What is accepted has types, and what is accepted
// strictly is accepted permissively. What compiles has environments, prints and verifies.
#include "compiler/driver/check.h"
#include "compiler/driver/dump.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

namespace {

using namespace remit;

constexpr const char* kSchema = R"(
  entity G in [G]; entity E enum ["x", "y"]; entity R { owner: U, o?: { a?: Long, b: Set<String> } };
  entity U in [G] { n: Long, s: String, set: Set<Long>, o?: Long, r?: { a?: Long }, friend?: U, e: E, ip: ipaddr, d: decimal, t: datetime } tags Long;
  action grp; action none;
  action v, w in [grp] appliesTo { principal: [U, G], resource: R, context: { ip: ipaddr, t: String, c?: Long, u: U } };
  namespace N { entity V { n: String } tags Set<String>; action z appliesTo { principal: [U, V], resource: [V, R] }; }
)";

auto Accepts(CompileJob& job, const Schema& schema, const check::CheckOptions& options) -> bool {
  DiagnosticSink sink(job.limits.max_diagnostics);
  const auto ids = AssignIds(job.ast, job.interner, ast::IdConvention::Remit);
  const check::TypedPolicySet typed(job.ast, ids, schema, job.sources, job.interner, options, sink);
  CHECK(typed.ok() || sink.has_errors(), "policies are refused without a reason");
  return typed.ok();
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  CompileJob job(fuzz::FuzzLimits());
  if (!LoadPolicies(job, "input", fuzz::InputText(data, size), PolicyFormat::Text)) return 0;
  const auto schema = LoadSchema(job, "schema", kSchema);
  CHECK(schema.has_value(), "the schema is valid");
  const bool strict = Accepts(job, *schema, {});
  const bool permissive = Accepts(job, *schema, {.mode = check::Mode::Permissive});
  CHECK(!strict || permissive, "strict checking accepts what permissive refuses");
  const bool on_level = Accepts(job, *schema, {.max_level = 1});
  CHECK(!on_level || strict, "a level accepts what strict checking refuses");
  DumpTypes(job, *schema, ast::IdConvention::Remit);
  if (const auto program = CompileProgram(job, ast::IdConvention::Remit, &*schema)) {
    CHECK(!program->environments.empty());
    fuzz::RequireProgramPrintsBack(*program, job.interner);
  }
  fuzz::RequireDiagnostics(job, !strict);
  return 0;
}
