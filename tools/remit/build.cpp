// remit build: policies, schema and native code as one file that a runtime loads without compiling.
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/build_bundle.h"
#include "runtime/bundle/bundle.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct BuildVerbOptions {
  PolicyOptions policies;
  std::vector<std::string> schema;
  std::string output;
  std::string target;
  bool no_code = false;
  Format format = Format::Human;
};

// Beside the file first, so that nobody ever reads half a bundle.
auto WriteFile(const std::string& path, const std::string& bytes) -> Expected<void> {
  const std::string temporary = path + ".part";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (file && !error) return {};
  std::filesystem::remove(temporary, error);
  return std::unexpected(Error{.code = "cannot-write", .message = fmt::format("cannot write `{}`", path), .pointer = {}, .help = {}});
}

void Print(const BuiltBundle& built, const std::string& digest, const BuildVerbOptions& options) {
  if (options.format == Format::Json) {
    const nlohmann::ordered_json report = {{"file", options.output},     {"bytes", built.bytes.size()}, {"sha256", digest},
                                           {"policies", built.policies}, {"shapes", built.shapes},      {"codeBytes", built.code_bytes}};
    fmt::print("{}\n", report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{}: {} policies, {} bytes", options.output, built.policies, built.bytes.size());
  if (built.code_bytes > 0) fmt::print(", {} of them native code of {} shapes", built.code_bytes, built.shapes);
  fmt::print("\nsha256 {}\n", digest);
}

auto Run(const BuildVerbOptions& options) -> ExitCode {
  const auto native = CompilerFor(options.no_code ? EngineChoice::Interpreter : EngineChoice::Native);
  if (!native) return ReportError(native.error(), options.format);
  CompileJob job(options.policies.limits);
  if (!LoadPolicyInputs(job, options.policies, options.format)) return kFailed;
  std::optional<Schema> schema;
  if (!options.schema.empty()) {
    schema = LoadSchemaInputs(job, options.schema, options.format);
    if (!schema) return kFailed;
  }
  const auto built =
      BuildBundle(job, schema ? &*schema : nullptr, {.ids = options.policies.ids, .native = *native, .target = options.target});
  if (job.sink.has_errors() || options.format == Format::Human) ReportDiagnostics(job, options.format);
  if (!built) return ReportError(built.error(), options.format);
  if (!*built) return kFailed;
  if (const auto written = WriteFile(options.output, (*built)->bytes); !written) return ReportError(written.error(), options.format);
  const auto bundle = Bundle::Open(options.output);
  if (!bundle) return ReportError(bundle.error(), options.format);
  Print(**built, bundle->digest(), options);
  return kDone;
}

}  // namespace

void AddBuild(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("build", "Write policies, schema and native code as one bundle, which a runtime loads without compiling");
  auto options = std::make_shared<BuildVerbOptions>();
  AddPolicyOptions(*verb, options->policies);
  AddSchemaOption(*verb, options->schema);
  verb->add_option("-o,--output", options->output, "The bundle")->required()->option_text("FILE");
  verb->add_option("--target", options->target, "Processor of the native code: x86-64, x86-64-v2, x86-64-v3; this machine's if left out")
      ->option_text("NAME");
  verb->add_flag("--no-code", options->no_code, "Leave native code out: whoever loads the bundle interprets it, or compiles");
  AddFormatOption(*verb, options->format);
  verb->footer("The same input makes the same bytes. Exit codes: 0 written, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
