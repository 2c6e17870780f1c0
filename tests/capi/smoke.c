/* The whole API from C, as a program of C11 that was told nothing but the header. */
#include <stdio.h>
#include <stdlib.h>

#include "remit/remit.h"

static int checks = 0;
static int failures = 0;

#define EXPECT(condition)                                               \
  do {                                                                  \
    ++checks;                                                           \
    if (!(condition)) {                                                 \
      ++failures;                                                       \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);   \
    }                                                                   \
  } while (0)

static void expect_ok(int line, remit_status status, remit_error *error) {
  ++checks;
  if (status == REMIT_OK) return;
  ++failures;
  fprintf(stderr, "%s:%d: status %d: %.*s", __FILE__, line, (int)status, (int)remit_error_text(error).size, remit_error_text(error).data);
  remit_error_free(error);
}
#define OK(call) expect_ok(__LINE__, (call), error)

static int equals(remit_string text, const char *expected) {
  return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}

static int contains(remit_string text, const char *part) {
  size_t size = strlen(part);
  size_t i;
  for (i = 0; i + size <= text.size; ++i) {
    if (memcmp(text.data + i, part, size) == 0) return 1;
  }
  return 0;
}

static remit_uid uid(const char *type, const char *id) {
  remit_uid made;
  made.type = remit_str(type);
  made.id = remit_str(id);
  return made;
}

static const char policies[] =
    "@id(\"staff\") permit (principal in Team::\"staff\", action == Action::\"read\", resource);\n"
    "@id(\"cheap\") permit (principal, action == Action::\"pay\", resource) when { context.amount < 100 };\n"
    "@id(\"frozen\") forbid (principal, action, resource) when { resource has frozen && resource.frozen };\n";

static const char entities[] =
    "[{\"uid\": {\"type\": \"User\", \"id\": \"ana\"}, \"attrs\": {}, \"parents\": [{\"type\": \"Team\", \"id\": \"staff\"}]},"
    " {\"uid\": {\"type\": \"Doc\", \"id\": \"plan\"}, \"attrs\": {\"frozen\": false}, \"parents\": []}]";

static remit_engine *new_engine(void) {
  remit_error *error = NULL;
  remit_engine *engine = NULL;
  remit_sources *sources = NULL;
  remit_engine_options options = REMIT_ENGINE_OPTIONS_INIT;
  OK(remit_engine_new(&options, &engine, &error));
  OK(remit_sources_new(&sources, &error));
  OK(remit_sources_add_policies(sources, remit_str("a.cedar"), remit_str(policies), REMIT_POLICIES_AS_TEXT, &error));
  OK(remit_sources_add_entities(sources, remit_str("entities.json"), remit_str(entities), &error));
  OK(remit_engine_load(engine, sources, NULL, &error));
  remit_sources_free(sources);
  return engine;
}

static remit_request_fields fields_of(const char *user, const char *action, const char *doc) {
  remit_request_fields fields;
  memset(&fields, 0, sizeof fields);
  fields.size = sizeof fields;
  fields.principal = uid("User", user);
  fields.action = uid("Action", action);
  fields.resource = uid("Doc", doc);
  return fields;
}

/* A request made once and decided many times, while what it is about changes. */
static void prepared_requests(remit_engine *engine, remit_session *session) {
  remit_error *error = NULL;
  remit_request *request = NULL;
  const remit_decision *decision = NULL;
  remit_decision *copy = NULL;
  remit_changes *changes = NULL;
  remit_record *attributes = NULL;
  remit_request_fields fields = fields_of("ana", "read", "plan");
  int i;
  OK(remit_request_new(engine, &fields, &request, &error));
  for (i = 0; i < 3; ++i) {
    OK(remit_decide(session, request, NULL, &decision, &error));
    EXPECT(remit_decision_outcome(decision) == REMIT_EXECUTE);
    EXPECT(remit_decision_determining_count(decision) == 1);
    EXPECT(equals(remit_decision_determining(decision, 0), "staff"));
    EXPECT(remit_decision_error_count(decision) == 0);
  }
  OK(remit_decision_copy(decision, &copy, &error));

  OK(remit_changes_new(&changes, &error));
  OK(remit_record_new(&attributes, &error));
  EXPECT(remit_record_add_bool(attributes, remit_str("frozen"), 1) == REMIT_OK);
  OK(remit_changes_upsert(changes, uid("Doc", "plan"), NULL, 0, attributes, NULL, &error));
  OK(remit_engine_apply(engine, changes, &error));
  OK(remit_decide(session, request, NULL, &decision, &error));
  EXPECT(remit_decision_outcome(decision) == REMIT_DENY);
  EXPECT(equals(remit_decision_determining(decision, 0), "frozen"));

  remit_changes_clear(changes);
  OK(remit_changes_remove(changes, uid("Doc", "plan"), &error));
  OK(remit_changes_upsert_json(changes, remit_str("[{\"uid\": {\"type\": \"User\", \"id\": \"ana\"}, \"attrs\": {}, \"parents\": []}]"), &error));
  OK(remit_engine_apply(engine, changes, &error));
  OK(remit_decide(session, request, NULL, &decision, &error));
  EXPECT(remit_decision_outcome(decision) == REMIT_DENY);
  EXPECT(remit_decision_determining_count(decision) == 0);

  EXPECT(remit_decision_outcome(copy) == REMIT_EXECUTE);
  EXPECT(equals(remit_decision_determining(copy, 0), "staff"));
  remit_decision_free(copy);
  remit_request_free(request);
  remit_changes_free(changes);
  remit_record_free(attributes);
  OK(remit_engine_load_entities(engine, remit_str("entities.json"), remit_str(entities), &error));
}

static void fields_and_contexts(remit_session *session) {
  remit_error *error = NULL;
  remit_record *context = NULL;
  const remit_decision *decision = NULL;
  remit_evaluation_error failed;
  remit_string text = {NULL, 0};
  remit_request_fields fields = fields_of("bob", "pay", "plan");
  OK(remit_record_new(&context, &error));
  EXPECT(remit_record_add_long(context, remit_str("amount"), 7) == REMIT_OK);
  fields.context = context;
  OK(remit_decide_fields(session, &fields, NULL, &decision, &error));
  EXPECT(remit_decision_outcome(decision) == REMIT_EXECUTE);

  fields.context = NULL;
  OK(remit_decide_fields(session, &fields, NULL, &decision, &error));
  EXPECT(remit_decision_outcome(decision) == REMIT_DENY);
  EXPECT(remit_decision_error_count(decision) == 1);
  failed.size = sizeof failed;
  OK(remit_decision_error(decision, 0, &failed, &error));
  EXPECT(equals(failed.policy, "cheap"));
  EXPECT(contains(failed.message, "amount"));
  OK(remit_decision_explain(decision, &text, &error));
  EXPECT(contains(text, "\"line\":2"));
  EXPECT(contains(text, "context.amount"));
  OK(remit_decision_json(decision, &text, &error));
  EXPECT(contains(text, "\"decision\":\"deny\""));

  fields.context_json = remit_str("{\"amount\": 7}");
  OK(remit_decide_fields(session, &fields, NULL, &decision, &error));
  EXPECT(remit_decision_outcome(decision) == REMIT_EXECUTE);
  remit_record_free(context);
}

static void json(remit_session *session) {
  remit_error *error = NULL;
  const remit_decision *decision = NULL;
  remit_string answers = {NULL, 0};
  const char *own_entities =
      "{\"principal\": \"User::\\\"eve\\\"\", \"action\": \"Action::\\\"read\\\"\", \"resource\": \"Doc::\\\"plan\\\"\","
      " \"entities\": [{\"uid\": {\"type\": \"User\", \"id\": \"eve\"}, \"attrs\": {}, \"parents\": [{\"type\": \"Team\", \"id\": \"staff\"}]}]}";
  OK(remit_decide_json(session, remit_str(own_entities), NULL, &decision, &error));
  EXPECT(remit_decision_outcome(decision) == REMIT_EXECUTE);
  OK(remit_decide_json_lines(
      session,
      remit_str("{\"principal\": \"User::\\\"ana\\\"\", \"action\": \"Action::\\\"read\\\"\", \"resource\": \"Doc::\\\"plan\\\"\"}\n\nnonsense\n"),
      NULL, &answers, &error));
  EXPECT(contains(answers, "{\"id\":\"1\",\"decision\":\"allow\",\"outcome\":\"execute\",\"reason\":[\"staff\"],\"errors\":[]}\n"));
  EXPECT(contains(answers, "{\"id\":\"3\",\"decision\":\"deny\""));
  EXPECT(contains(answers, "\"code\":\"invalid-json\""));
}

static int count_allowed(void *user, size_t index, const remit_decision *decision, const remit_error *error) {
  (void)index;
  (void)error;
  if (remit_decision_outcome(decision) == REMIT_EXECUTE) ++*(int *)user;
  return 0;
}

static void batches(remit_engine *engine, remit_session *session) {
  remit_error *error = NULL;
  remit_request *requests[2] = {NULL, NULL};
  remit_outcome outcomes[2] = {REMIT_EXECUTE, REMIT_EXECUTE};
  int allowed = 0;
  remit_request_fields fields = fields_of("ana", "read", "plan");
  OK(remit_request_new(engine, &fields, &requests[0], &error));
  OK(remit_request_from_json(
      engine, remit_str("{\"principal\": \"User::\\\"bob\\\"\", \"action\": \"Action::\\\"read\\\"\", \"resource\": \"Doc::\\\"plan\\\"\"}"),
      &requests[1], &error));
  OK(remit_decide_batch(session, requests, 2, NULL, outcomes, &error));
  EXPECT(outcomes[0] == REMIT_EXECUTE && outcomes[1] == REMIT_DENY);
  OK(remit_decide_each(session, requests, 2, NULL, count_allowed, &allowed, &error));
  EXPECT(allowed == 1);
  remit_request_free(requests[0]);
  remit_request_free(requests[1]);
}

static void mistakes(remit_engine *engine, remit_session *session) {
  remit_error *error = NULL;
  remit_sources *sources = NULL;
  remit_diagnostic diagnostic;
  const remit_decision *decision = NULL;
  EXPECT(remit_engine_new(NULL, NULL, NULL) == REMIT_INVALID_ARGUMENT);
  EXPECT(remit_decide(session, NULL, NULL, &decision, &error) == REMIT_INVALID_ARGUMENT);
  EXPECT(decision == NULL);
  EXPECT(contains(remit_error_message(error), "request"));
  remit_error_free(error);

  OK(remit_sources_new(&sources, &error));
  OK(remit_sources_add_policies(sources, remit_str("broken.cedar"), remit_str("permit (principal, action, resource)\nwhen { 1 + };"),
                                REMIT_POLICIES_AS_TEXT, &error));
  EXPECT(remit_engine_load(engine, sources, NULL, &error) == REMIT_INVALID_INPUT);
  EXPECT(remit_error_diagnostic_count(error) == 1);
  diagnostic.size = sizeof diagnostic;
  EXPECT(remit_error_diagnostic(error, 0, &diagnostic) == REMIT_OK);
  EXPECT(equals(diagnostic.code, "unexpected-token"));
  EXPECT(equals(diagnostic.file, "broken.cedar"));
  EXPECT(diagnostic.line == 2 && diagnostic.column == 12);
  EXPECT(contains(remit_error_json(error), "\"file\":\"broken.cedar\""));
  remit_error_free(error);
  remit_sources_free(sources);
}

/* One policy comes, and goes again. */
static void changed_policies(void) {
  remit_error *error = NULL;
  remit_engine *engine = new_engine();
  remit_sources *sources = NULL;
  const remit_string gone = remit_str("new");
  OK(remit_sources_new(&sources, &error));
  OK(remit_sources_add_policies(sources, remit_str("b.cedar"), remit_str("@id(\"new\") forbid (principal, action, resource);"),
                                REMIT_POLICIES_AS_TEXT, &error));
  OK(remit_engine_change_policies(engine, sources, NULL, 0, NULL, &error));
  remit_sources_free(sources);
  OK(remit_sources_new(&sources, &error));
  OK(remit_engine_change_policies(engine, sources, &gone, 1, NULL, &error));
  remit_sources_free(sources);
  remit_engine_free(engine);
}

/* Good ones are what bundle_test.cpp loads. */
static void bundles(remit_engine *engine) {
  remit_error *error = NULL;
  remit_bundle_options options = REMIT_BUNDLE_OPTIONS_INIT;
  EXPECT(remit_engine_load_bundle(engine, remit_str("not one"), NULL, &error) == REMIT_INVALID_INPUT);
  EXPECT(equals(remit_error_code(error), "not-a-bundle"));
  remit_error_free(error);
  options.require_code = 1;
  EXPECT(remit_engine_load_bundle_file(engine, remit_str("/nowhere/policies.rmb"), &options, &error) == REMIT_INVALID_INPUT);
  EXPECT(equals(remit_error_code(error), "cannot-read"));
  remit_error_free(error);
  options.sha256 = remit_str("short");
  EXPECT(remit_engine_load_bundle(engine, remit_str(""), &options, NULL) == REMIT_INVALID_ARGUMENT);
}

static const char spending[] =
    "permit (principal, action == Action::\"pay\", resource);\n"
    "escalate (principal, action == Action::\"pay\", resource) when { context.amount > 10 }\n"
    "  approval { by: [Team::\"staff\"], expires: duration(\"15m\") };\n"
    "budget spend (principal, action == Action::\"pay\", resource) charge { context.amount } limit { 100 };\n";

static remit_engine *spending_engine(void) {
  remit_error *error = NULL;
  remit_engine *engine = NULL;
  remit_sources *sources = NULL;
  OK(remit_sources_new(&sources, &error));
  OK(remit_sources_add_policies(sources, remit_str("spending"), remit_str(spending), REMIT_POLICIES_AS_TEXT, &error));
  OK(remit_sources_add_policies(sources, remit_str("builtin:approvals"), remit_str(""), REMIT_POLICIES_AS_TEXT, &error));
  OK(remit_sources_add_entities(sources, remit_str("entities"), remit_str(entities), &error));
  OK(remit_engine_new(NULL, &engine, &error));
  OK(remit_engine_load(engine, sources, NULL, &error));
  remit_sources_free(sources);
  return engine;
}

static const remit_decision *pay(remit_session *session, remit_ledger *ledger, const char *amount, remit_text *grant) {
  remit_error *error = NULL;
  const remit_decision *decision = NULL;
  remit_request_fields fields = {0};
  remit_decide_options options = REMIT_DECIDE_OPTIONS_INIT;
  remit_string presented = remit_text_get(grant);
  fields.size = sizeof fields;
  fields.principal = uid("User", "bob");
  fields.action = uid("Action", "pay");
  fields.resource = uid("Doc", "plan");
  fields.context_json = remit_str(amount);
  options.ledger = ledger;
  options.approvals = &presented;
  options.approval_count = grant == NULL ? 0 : 1;
  OK(remit_decide_fields(session, &fields, &options, &decision, &error));
  return decision;
}

static void ledgers(void) {
  remit_error *error = NULL;
  remit_engine *engine = spending_engine();
  remit_session *session = NULL;
  remit_ledger *ledger = NULL;
  remit_text *secret = NULL;
  remit_text *known = NULL;
  remit_text *text = NULL;
  remit_ledger_options options = REMIT_LEDGER_OPTIONS_INIT;
  remit_wanted_approval wanted;
  remit_approver ana = {0};
  remit_settlement settlement;
  remit_charge charge;
  const remit_decision *decision;
  int changed = 0;
  OK(remit_key_generate(&secret, &known, &error));
  options.signing_key = remit_text_get(secret);
  OK(remit_ledger_open(engine, remit_str("memory:"), &options, &ledger, &error));
  OK(remit_ledger_accept_key(ledger, remit_text_get(known), &error));
  OK(remit_session_new(engine, &session, &error));

  decision = pay(session, ledger, "{\"amount\": 5}", NULL);
  EXPECT(remit_decision_outcome(decision) == REMIT_EXECUTE);
  EXPECT(remit_decision_reservation(decision).size == 34);
  EXPECT(remit_decision_is_repeated(decision) == 0);
  EXPECT(remit_decision_obligation_count(decision) == 0);
  charge.budget = remit_str("spend");
  charge.amount = 4;
  settlement.size = sizeof settlement;
  OK(remit_settle(ledger, remit_decision_reservation(decision), REMIT_SUCCESS, &charge, 1, REMIT_NOW, &settlement, &error));
  EXPECT(settlement.verdict == REMIT_SUCCESS && !settlement.repeated && !settlement.late && !settlement.overdrawn);
  OK(remit_budgets(ledger, REMIT_NOW, &text, &error));
  EXPECT(contains(remit_text_get(text), "\"used\":4"));
  remit_text_free(text);

  decision = pay(session, ledger, "{\"amount\": 50}", NULL);
  EXPECT(remit_decision_outcome(decision) == REMIT_APPROVE);
  EXPECT(remit_decision_reservation(decision).size == 0);
  EXPECT(remit_decision_approval_count(decision) == 1);
  wanted.size = sizeof wanted;
  OK(remit_decision_approval(decision, 0, &wanted, &error));
  EXPECT(equals(wanted.policy, "escalate0") && wanted.quorum == 1 && wanted.escalation.size > 0);
  ana.size = sizeof ana;
  ana.person = uid("User", "ana");
  OK(remit_approve(ledger, wanted.escalation, &ana, REMIT_NOW, &text, &error));
  EXPECT(contains(remit_text_get(text), "\"state\":\"approved\""));
  remit_text_free(text);

  OK(remit_quarantine(ledger, uid("User", "bob"), remit_str("loops"), remit_str(NULL), REMIT_NOW, &changed, &error));
  EXPECT(changed);
  decision = pay(session, ledger, "{\"amount\": 5}", NULL);
  EXPECT(remit_decision_outcome(decision) == REMIT_DENY);
  OK(remit_release(ledger, uid("User", "bob"), &changed, &error));
  EXPECT(changed);
  OK(remit_ledger_maintain(ledger, REMIT_NOW, &error));
  EXPECT(remit_extend(ledger, remit_str("nothing"), 1000, REMIT_NOW, NULL, &error) == REMIT_INVALID_INPUT);
  EXPECT(equals(remit_error_code(error), "unknown-reservation"));
  remit_error_free(error);

  remit_engine_free(engine); /* before what needs it */
  remit_text_free(secret);
  remit_text_free(known);
  remit_ledger_free(ledger);
  remit_session_free(session);
}

int main(void) {
  remit_error *error = NULL;
  remit_session *session = NULL;
  remit_statistics statistics;
  remit_engine *engine = new_engine();
  OK(remit_session_new(engine, &session, &error));
  prepared_requests(engine, session);
  fields_and_contexts(session);
  json(session);
  batches(engine, session);
  mistakes(engine, session);
  changed_policies();
  bundles(engine);
  ledgers();
  OK(remit_engine_wait_for_code(engine, &error));
  statistics.size = sizeof statistics;
  OK(remit_engine_statistics(engine, &statistics, &error));
  EXPECT(statistics.policies == 3 && statistics.entities == 2);
  EXPECT(contains(remit_build_info(), "\"native\":"));
  EXPECT(equals(remit_version(), "0.1.0"));
  remit_engine_free(engine); /* before the session, which keeps what it needs */
  json(session);
  remit_session_release(session);
  remit_session_free(session);
  printf("%d passed, %d failed\n", checks - failures, failures);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
