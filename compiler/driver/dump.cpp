#include "compiler/driver/dump.h"

#include <fmt/format.h>

#include "compiler/ast/printer.h"
#include "compiler/driver/check.h"
#ifdef REMIT_JIT
#include "compiler/jit/dump.h"
#endif
#include "compiler/parse/parse.h"

namespace remit {

auto DumpSource(CompileJob& job, const std::string& name, std::string text, Stage stage) -> std::string {
  const FileId file = job.sources.Add(name, std::move(text));
  auto context = job.parse_context();
  return stage == Stage::Tokens ? DumpTokens(file, job.sources) : DumpCst(file, context);
}

auto DumpCompiled(CompileJob& job, const Schema* schema, ast::IdConvention convention, Stage stage) -> Expected<std::string> {
  if (stage == Stage::Ast) return DumpAst(job.ast, job.interner);
  const auto program = CompileProgram(job, convention, schema);
  if (!program) return "";
  if (stage == Stage::Ir) return ir::Print(*program, job.interner);
#ifdef REMIT_JIT
  return DumpNative(*program, job.interner, stage == Stage::Llvm ? NativeText::Llvm : NativeText::Assembly);
#else
  return std::unexpected(Error{.code = "no-native-engine", .message = "this build has no native engine", .pointer = {}, .help = {}});
#endif
}

namespace {

// One line: white space, which may hold line breaks, as one space.
auto OneLine(std::string_view text) -> std::string {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_space) line += c;
    if (is_space && !line.ends_with(' ')) line += ' ';
  }
  return line;
}

auto DumpEnvironment(const CompileJob& job, check::TypedPolicySet& typed, uint32_t statement, uint32_t position) -> std::string {
  const auto& environment = typed.environments()[position];
  std::string text = fmt::format("  for `{}`, {}, `{}`\n", job.interner.text(environment.principal),
                                 FormatEntityUid(environment.action->uid, job.interner), job.interner.text(environment.resource));
  const auto& types = typed.ExprTypesIn(statement, position);
  for (uint32_t i = 0; i < types.size(); ++i) {
    const Span span = job.ast.exprs[i].span;
    if (!types[i].has_value() || !span.has_place()) continue;
    text += fmt::format("    {}: {}\n", OneLine(job.sources.text(span)), typed.types().Format(types[i], job.interner));
  }
  return text;
}

}  // namespace

auto DumpTypes(CompileJob& job, const Schema& schema, ast::IdConvention convention) -> std::string {
  const auto ids = StatementIds(job, convention);
  check::TypedPolicySet typed(job.ast, ids, schema, job.sources, job.interner, {}, job.sink);
  std::string text;
  for (uint32_t i = 0; i < job.ast.statements.size(); ++i) {
    text += fmt::format("{} {}\n", StatementKeyword(job.ast.statements[i]), ids[i]);
    for (const uint32_t environment : typed.statements()[i].environments) text += DumpEnvironment(job, typed, i, environment);
  }
  return text;
}

}  // namespace remit
