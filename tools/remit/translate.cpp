// remit translate: policy text to JSON policies and back.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/ast/printer.h"
#include "compiler/est/est.h"
#include "compiler/project/choices.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

enum class Target : uint8_t { Auto, Text, Json };

struct TranslateOptions {
  std::string path;
  Target target = Target::Auto;
  bool single = false;
  bool keep_ids = false;
  ast::IdConvention ids = ast::IdConvention::Cedar;
  Limits limits;
};

auto PrintJson(CompileJob& job, const TranslateOptions& options) -> ExitCode {
  nlohmann::ordered_json json;
  if (options.single) {
    if (job.ast.statements.size() != 1) {
      return ReportError({.code = "not-single",
                          .message = fmt::format("--single wants one policy, the input has {}", job.ast.statements.size()),
                          .pointer = {},
                          .help = {}},
                         Format::Human);
    }
    json = PolicyToJson(job.ast, {0}, job.interner, job.sink);
  } else {
    json = PolicySetToJson(job.ast, StatementIds(job, options.ids), job.interner, job.sink);
  }
  ReportDiagnostics(job, Format::Human);
  if (job.sink.has_errors()) return kFailed;
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  return kDone;
}

// The keys of a JSON policy set would be lost in text; `@id` keeps them where the policy has none.
void AnnotateIds(CompileJob& job) {
  auto& ast = job.ast;
  for (size_t i = 0; i < ast.explicit_ids.size(); ++i) {
    if (!ast.explicit_ids[i].has_value() || FindAnnotation(ast.statements[i], job.interner, "id") != nullptr) continue;
    auto& annotations = ast.statements[i].annotations;
    annotations.insert(annotations.begin(), {.key = job.interner.Intern("id"), .value = ast.explicit_ids[i], .span = {}});
  }
}

auto PrintText(CompileJob& job, const TranslateOptions& options) -> ExitCode {
  if (!job.ast.links.empty()) {
    return ReportError({.code = "links-have-no-text",
                        .message = fmt::format("the policy set has {} template links, which policy text cannot hold", job.ast.links.size()),
                        .pointer = "/templateLinks",
                        .help = "`remit link` prints linked policies as text"},
                       Format::Human);
  }
  for (const auto& expr : job.ast.exprs) {
    const auto* unknown = std::get_if<ast::UnknownCall>(&expr.node);
    if (unknown == nullptr) continue;
    return ReportError({.code = "unknown-function",
                        .message = fmt::format("there is no function `{}`, so this policy cannot be written as text",
                                               job.interner.text(unknown->function)),
                        .pointer = {},
                        .help = {}},
                       Format::Human);
  }
  if (options.keep_ids) AnnotateIds(job);
  fmt::print("{}", ast::PrintPolicySet(job.ast, job.interner));
  return kDone;
}

auto Run(const TranslateOptions& options) -> ExitCode {
  auto text = ReadTextFile(options.path, options.limits.max_json_bytes);
  if (!text) return ReportError(text.error(), Format::Human);
  const auto source = GuessPolicyFormat(options.path, *text);
  CompileJob job(options.limits);
  LoadPolicies(job, options.path, std::move(*text), source);
  if (job.sink.has_errors()) {
    ReportDiagnostics(job, Format::Human);
    return kFailed;
  }
  const bool to_json = options.target == Target::Json || (options.target == Target::Auto && source == PolicyFormat::Text);
  return to_json ? PrintJson(job, options) : PrintText(job, options);
}

}  // namespace

void AddTranslate(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("translate", "Policy text to JSON policies, and back");
  auto options = std::make_shared<TranslateOptions>();
  verb->add_option("policies", options->path, "A policy file, text or JSON, or `-`")->required()->option_text("FILE");
  verb->add_option("--to", options->target, "cedar: text, json: JSON policies; the default is the other of what the input is")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Target>{{"cedar", Target::Text}, {"json", Target::Json}}))
      ->option_text("cedar|json");
  verb->add_flag("--single", options->single, "To JSON: one policy without the set around it");
  verb->add_flag("--keep-ids", options->keep_ids, "To text: write the keys of the policy set as @id");
  verb->add_option("--ids", options->ids, "To JSON: the keys of the policy set, `@id` or by position")
      ->transform(CLI::CheckedTransformer(project::ChoiceMap(project::kIdChoices)))
      ->option_text("remit|cedar");
  AddLimitOptions(*verb, options->limits);
  verb->footer("Exit codes: 0 done, 2 wrong usage or input, or a statement that has no JSON form.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
