#include "tests/fuzz/job.h"

#include "compiler/ast/printer.h"
#include "runtime/base/check.h"
#include "runtime/eval/interpreter.h"

namespace remit::fuzz {
namespace {

auto TestUid(Interner& interner, std::string_view type, std::string_view id) -> EntityUid {
  return {.type = interner.Intern(type), .id = interner.Intern(id)};
}

auto TestRequest(Interner& interner, Arena& arena) -> Request {
  const Field fields[] = {
      {.key = interner.Intern("n"), .value = Value::OfLong(INT64_MAX)},
      {.key = interner.Intern("s"), .value = Value::OfString("text")},
  };
  return {.principal = TestUid(interner, "User", "ana"),
          .action = TestUid(interner, "Action", "view"),
          .resource = TestUid(interner, "Photo", "beach.jpg"),
          .context = MakeRecord(arena, fields).as_record()};
}

}  // namespace

auto FuzzLimits() -> Limits {
  Limits limits;
  limits.max_source_bytes = size_t{1} << 20;
  limits.max_json_bytes = size_t{1} << 20;
  limits.max_request_bytes = size_t{1} << 20;
  return limits;
}

void RequireDiagnostics(const CompileJob& job, bool failed) {
  CHECK(!failed || job.sink.has_errors(), "a stage failed and said nothing");
  for (const auto& diagnostic : job.sink.diagnostics()) {
    CHECK(!FormatDiagnostic(diagnostic, job.sources).empty());
    CHECK(DiagnosticToJson(diagnostic, job.sources).starts_with('{'));
  }
}

void RequirePrintsBack(CompileJob& job) {
  const auto printed = PrintPolicySet(job.ast, job.interner);
  const FileId file = job.sources.Add("printed", printed);
  auto context = job.parse_context();
  ast::Ast again;
  CHECK(ParsePolicies(file, context, again), "printed text does not parse:\n" + printed);
  // Ids and links come from outside the text.
  again.explicit_ids = job.ast.explicit_ids;
  again.links = job.ast.links;
  CHECK(SameMeaning(job.ast, again), "printed text means something else:\n" + printed);
}

void RequireProgramPrintsBack(const ir::Program& program, Interner& interner) {
  const auto printed = ir::Print(program, interner);
  const auto again = ir::Parse(printed, interner);
  CHECK(again.has_value(), "a printed program does not parse: " + FormatError(again.error()) + "\n" + printed);
  CHECK(ir::Print(*again, interner) == printed, "a program prints differently after parsing:\n" + printed);
  CHECK(ir::Verify(*again).has_value() == ir::Verify(program).has_value());
}

void RequireEnds(const ir::Program& program, Interner& interner) {
  Arena arena;
  const Request request = TestRequest(interner, arena);
  auto entities = EntityStoreBuilder(interner).Build();
  CHECK(entities.has_value());
  const EvalInput input{.entities = *entities, .request = request, .interner = interner, .arena = arena};
  const auto decision = Decide(program, input);
  CHECK(!decision.allowed() || !decision.determining.empty(), "nothing allowed this request");
  for (const uint32_t policy : decision.determining) CHECK(policy < program.policies.size());
  for (const auto& error : decision.errors) CHECK(error.policy < program.policies.size() && !error.message.empty());
}

void RequireLowers(CompileJob& job, ast::IdConvention convention) {
  const auto program = CompileProgram(job, convention);
  RequireDiagnostics(job, !program.has_value());
  if (!program) return;
  RequireProgramPrintsBack(*program, job.interner);
  RequireEnds(*program, job.interner);
}

}  // namespace remit::fuzz
