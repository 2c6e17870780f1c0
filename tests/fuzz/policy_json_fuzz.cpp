// JSON policies and policy sets: refused with diagnostics, or turned into text and JSON that mean the same.
#include <nlohmann/json.hpp>

#include "compiler/est/est.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

namespace {

using namespace remit;

// Statements alone: the ids of a single policy are not part of its JSON.
void RequireJsonBack(CompileJob& job) {
  const auto ids = AssignIds(job.ast, job.interner, ast::IdConvention::Cedar);
  DiagnosticSink sink;
  for (uint32_t i = 0; i < job.ast.statements.size(); ++i) {
    const auto json = PolicyToJson(job.ast, {i}, job.interner, sink);
    CHECK(!sink.has_errors() && !json.is_null(), "a policy that came from JSON has no JSON form");
    ast::Ast again;
    auto context = job.parse_context();
    CHECK(PolicyFromJson(json.dump(), context, again).has_value(), "its JSON is refused: " + json.dump());
    DiagnosticSink second_sink;
    CHECK(PolicyToJson(again, {0}, job.interner, second_sink) == json, "its JSON changes: " + json.dump());
  }
  CHECK(ids.size() == job.ast.statements.size());
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  CompileJob job(fuzz::FuzzLimits());
  const bool read = LoadPolicies(job, "input", fuzz::InputText(data, size), PolicyFormat::Json);
  fuzz::RequireDiagnostics(job, !read);
  if (!read) return 0;
  RequireJsonBack(job);
  fuzz::RequirePrintsBack(job);
  fuzz::RequireLowers(job, ast::IdConvention::Cedar);
  return 0;
}
