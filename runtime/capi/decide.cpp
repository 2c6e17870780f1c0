// Deciding: one prepared request, one from fields, one from JSON, and many.
#include <fmt/format.h>

#include "runtime/capi/decide_options.h"
#include "runtime/capi/json_text.h"
#include "runtime/request/validate_request.h"

namespace remit::capi {
namespace {

// ---- not prepared ----------------------------------------------------------------------------------------------------

auto Begin(remit_session& session) -> const Snapshot& {
  Clear(session.decision);
  const Snapshot& snapshot = session.session.Pin();
  session.session.ResetArena();
  session.entities.reset();
  session.names.Begin(*session.engine->interner);
  return snapshot;
}

auto ReadingOptions(remit_session& session, const Snapshot& snapshot, bool validate) -> JsonOptions {
  return {.limits = session.engine->limits(),
          .schema = snapshot.policies->schema(),
          .validate_request = validate,
          .lists_values = snapshot.policies->asks_of_values(),
          .references = session.names.references()};
}

// `document`: what the request was read from, or null.
auto DecideRead(remit_session& session, const Request& request, const Options& options, const RequestDocument* document) -> Result {
  const EntityStore* entities = session.entities ? &*session.entities : nullptr;
  const bool conforms = options.validate && session.session.snapshot()->policies->schema() != nullptr;
  auto given = ReadDelegation(options, *session.names);
  if (!given) return Forward(given.error());
  const std::vector<EntityUid>& delegation = given->empty() && document != nullptr ? document->delegation : *given;
  if (options.ledger != nullptr) return DecideWithLedger(session, request, conforms, delegation, document, options);
  DecideOptions decide = options.decide;
  decide.delegation = delegation;
  const DecisionView& view = session.session.Decide(request, *session.names, entities, conforms, decide);
  Show(session.decision, *session.engine, session.session, view);
  return {};
}

auto DecideFields(remit_session& session, const remit_request_fields* fields, const Options& options) -> Result {
  const Snapshot& snapshot = Begin(session);
  auto request =
      ReadFields(fields, *session.names, session.session.arena(), ReadingOptions(session, snapshot, options.validate), &session.names);
  if (!request) return Forward(request.error());
  return DecideRead(session, *request, options, nullptr);
}

auto DecideJson(remit_session& session, std::string_view json, const Options& options) -> Result {
  const Snapshot& snapshot = Begin(session);
  const auto reading = ReadingOptions(session, snapshot, options.validate);
  auto document = ReadRequest(json, *session.names, session.session.arena(), reading, snapshot.entities.get());
  if (!document) return Fail(std::move(document.error()));
  session.entities = std::move(document->entities);
  if (auto decided = DecideRead(session, document->request, options, &*document); !decided) return decided;
  session.decision.request_id = std::move(document->id);
  return {};
}

// ---- prepared --------------------------------------------------------------------------------------------------------

// The schema is another one than the request was validated against.
auto Revalidate(const remit_session& session, RequestState& request) -> Result {
  const auto& schema = session.session.snapshot()->policies->shared_schema();
  if (schema != nullptr) {
    auto valid = ValidateRequest(*schema, *request.engine->interner, request.prepared.request());
    if (!valid) return Fail(std::move(valid.error()));
  }
  request.prepared.SetSchema(schema);
  return {};
}

auto DecidePreparedWithLedger(remit_session& session, const std::shared_ptr<RequestState>& state, const Options& options) -> Result {
  const Snapshot& snapshot = Begin(session);
  if (snapshot.policies->schema() != state->prepared.schema()) {
    if (auto valid = Revalidate(session, *state); !valid) return valid;
  }
  auto delegation = ReadDelegation(options, *session.names);
  if (!delegation) return Forward(delegation.error());
  auto decided =
      DecideWithLedger(session, state->prepared.request(), snapshot.policies->schema() != nullptr, *delegation, nullptr, options);
  session.request = state;
  return decided;
}

auto DecidePrepared(remit_session& session, const remit_request& request, const Options& options) -> Result {
  RequestState& state = *request.state;
  if (state.engine != session.engine) [[unlikely]]
    return FailArgument("the request is of another engine than the session");
  if (options.ledger != nullptr) [[unlikely]]
    return DecidePreparedWithLedger(session, request.state, options);
  if (!options.delegation.empty()) [[unlikely]]
    return FailArgument("a prepared request has no delegation without a ledger");
  while (true) {
    const DecisionView& view = session.session.Decide(state.prepared, options.decide);
    if (session.session.snapshot()->policies->schema() == state.prepared.schema()) [[likely]] {
      Show(session.decision, *session.engine, session.session, view);
      if (!view.failed.empty()) session.request = request.state;
      return {};
    }
    Clear(session.decision);
    if (auto valid = Revalidate(session, state); !valid) return valid;
  }
}

// ---- many ------------------------------------------------------------------------------------------------------------

auto FailAt(size_t index, Failure& failure) -> std::unexpected<Failure> {
  Error error{.code = std::string(failure->code),
              .message = std::string(failure->message),
              .pointer = fmt::format("/{}{}", index, failure->pointer),
              .help = std::string(failure->help)};
  return Fail(failure->status, std::move(error));
}

auto DecideBatch(remit_session& session, std::span<remit_request* const> requests, const Options& options, remit_outcome* outcomes)
    -> Result {
  for (size_t i = 0; i < requests.size(); ++i) {
    if (requests[i] == nullptr) return FailArgument(fmt::format("request {} is missing", i));
    if (auto decided = DecidePrepared(session, *requests[i], options); !decided) return FailAt(i, decided.error());
    outcomes[i] = static_cast<remit_outcome>(session.decision.outcome);
  }
  return {};
}

auto DecideEach(remit_session& session, std::span<remit_request* const> requests, const Options& options, remit_decision_visitor visit,
                void* user) -> Result {
  for (size_t i = 0; i < requests.size(); ++i) {
    auto decided = requests[i] != nullptr ? DecidePrepared(session, *requests[i], options) : FailArgument("the request is missing");
    const bool goes_on = (decided ? visit(user, i, &session.decision, nullptr) : visit(user, i, nullptr, decided.error().get())) == 0;
    if (!goes_on) return {};
  }
  return {};
}

auto IsBlank(std::string_view line) -> bool { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

void AnswerLines(remit_session& session, std::string_view lines, const Options& options) {
  std::string& out = session.answers;
  size_t number = 0;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ++number;
    if (IsBlank(line)) continue;
    auto decided = DecideJson(session, line, options);
    if (decided) {
      if (session.decision.request_id.empty()) session.decision.request_id = std::to_string(number);
      AppendAnswer(out, session.decision);
    } else {
      AppendRefusal(out, std::to_string(number), *decided.error());
    }
    out += '\n';
  }
}

// Runs `decide` with what the caller's options say. After a failure the session has no decision.
template <typename Decide>
auto Using(remit_session* session, const remit_decide_options* given, remit_error** error, Decide decide) noexcept -> remit_status {
  const remit_status status = Guarded(error, [&]() -> Result {
    if (auto complete = Require({{"session", session}}); !complete) return complete;
    Options options;
    if (auto read = ReadOptions(given, options); !read) return read;
    return decide(options);
  });
  if (status != REMIT_OK && session != nullptr) [[unlikely]]
    Clear(session->decision);
  return status;
}

// The same for one request, whose decision is given, or none.
template <typename Decide>
auto UsingForOne(remit_session* session, const remit_decide_options* given, const remit_decision** decision, remit_error** error,
                 Decide decide) noexcept -> remit_status {
  if (decision != nullptr) *decision = nullptr;
  const remit_status status = Using(session, given, error, [&](const Options& options) -> Result {
    if (auto complete = Require({{"decision", decision}}); !complete) return complete;
    return decide(options);
  });
  if (status == REMIT_OK) [[likely]]
    *decision = &session->decision;
  return status;
}

}  // namespace
}  // namespace remit::capi

using namespace remit::capi;

auto remit_decide(remit_session* session, remit_request* request, const remit_decide_options* options, const remit_decision** decision,
                  remit_error** error) noexcept -> remit_status {
  return UsingForOne(session, options, decision, error, [&](const Options& read) -> Result {
    if (auto given = Require({{"request", request}}); !given) return given;
    return DecidePrepared(*session, *request, read);
  });
}

auto remit_decide_fields(remit_session* session, const remit_request_fields* fields, const remit_decide_options* options,
                         const remit_decision** decision, remit_error** error) noexcept -> remit_status {
  return UsingForOne(session, options, decision, error, [&](const Options& read) -> Result {
    if (auto given = Require({{"fields", fields}}); !given) return given;
    return DecideFields(*session, fields, read);
  });
}

auto remit_decide_json(remit_session* session, remit_string json, const remit_decide_options* options, const remit_decision** decision,
                       remit_error** error) noexcept -> remit_status {
  return UsingForOne(session, options, decision, error, [&](const Options& read) -> Result {
    if (auto given = Require({{"json", json}}); !given) return given;
    return DecideJson(*session, View(json), read);
  });
}

auto remit_decide_batch(remit_session* session, remit_request* const* requests, size_t count, const remit_decide_options* options,
                        remit_outcome* outcomes, remit_error** error) noexcept -> remit_status {
  if (outcomes != nullptr) std::fill_n(outcomes, count, REMIT_DENY);
  return Using(session, options, error, [&](Options& read) -> Result {
    if (count == 0) return {};
    if (auto given = Require({{"requests", requests}, {"outcomes", outcomes}}); !given) return given;
    read.decide.outcome_only = true;
    return DecideBatch(*session, {requests, count}, read, outcomes);
  });
}

auto remit_decide_each(remit_session* session, remit_request* const* requests, size_t count, const remit_decide_options* options,
                       remit_decision_visitor visit, void* user, remit_error** error) noexcept -> remit_status {
  return Using(session, options, error, [&](const Options& read) -> Result {
    if (visit == nullptr) return FailArgument("`visit` is missing");
    if (count == 0) return {};
    if (auto given = Require({{"requests", requests}}); !given) return given;
    return DecideEach(*session, {requests, count}, read, visit, user);
  });
}

auto remit_decide_json_lines(remit_session* session, remit_string lines, const remit_decide_options* options, remit_string* answers,
                             remit_error** error) noexcept -> remit_status {
  return Using(session, options, error, [&](const Options& read) -> Result {
    if (auto given = Require({{"lines", lines}, {"answers", answers}}); !given) return given;
    *answers = {};
    session->answers.clear();
    AnswerLines(*session, View(lines), read);
    *answers = ToC(session->answers);
    return {};
  });
}
