#include "compiler/driver/dump.h"

#include "compiler/ast/printer.h"
#include "compiler/parse/parse.h"

namespace remit {

auto DumpSource(CompileJob& job, const std::string& name, std::string text, Stage stage) -> std::string {
  const FileId file = job.sources.Add(name, std::move(text));
  auto context = job.parse_context();
  return stage == Stage::Tokens ? DumpTokens(file, job.sources) : DumpCst(file, context);
}

auto DumpCompiled(CompileJob& job, ast::IdConvention convention, Stage stage) -> std::string {
  if (stage == Stage::Ast) return DumpAst(job.ast, job.interner);
  const auto program = CompileProgram(job, convention);
  return program ? ir::Print(*program, job.interner) : "";
}

}  // namespace remit
