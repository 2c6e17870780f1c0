// remit partial: evaluates policies with what is known of a request, and prints what is left of them.
#include "compiler/driver/partial.h"

#include <fmt/format.h>

#include <memory>

#include "tools/remit/partial_options.h"

namespace remit::cli {
namespace {

struct PartialOptions {
  PartialInputs inputs;
  bool complete = false;
  Format format = Format::Human;
};

auto Run(const PartialOptions& options) -> ExitCode {
  const auto& inputs = options.inputs;
  CompileJob job(inputs.policies.limits);
  auto loaded = LoadForPartial(job, inputs, !options.complete, options.format);
  if (!loaded) return kFailed;
  Arena arena;
  const auto request = ReadPartialRequest(loaded->request, *loaded->schema, job.interner, arena, job.limits);
  if (!request) return ReportError(request.error(), options.format);

  const partial::KnownEntities entities(*loaded->entities, *loaded->schema, options.complete ? nullptr : &loaded->known);
  partial::PartialEvaluator evaluator(job.ast, loaded->ids, *loaded->typed, entities, job.interner, ForbidErrorsSetting());
  const auto answer = evaluator.Evaluate(*request);
  const auto aside = ListNotConsidered(job, loaded->ids, evaluator);
  switch (options.format) {
    case Format::Human: fmt::print("{}", PartialToText(answer, aside, job, inputs.policies.ids)); break;
    case Format::Json: fmt::print("{}\n", PartialToJson(answer, aside, job)); break;
  }
  return answer.verdict == partial::Verdict::Deny ? kNegative : kDone;
}

}  // namespace

void AddPartial(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("partial", "Evaluate policies with what is known of a request, and print what is left of them");
  auto options = std::make_shared<PartialOptions>();
  AddPartialOptions(*verb, options->inputs);
  verb->get_option("--action")->required();
  verb->add_flag(
      "--complete", options->complete,
      "The entities are all there are, and complete; else entities may leave out attrs, parents and tags, and others are unknown");
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 allowed or open, 1 denied whatever is not known, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
