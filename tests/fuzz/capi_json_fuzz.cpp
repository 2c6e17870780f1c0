// Whatever JSON a caller of the C API passes on: each entry answers or refuses, and what is refused is never allowed and changes nothing.
#include <cstdlib>
#include <memory>
#include <string_view>

#include "remit/remit.h"
#include "runtime/base/check.h"

namespace {

constexpr const char* kPolicies = R"(
@id("team") permit (principal in Team::"staff", action, resource) when { context.amount < 100 } unless { resource has secret && resource.secret };
@id("tag") permit (principal, action, resource) when { principal.hasTag("role") && principal.getTag("role") == "admin" };
@id("net") forbid (principal, action, resource) when { context has from && !context.from.isInRange(ip("10.0.0.0/8")) };
)";

constexpr const char* kSchema = R"(
entity Team;
entity User in [Team] { level?: Long } tags String;
entity Doc { secret?: Bool };
action "read", "pay" appliesTo { principal: User, resource: Doc, context: { amount: Long, from?: ipaddr } };
)";

struct Freed {
  void operator()(remit_engine* engine) const { remit_engine_free(engine); }
  void operator()(remit_session* session) const { remit_session_free(session); }
};

void Require(remit_status status) { CHECK(status == REMIT_OK); }

// With a schema and without: what is asked must not be able to change the other.
struct Subject {
  std::unique_ptr<remit_engine, Freed> engine;
  std::unique_ptr<remit_session, Freed> session;

  explicit Subject(bool with_schema) {
    remit_engine_options options = REMIT_ENGINE_OPTIONS_INIT;
    options.tier = REMIT_TIER_INTERPRETER;
    remit_engine* made = nullptr;
    Require(remit_engine_new(&options, &made, nullptr));
    engine.reset(made);
    remit_sources* sources = nullptr;
    Require(remit_sources_new(&sources, nullptr));
    Require(remit_sources_add_policies(sources, remit_str("p"), remit_str(kPolicies), REMIT_POLICIES_AS_TEXT, nullptr));
    if (with_schema) Require(remit_sources_add_schema(sources, remit_str("s"), remit_str(kSchema), nullptr));
    Require(remit_engine_load(made, sources, nullptr, nullptr));
    remit_sources_free(sources);
    remit_session* begun = nullptr;
    Require(remit_session_new(made, &begun, nullptr));
    session.reset(begun);
  }
};

// True of success; a failure says what it is. By reference: the call that sets the error is an argument beside it.
auto Answers(remit_status status, remit_error*& error) -> bool {
  CHECK((status == REMIT_OK) == (error == nullptr) && remit_error_status(error) == status);
  if (error != nullptr) {
    CHECK(status == REMIT_INVALID_INPUT || status == REMIT_INVALID_ARGUMENT);
    CHECK(remit_error_code(error).size > 0 && remit_error_json(error).size > 0 && remit_error_text(error).size > 0);
    for (size_t i = 0; i < remit_error_diagnostic_count(error); ++i) {
      remit_diagnostic row = {};
      row.size = sizeof(row);
      Require(remit_error_diagnostic(error, i, &row));
    }
  }
  remit_error_free(error);
  error = nullptr;
  return status == REMIT_OK;
}

void RequireTold(const remit_decision* decision) {
  remit_string text = {};
  Require(remit_decision_json(decision, &text, nullptr));
  Require(remit_decision_explain(decision, &text, nullptr));
  CHECK(remit_decision_outcome(decision) == REMIT_DENY || remit_decision_determining_count(decision) > 0);
}

void Decide(Subject& subject, remit_string json) {
  remit_error* error = nullptr;
  const remit_decision* decision = nullptr;
  if (Answers(remit_decide_json(subject.session.get(), json, nullptr, &decision, &error), error)) {
    RequireTold(decision);
  } else {
    CHECK(decision == nullptr && remit_decision_outcome(decision) == REMIT_DENY);
  }
  remit_string answers = {};
  Require(remit_decide_json_lines(subject.session.get(), json, nullptr, &answers, nullptr));
}

void Prepare(Subject& subject, remit_string json) {
  remit_error* error = nullptr;
  remit_request* request = nullptr;
  if (!Answers(remit_request_from_json(subject.engine.get(), json, &request, &error), error)) return;
  const remit_decision* decision = nullptr;
  if (Answers(remit_decide(subject.session.get(), request, nullptr, &decision, &error), error)) RequireTold(decision);
  remit_request_free(request);
}

auto NumberOf(Subject& subject) -> uint64_t {
  remit_statistics statistics = {};
  statistics.size = sizeof(statistics);
  Require(remit_engine_statistics(subject.engine.get(), &statistics, nullptr));
  return statistics.snapshot;
}

void Change(Subject& subject, remit_string json) {
  const uint64_t before = NumberOf(subject);
  remit_error* error = nullptr;
  bool changed = Answers(remit_engine_load_entities(subject.engine.get(), remit_str("e"), json, &error), error);
  CHECK(changed || NumberOf(subject) == before);
  remit_changes* changes = nullptr;
  Require(remit_changes_new(&changes, nullptr));
  if (Answers(remit_changes_upsert_json(changes, json, &error), error)) {
    const uint64_t loaded = NumberOf(subject);
    changed = Answers(remit_engine_apply(subject.engine.get(), changes, &error), error);
    CHECK(changed || NumberOf(subject) == loaded);
  }
  remit_changes_free(changes);
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  // Engines keep the names of what they are given.
  constexpr int kInputsOfAnEngine = 1000;
  static std::unique_ptr<Subject> subjects[2];
  static int inputs = 0;
  if (inputs++ % kInputsOfAnEngine == 0) {
    subjects[0] = std::make_unique<Subject>(false);
    subjects[1] = std::make_unique<Subject>(true);
  }
  const remit_string json = {reinterpret_cast<const char*>(data), size};
  for (auto& subject : subjects) {
    Decide(*subject, json);
    Prepare(*subject, json);
    Change(*subject, json);
    Decide(*subject, json);
  }
  return 0;
}
