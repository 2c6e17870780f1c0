// remit compile: runs the pipeline up to a stage and prints what that stage made.
#include <fmt/format.h>

#include <memory>

#include "compiler/driver/dump.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct CompileOptions {
  PolicyOptions policies;
  std::vector<std::string> schema;
  Stage stage = Stage::Ir;
};

auto Run(const CompileOptions& options) -> ExitCode {
  CompileJob job(options.policies.limits);
  std::vector<std::string> files;
  for (const auto& path : options.policies.policies) {
    const auto below = ListPolicyFiles(path);
    if (!below) return ReportError(below.error(), Format::Human);
    files.insert(files.end(), below->begin(), below->end());
  }
  std::string dump;
  switch (options.stage) {
    case Stage::Tokens:
    case Stage::Cst:
      for (const auto& file : files) {
        auto text = ReadTextFile(file, options.policies.limits.max_source_bytes);
        if (!text) return ReportError(text.error(), Format::Human);
        dump += DumpSource(job, file, std::move(*text), options.stage);
      }
      break;
    case Stage::Types: {
      if (options.schema.empty())
        return ReportError(
            {.code = "missing-schema", .message = "types come from a schema", .pointer = {}, .help = "give one with --schema"},
            Format::Human);
      if (!LoadPolicyInputs(job, options.policies, Format::Human)) return kFailed;
      const auto schema = LoadSchemaInputs(job, options.schema, Format::Human);
      if (!schema) return kFailed;
      dump = DumpTypes(job, *schema, options.policies.ids);
      break;
    }
    case Stage::Ast:
    case Stage::Ir:
    case Stage::Llvm:
    case Stage::Asm: {
      if (!LoadPolicyInputs(job, options.policies, Format::Human)) return kFailed;
      std::optional<Schema> schema;
      if (!options.schema.empty()) schema = LoadSchemaInputs(job, options.schema, Format::Human);
      if (!options.schema.empty() && !schema) return kFailed;
      auto compiled = DumpCompiled(job, schema ? &*schema : nullptr, options.policies.ids, options.stage);
      if (!compiled) return ReportError(compiled.error(), Format::Human);
      dump = std::move(*compiled);
      break;
    }
  }
  fmt::print("{}", dump);
  ReportDiagnostics(job, Format::Human);
  return job.sink.has_errors() ? kFailed : kDone;
}

}  // namespace

void AddCompile(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("compile", "Run the compiler up to a stage and print what it made");
  auto options = std::make_shared<CompileOptions>();
  AddPolicyOptions(*verb, options->policies);
  AddSchemaOption(*verb, options->schema);
  verb->add_option("--dump", options->stage,
                   "tokens, cst (parse tree), ast (syntax tree), types (for each kind of request; needs --schema), ir (decision program; "
                   "with --schema also what is left of it for each kind of request), llvm and asm (native code)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Stage>{{"tokens", Stage::Tokens},
                                                                       {"cst", Stage::Cst},
                                                                       {"ast", Stage::Ast},
                                                                       {"types", Stage::Types},
                                                                       {"ir", Stage::Ir},
                                                                       {"llvm", Stage::Llvm},
                                                                       {"asm", Stage::Asm}}))
      ->option_text("tokens|cst|ast|types|ir|llvm|asm");
  verb->footer("Exit codes: 0 done, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
