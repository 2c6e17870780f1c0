// remit replay: the decisions of a log made again.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/replay/replay.h"
#include "runtime/audit/masked_values.h"
#include "runtime/audit/query.h"
#include "tools/remit/audit.h"

namespace remit::cli {
namespace {

struct ReplayVerbOptions {
  std::string log;
  PolicyOptions policies;
  std::string entities;
  std::vector<std::string> schema;
  EngineChoice engine = EngineChoice::Interpreter;
  ReplayOptions replay;
  audit::Query query = {.kind = "decision"};
  Format format = Format::Human;
};

struct Tally {
  uint64_t same = 0;
  uint64_t different = 0;
  uint64_t not_replayable = 0;

  void Count(Replayed::Verdict verdict) {
    switch (verdict) {
      case Replayed::Verdict::Same: ++same; return;
      case Replayed::Verdict::Different: ++different; return;
      case Replayed::Verdict::NotReplayable: ++not_replayable; return;
    }
  }
};

auto VerdictName(Replayed::Verdict verdict) -> std::string_view {
  switch (verdict) {
    case Replayed::Verdict::Same: return "same";
    case Replayed::Verdict::Different: return "different";
    case Replayed::Verdict::NotReplayable: return "notReplayable";
  }
  return "";
}

void Print(uint64_t number, const Replayed& replayed, Format format) {
  if (replayed.verdict == Replayed::Verdict::Same) return;
  const bool is_different = replayed.verdict == Replayed::Verdict::Different;
  switch (format) {
    case Format::Human:
      fmt::print("{}: {}: {}\n", number, is_different ? "different" : "not replayable", replayed.why);
      if (is_different) fmt::print("    recorded:   {}\n    recomputed: {}\n", replayed.recorded, replayed.recomputed);
      return;
    case Format::Json: {
      nlohmann::ordered_json json = {{"number", number}, {"verdict", VerdictName(replayed.verdict)}, {"why", replayed.why}};
      if (is_different) {
        json["recorded"] = nlohmann::ordered_json::parse(replayed.recorded);
        json["recomputed"] = nlohmann::ordered_json::parse(replayed.recomputed);
      }
      fmt::print("{}\n", audit::DumpJson(json));
      return;
    }
  }
}

void PrintTally(const Tally& tally, Format format) {
  switch (format) {
    case Format::Human:
      fmt::print("{} the same, {} different, {} not replayable\n", tally.same, tally.different, tally.not_replayable);
      return;
    case Format::Json:
      fmt::print(R"({{"same":{},"different":{},"notReplayable":{}}})"
                 "\n",
                 tally.same, tally.different, tally.not_replayable);
      return;
  }
}

// With the masked values that are still there. A record that misses one cannot be replayed.
auto ReplayOne(const audit::RecordView& record, audit::MaskedValues* values, RequestDecider& decider, const PolicyEnvironment& environment,
               const ReplayOptions& options) -> Replayed {
  if (record.Find(audit::Field::Masked) == nullptr) return Replay(record, decider, environment, options);
  const auto unmasked = values != nullptr ? audit::Unmask(record, *values) : std::nullopt;
  if (!unmasked) return {.verdict = Replayed::Verdict::NotReplayable, .why = "values of it are masked and were erased"};
  return Replay(unmasked->view, decider, environment, options);
}

auto Run(const ReplayVerbOptions& options) -> ExitCode {
  const auto native = CompilerFor(options.engine);
  if (!native) return ReportError(native.error(), options.format);
  CompileJob job(options.policies.limits);
  const auto environment = LoadEnvironment(job, options.policies, options.entities, options.schema, options.format);
  if (!environment) return kFailed;
  const PolicyEnvironment decided = {.program = environment->program,
                                     .entities = environment->entities,
                                     .interner = job.interner,
                                     .schema = environment->schema ? &*environment->schema : nullptr,
                                     .native = *native};
  RequestDecider decider(decided, options.policies.limits);
  auto values = audit::MaskedValues::Open(options.log, audit::MaskedValues::Mode::Read);
  Tally tally;
  const auto read = audit::RunQuery(options.log, options.query, [&](uint64_t number, const audit::RecordView& record) {
    const auto replayed = ReplayOne(record, values ? values->get() : nullptr, decider, decided, options.replay);
    tally.Count(replayed.verdict);
    Print(number, replayed, options.format);
  });
  if (!read) return ReportError(read.error(), options.format);
  PrintTally(tally, options.format);
  return tally.different == 0 ? kDone : kNegative;
}

}  // namespace

void AddReplay(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("replay", "Make the decisions of an audit log again, and say which come out differently");
  auto options = std::make_shared<ReplayVerbOptions>();
  AddLogArgument(*verb, options->log);
  AddPolicyOptions(*verb, options->policies);
  verb->add_option("-e,--entities", options->entities, "Entities as JSON, as they were then")->option_text("FILE");
  AddSchemaOption(*verb, options->schema);
  verb->add_option("--policy-version", options->replay.version, "What the log calls these policies: others' decisions are left out")
      ->option_text("HEX");
  verb->add_flag("--any-version", options->replay.any_version, "Decisions of other versions, too: what these policies would have said");
  verb->add_option("--first", options->query.first, "From the record of this number on")->option_text("NUMBER");
  verb->add_option("--limit", options->query.limit, "At most so many decisions")->option_text("COUNT");
  AddEngineOption(*verb, options->engine);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 none came out differently, 1 some did, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
