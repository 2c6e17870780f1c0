// remit query: which principals may do it, which resources may it be done to, which actions may be done.
#include "compiler/partial/query.h"

#include <fmt/format.h>

#include <memory>

#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/entity_uid_text.h"
#include "tools/remit/decision_time.h"
#include "tools/remit/partial_options.h"
#include "tools/remit/query_answer.h"

namespace remit::cli {
namespace {

enum class Question : uint8_t { Who, What, Actions };

struct QueryOptions {
  Question question = Question::Who;
  PartialInputs inputs;
  size_t limit = SIZE_MAX;
  std::string after;
  DecisionTime time;
  Format format = Format::Human;
};

// What a question needs to be told, and what it asks for instead.
auto CheckUsage(const QueryOptions& options) -> Expected<void> {
  const auto& request = options.inputs.request;
  const auto fail = [](std::string message) {
    return std::unexpected(Error{.code = "wrong-usage", .message = std::move(message), .pointer = {}, .help = {}});
  };
  switch (options.question) {
    case Question::Who:
      if (request.action.empty() || request.resource.empty()) return fail("`who` needs --action and --resource");
      if (!request.principal.empty()) return fail("`who` asks for the principal: --principal-type is all that may be said of it");
      return {};
    case Question::What:
      if (request.action.empty() || request.principal.empty()) return fail("`what` needs --principal and --action");
      if (!request.resource.empty()) return fail("`what` asks for the resource: --resource-type is all that may be said of it");
      return {};
    case Question::Actions:
      if (request.principal.empty() || request.resource.empty()) return fail("`actions` needs --principal and --resource");
      if (!request.action.empty() || !options.after.empty() || options.limit != SIZE_MAX)
        return fail("`actions` asks for all actions: it takes no --action, --limit and --after");
      return {};
  }
  return {};
}

class QueryRunner {
 public:
  QueryRunner(const QueryOptions& options, CompileJob& job, LoadedForPartial& loaded)
      : options_(options),
        job_(job),
        loaded_(loaded),
        entities_(*loaded.entities, *loaded.schema, nullptr),
        evaluator_(job.ast, loaded.ids, *loaded.typed, entities_, job.interner, ForbidErrorsSetting()),
        subject_{.ast = job.ast,
                 .schema = *loaded.schema,
                 .entities = *loaded.entities,
                 .evaluator = evaluator_,
                 .interner = job.interner,
                 .sink = job.sink,
                 .now = options.time.Read()} {}

  auto aside() const -> std::vector<NotConsidered> { return ListNotConsidered(job_, loaded_.ids, evaluator_); }

  // An error without a code: the diagnostics say more.
  auto Run() -> Expected<QueryAnswer> {
    switch (options_.question) {
      case Question::Who: return FindEntities(partial::Role::Principal);
      case Question::What: return FindEntities(partial::Role::Resource);
      case Question::Actions: return FindActions();
    }
    return QueryAnswer{};
  }

 private:
  auto Read(const PartialInput& input) -> Expected<partial::PartialRequest> {
    return ReadPartialRequest(input, *loaded_.schema, job_.interner, arena_, job_.limits);
  }

  auto FindEntities(partial::Role role) -> Expected<QueryAnswer> {
    std::vector<partial::PartialRequest> requests;
    auto types = CandidateTypes(role);
    if (!types) return std::unexpected(types.error());
    for (const auto& type : *types) {
      PartialInput input = loaded_.request;
      (role == partial::Role::Principal ? input.principal_type : input.resource_type) = type;
      const auto request = Read(input);
      if (!request) return std::unexpected(request.error());
      requests.push_back(*request);
    }
    partial::PageOptions page = {.limit = options_.limit};
    if (!options_.after.empty()) {
      const auto after = ParseEntityUidText(options_.after, job_.interner);
      if (!after) return std::unexpected(after.error());
      page.after = *after;
    }
    auto found = partial::FindCandidates(subject_, requests, role, page);
    if (!found) return std::unexpected(Error{});
    return QueryAnswer{.found = std::move(found->found), .excluded = {}, .has_more = found->has_more};
  }

  // What is said, or all types that the action applies to.
  auto CandidateTypes(partial::Role role) -> Expected<std::vector<std::string>> {
    const bool is_who = role == partial::Role::Principal;
    const auto& said = is_who ? loaded_.request.principal_type : loaded_.request.resource_type;
    if (!said.empty()) return std::vector{said};
    const auto action = ParseEntityUidText(loaded_.request.action, job_.interner);
    const auto* decl = action ? loaded_.schema->FindAction(*action) : nullptr;
    if (decl == nullptr) return std::vector<std::string>{""};  // what is wrong is said where the request is read
    std::vector<std::string> names;
    for (const SymbolId type : is_who ? decl->principal_types : decl->resource_types) names.emplace_back(job_.interner.text(type));
    if (names.empty()) names.emplace_back();
    return names;
  }

  auto FindActions() -> Expected<QueryAnswer> {
    const auto principal = ReadUid(loaded_.request.principal, "/principal");
    if (!principal) return std::unexpected(principal.error());
    const auto resource = ReadUid(loaded_.request.resource, "/resource");
    if (!resource) return std::unexpected(resource.error());
    bool fits_any = false;
    std::optional<Error> misfit;
    const auto context_of = [&](const ActionDecl& action) -> std::optional<partial::PartialContext> {
      PartialInput input = loaded_.request;
      input.action = FormatEntityUid(action.uid, job_.interner);
      auto request = Read(input);
      fits_any |= request.has_value();
      if (request) return std::move(request->context);
      misfit = std::move(request.error());
      return std::nullopt;
    };
    auto found = partial::FindActions(subject_, *principal, *resource, context_of);
    // A context that fits no action is a mistake, not an answer.
    if (misfit && !fits_any) return std::unexpected(std::move(*misfit));
    return QueryAnswer{.found = std::move(found.found), .excluded = std::move(found.excluded)};
  }

  auto ReadUid(const std::string& text, std::string_view place) -> Expected<EntityUid> {
    auto uid = ParseEntityUidText(text, job_.interner);
    auto valid = uid ? ValidateEntity(*uid) : std::unexpected(uid.error());
    if (valid) return uid;
    valid.error().pointer = place;
    return std::unexpected(std::move(valid.error()));
  }

  auto ValidateEntity(EntityUid uid) const -> Expected<void> {
    if (loaded_.schema->FindEntityType(uid.type) != nullptr) return ValidateUid(*loaded_.schema, job_.interner, uid);
    return std::unexpected(Error{.code = "undeclared-entity-type",
                                 .message = fmt::format("type `{}` is not declared in the schema", job_.interner.text(uid.type)),
                                 .pointer = {},
                                 .help = SuggestEntityType(*loaded_.schema, uid.type, job_.interner)});
  }

  const QueryOptions& options_;
  CompileJob& job_;
  LoadedForPartial& loaded_;
  partial::KnownEntities entities_;
  partial::PartialEvaluator evaluator_;
  partial::QuerySubject subject_;
  Arena arena_;
};

auto Run(const QueryOptions& options) -> ExitCode {
  if (const auto usage = CheckUsage(options); !usage) return ReportError(usage.error(), options.format);
  CompileJob job(options.inputs.policies.limits);
  auto loaded = LoadForPartial(job, options.inputs, false, options.format);
  if (!loaded) return kFailed;
  QueryRunner runner(options, job, *loaded);
  const auto answer = runner.Run();
  if (!answer && answer.error().code.empty()) {
    ReportDiagnostics(job, options.format);
    return kFailed;
  }
  if (!answer) return ReportError(answer.error(), options.format);
  switch (options.format) {
    case Format::Human: PrintQueryAnswer(*answer, runner.aside(), job); break;
    case Format::Json: fmt::print("{}\n", QueryAnswerJson(*answer, runner.aside(), job)); break;
  }
  return answer->found.empty() ? kNegative : kDone;
}

}  // namespace

void AddQuery(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("query", "Ask who may do something, what it may be done to, or which actions may be done");
  auto options = std::make_shared<QueryOptions>();
  static const std::map<std::string, Question> kQuestions = {
      {"who", Question::Who}, {"what", Question::What}, {"actions", Question::Actions}};
  verb->add_option("question", options->question,
                   "who: principals for --action and --resource; what: resources for --principal and --action; "
                   "actions: actions for --principal and --resource")
      ->required()
      ->transform(CLI::CheckedTransformer(kQuestions))
      ->option_text("who|what|actions");
  AddPartialOptions(*verb, options->inputs);
  verb->add_option("--limit", options->limit, "At most so many entities")->option_text("N");
  verb->add_option("--after", options->after, "Go on behind this entity, the last one of an answer that was cut short")
      ->option_text("ENTITY");
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 something was found, 1 nothing was, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
