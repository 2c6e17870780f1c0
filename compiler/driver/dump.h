// What each stage of the compiler made, as text.
#pragma once

#include <string>

#include "compiler/driver/compile_job.h"
#include "runtime/base/error.h"

namespace remit {

enum class Stage : uint8_t { Tokens, Cst, Ast, Types, Ir, Llvm, Asm };

// Tokens and Cst, which exist file by file.
auto DumpSource(CompileJob& job, const std::string& name, std::string text, Stage stage) -> std::string;

// Ast, Ir, and Llvm and Asm (native code of each shape of policy bodies), of everything loaded into the job; with a schema, of what it leaves for
// each kind of request too. An error if this build has no native engine; empty after reporting that there is no program.
auto DumpCompiled(CompileJob& job, const Schema* schema, ast::IdConvention convention, Stage stage) -> Expected<std::string>;

// Types: for each statement the requests it can be satisfied for, and its expressions with their types there.
auto DumpTypes(CompileJob& job, const Schema& schema, ast::IdConvention convention) -> std::string;

}  // namespace remit
