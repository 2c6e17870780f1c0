// What every verb of the command line shares: its options, its exit codes, and how it speaks.
//
// A verb is one file that adds one subcommand. Behaviour lives in the libraries; here are flags, and the words around the answers.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/files.h"
#include "compiler/driver/native.h"

namespace remit::cli {

// Documented in docs/cli.md and in `remit --help`.
enum ExitCode : int {
  kDone = 0,      // it worked, and the answer is yes: executed, passed, formatted
  kNegative = 1,  // it worked, and the answer is no: not executed, a test failed, a file would change, an evaluation error
  kFailed = 2,    // it did not work: wrong usage, unreadable or invalid input
};

enum class Format : uint8_t { Human, Json };

// Adds `--format human|json`.
void AddFormatOption(CLI::App& verb, Format& format);

// `--policies`, `--links`, `--ids`, and the limits that apply to them.
struct PolicyOptions {
  std::vector<std::string> policies;
  std::string links;
  ast::IdConvention ids = ast::IdConvention::Remit;
  Limits limits;
};
void AddPolicyOptions(CLI::App& verb, PolicyOptions& options);
void AddLimitOptions(CLI::App& verb, Limits& limits);

// `--engine interpreter|native`: what decides.
void AddEngineOption(CLI::App& verb, EngineChoice& engine);

// True for a terminal that has not asked for silence (NO_COLOR, https://no-color.org).
auto UseColor(FILE* stream) -> bool;

// `error[code]: message` on standard error, or {"error": {..}} on standard output.
auto ReportError(const Error& error, Format format) -> ExitCode;

// All diagnostics of the job: for people on standard error, as {"diagnostics": [..]} on standard output.
void ReportDiagnostics(const CompileJob& job, Format format);

// Reads the policies and links of `options` into `job`. False after reporting what went wrong.
auto LoadPolicyInputs(CompileJob& job, const PolicyOptions& options, Format format) -> bool;

// Everything a decision reads: compiled policies, entities, schema.
struct LoadedEnvironment {
  ir::Program program;
  EntityStore entities;
  std::optional<Schema> schema;
};
// Adds `-s`, `--schema`, which may be repeated: several files make one schema together.
auto AddSchemaOption(CLI::App& verb, std::vector<std::string>& schema) -> CLI::Option*;
// Reports what went wrong. `schema` is not empty.
auto ReadSchemaInputs(const std::vector<std::string>& schema, const Limits& limits, Format format)
    -> std::optional<std::vector<SchemaText>>;
auto LoadSchemaInputs(CompileJob& job, const std::vector<std::string>& schema, Format format) -> std::optional<Schema>;

// Reports what went wrong. `entities` and `schema` may be empty.
auto LoadEnvironment(CompileJob& job, const PolicyOptions& options, const std::string& entities, const std::vector<std::string>& schema,
                     Format format) -> std::optional<LoadedEnvironment>;

// Verbs set this when they have run; `main` returns it.
using ExitSlot = int;

void AddDecide(CLI::App& app, ExitSlot& exit);
void AddCheck(CLI::App& app, ExitSlot& exit);
void AddLint(CLI::App& app, ExitSlot& exit);
void AddFormat(CLI::App& app, ExitSlot& exit);
void AddTranslate(CLI::App& app, ExitSlot& exit);
void AddLink(CLI::App& app, ExitSlot& exit);
void AddEvaluate(CLI::App& app, ExitSlot& exit);
void AddCompile(CLI::App& app, ExitSlot& exit);
void AddBuild(CLI::App& app, ExitSlot& exit);
void AddInspect(CLI::App& app, ExitSlot& exit);
void AddValidateEntities(CLI::App& app, ExitSlot& exit);
void AddValidateRequest(CLI::App& app, ExitSlot& exit);
void AddSchema(CLI::App& app, ExitSlot& exit);
void AddRunTests(CLI::App& app, ExitSlot& exit);
void AddPartial(CLI::App& app, ExitSlot& exit);
void AddQuery(CLI::App& app, ExitSlot& exit);
void AddSettle(CLI::App& app, ExitSlot& exit);
void AddExtend(CLI::App& app, ExitSlot& exit);
void AddEscalations(CLI::App& app, ExitSlot& exit);
void AddBudgets(CLI::App& app, ExitSlot& exit);
void AddQuarantine(CLI::App& app, ExitSlot& exit);
void AddKeys(CLI::App& app, ExitSlot& exit);
void AddServe(CLI::App& app, ExitSlot& exit);
void AddCompletions(CLI::App& app, ExitSlot& exit);

}  // namespace remit::cli
