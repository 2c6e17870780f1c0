/* Remit's C API: policies decided in your own process.
 *
 * An engine holds policies and entities; each thread that decides has a session of it; a request may be prepared once and decided many times.
 * Everything here is a handle with functions, so that the library can change behind it: structs that are passed are either of a fixed shape
 * for good (remit_string, remit_uid) or begin with their own size. The tempting alternative, structs all the way, would freeze the engine's.
 *
 * Strings are (data, size) and UTF-8. What goes in is copied unless it says otherwise; what comes out belongs to the handle that gave it and is
 * not terminated by a NUL. A string that was not given is {NULL, 0}.
 *
 * Failures. Functions that may fail return REMIT_OK or why they did not, and then change nothing else. Where there is a last argument
 * `remit_error **error` it may be NULL; otherwise it receives an error for the caller to free, or NULL. Nothing is thrown, nothing is printed,
 * there is no global state. A NULL where a handle is needed, or a handle of another engine, is REMIT_INVALID_ARGUMENT.
 *
 * Ownership. What a function ending in `_new`, `_from_json` or `_copy` gives is freed by the caller with the function ending in `_free` of the
 * same name, which accepts NULL. Handles may be freed in any order: what another one still needs stays until that one is freed too.
 *
 * Threads. An engine may be used by any number of threads at once. Every other handle belongs to one thread at a time: it may move between
 * threads, but two must not use it at once. Changes to an engine wait for one another, decisions wait for nobody.
 *
 * Versions. Within one major version functions, constants and members of structs are only added. A struct filled by a newer header is
 * refused by an older library if it sets what the library does not know. */
#ifndef REMIT_REMIT_H
#define REMIT_REMIT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define REMIT_VERSION_MAJOR 0
#define REMIT_VERSION_MINOR 1
#define REMIT_VERSION_PATCH 0

#if defined(__GNUC__)
#define REMIT_API __attribute__((visibility("default")))
#else
#define REMIT_API
#endif

#ifdef __cplusplus
#define REMIT_NOEXCEPT noexcept
extern "C" {
#else
#define REMIT_NOEXCEPT
#endif

/* ---- strings, statuses, errors ---------------------------------------------------------------------------------------------------------- */

typedef struct remit_string {
  const char* data;
  size_t size;
} remit_string;

/* Of a string that ends with NUL; NULL gives the string that is not there. */
static inline remit_string remit_str(const char* text) {
  remit_string string = {text, text == NULL ? 0 : strlen(text)};
  return string;
}

/* An entity's name: the type, such as `Acme::User`, and the id. */
typedef struct remit_uid {
  remit_string type;
  remit_string id;
} remit_uid;

typedef int32_t remit_status;
enum {
  REMIT_OK = 0,
  REMIT_INVALID_ARGUMENT = 1, /* the calling program's mistake: NULL, an option that does not exist, a handle of another engine */
  REMIT_INVALID_INPUT = 2, /* policies, a schema, a bundle, entities or a request that is refused; the error says what and where */
  REMIT_UNSUPPORTED = 3, /* not in this build of the library */
  REMIT_OUT_OF_MEMORY = 4,
  REMIT_INTERNAL = 5, /* a mistake of the library */
  REMIT_UNAVAILABLE = 6 /* the store of a ledger cannot be reached, or is busy: nothing was decided; ask again */
};

/* Made by a function that failed, freed by its caller. Does not change: any number of threads may read one. */
typedef struct remit_error remit_error;

REMIT_API void remit_error_free(remit_error* error) REMIT_NOEXCEPT;

/* REMIT_OK for NULL, as every other accessor of a missing error gives what is empty. */
REMIT_API remit_status remit_error_status(const remit_error* error) REMIT_NOEXCEPT;

/* Borrowed from the error. The code is stable: "unexpected-token". Of an error with diagnostics these are the first one's. The pointer (RFC 6901)
 * is into the JSON document that is at fault, behind the document's name and `#` where a name was given; pointer and help may be empty. */
REMIT_API remit_string remit_error_code(const remit_error* error) REMIT_NOEXCEPT;
REMIT_API remit_string remit_error_message(const remit_error* error) REMIT_NOEXCEPT;
REMIT_API remit_string remit_error_pointer(const remit_error* error) REMIT_NOEXCEPT;
REMIT_API remit_string remit_error_help(const remit_error* error) REMIT_NOEXCEPT;

/* For people: every diagnostic with its place and the line of source it is about. Borrowed. */
REMIT_API remit_string remit_error_text(const remit_error* error) REMIT_NOEXCEPT;

/* {"status", "code", "message", "help"?, "pointer"?, "diagnostics": [{"code", "severity", "message", "help"?, "file"?, "span": {"start", "end",
 * "line", "column", "endLine", "endColumn"}?, "pointer"?}]}. Borrowed. */
REMIT_API remit_string remit_error_json(const remit_error* error) REMIT_NOEXCEPT;

typedef int32_t remit_severity;
enum { REMIT_ERROR = 0, REMIT_WARNING = 1 };

/* One diagnostic. The caller sets `size`; strings are borrowed from the error. `file` is empty and the numbers are 0 where there is no place;
 * offsets count bytes, lines and columns count from 1, columns in code points. */
typedef struct remit_diagnostic {
  size_t size;
  remit_severity severity;
  uint32_t begin, end;
  uint32_t line, column, end_line, end_column;
  remit_string code, message, help, pointer, file;
  remit_string text; /* as in remit_error_text */
} remit_diagnostic;

REMIT_API size_t remit_error_diagnostic_count(const remit_error* error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_error_diagnostic(const remit_error* error, size_t index, remit_diagnostic* diagnostic) REMIT_NOEXCEPT;

/* ---- the engine ------------------------------------------------------------------------------------------------------------------------- */

/* Policies, schema and entities at a moment, and the native code for them. Threads: any number at once, for every function of an engine but the one that
 * frees the handle. */
typedef struct remit_engine remit_engine;

/* When native code is made. */
typedef int32_t remit_tier;
enum {
  REMIT_TIER_DEFAULT = 0, /* background, or the interpreter in a library without a compiler of native code */
  REMIT_TIER_INTERPRETER = 1, /* never */
  REMIT_TIER_BACKGROUND = 2, /* in a thread of the engine's, while the interpreter decides */
  REMIT_TIER_EAGER = 3 /* before anything is decided, by the thread that loads or asks first */
};

/* What input may cost. 0: the default. */
typedef struct remit_limits {
  size_t size;
  uint64_t max_source_bytes; /* of one policy or schema file */
  uint64_t max_json_bytes; /* of one JSON document */
  uint64_t max_request_bytes; /* of one request as JSON */
  uint32_t max_nesting; /* of brackets in policy text */
  uint32_t max_json_depth; /* of arrays and objects in JSON, and of records and sets in remit_record */
  uint64_t max_loop_work; /* of one policy's evaluation: elements that `any` and `all` visit */
  uint32_t max_diagnostics; /* that are kept of one load */
  uint32_t max_statement_tokens; /* of one statement of policy text */
} remit_limits;

typedef struct remit_engine_options {
  size_t size;
  remit_tier tier;
  const remit_limits* limits; /* NULL: the defaults */
  /* Not 0: a `forbid` that cannot be evaluated denies, in all that the engine loads from source. 0: it is skipped, as in Cedar. A bundle keeps what it
   * was built with. */
  uint32_t forbid_errors_deny;
} remit_engine_options;

#define REMIT_LIMITS_INIT {sizeof(remit_limits), 0, 0, 0, 0, 0, 0, 0, 0}
#define REMIT_ENGINE_OPTIONS_INIT {sizeof(remit_engine_options), REMIT_TIER_DEFAULT, NULL, 0}

/* An engine without policies, which denies everything. `options` may be NULL. */
REMIT_API remit_status remit_engine_new(const remit_engine_options* options, remit_engine** engine, remit_error** error) REMIT_NOEXCEPT;

/* Sessions and requests of the engine stay usable; it goes with the last of them. */
REMIT_API void remit_engine_free(remit_engine* engine) REMIT_NOEXCEPT;

/* Waits until there is native code for everything loaded and asked for so far. REMIT_INTERNAL if some could not be made; the interpreter
 * decides in its place. */
REMIT_API remit_status remit_engine_wait_for_code(remit_engine* engine, remit_error** error) REMIT_NOEXCEPT;

/* The caller sets `size`. */
typedef struct remit_statistics {
  size_t size;
  uint64_t snapshot; /* counts up with every change */
  uint64_t policies; /* policies and links */
  uint64_t entities; /* with the schema's actions */
  uint64_t policy_bytes; /* of memory */
  uint64_t entity_bytes;
  uint64_t symbol_bytes; /* names and ids, which are kept as long as the engine */
} remit_statistics;

REMIT_API remit_status remit_engine_statistics(remit_engine* engine, remit_statistics* statistics, remit_error** error) REMIT_NOEXCEPT;

/* ---- policies, schema, entities: from source -------------------------------------------------------------------------------------------- */

/* Texts that are loaded together. Names are for messages and may be anything. Texts are copied, and looked at when they are loaded. Threads: one at a time;
 * loading counts. It is of no engine. */
typedef struct remit_sources remit_sources;

typedef int32_t remit_policy_format;
enum {
  REMIT_POLICIES_AS_TEXT = 0,
  REMIT_POLICIES_AS_JSON = 1 /* a policy, a template or a policy set in Cedar's JSON */
};

REMIT_API remit_status remit_sources_new(remit_sources** sources, remit_error** error) REMIT_NOEXCEPT;
REMIT_API void remit_sources_free(remit_sources* sources) REMIT_NOEXCEPT;

/* One of any number of files, in the order in which policies are numbered. */
REMIT_API remit_status remit_sources_add_policies(remit_sources* sources, remit_string name, remit_string text, remit_policy_format format,
                                                  remit_error** error) REMIT_NOEXCEPT;

/* Template links: a JSON array of {"templateId", "newId", "values"}. */
REMIT_API remit_status remit_sources_add_links(remit_sources* sources, remit_string name, remit_string json,
                                               remit_error** error) REMIT_NOEXCEPT;

/* Cedar's schema syntax or its JSON. Several files make one schema together. */
REMIT_API remit_status remit_sources_add_schema(remit_sources* sources, remit_string name, remit_string text,
                                                remit_error** error) REMIT_NOEXCEPT;

/* A JSON array of entities. Several documents make one set; an entity may occur twice only if nothing differs. */
REMIT_API remit_status remit_sources_add_entities(remit_sources* sources, remit_string name, remit_string json,
                                                  remit_error** error) REMIT_NOEXCEPT;

/* What a policy without an explicit id is called. */
typedef int32_t remit_id_convention;
enum {
  REMIT_IDS_BY_ANNOTATION = 0, /* its `@id`, else its position */
  REMIT_IDS_BY_POSITION = 1 /* `policy0`, `policy1`, as in Cedar's library */
};

/* Policies are checked against the schema, if there is one. */
typedef int32_t remit_check;
enum {
  REMIT_CHECK_STRICT = 0, /* what Cedar's strict validation refuses is refused */
  REMIT_CHECK_PERMISSIVE = 1,
  REMIT_CHECK_NONE = 2
};

typedef struct remit_load_options {
  size_t size;
  remit_id_convention ids;
  remit_check check;
  uint32_t keep_schema; /* not 0: the engine's schema stays; the sources have none */
  uint32_t drop_sources; /* not 0: no text is kept for remit_decision_explain */
  remit_error** warnings; /* not NULL: receives an error object that holds the warnings, or NULL; only if the load succeeds */
} remit_load_options;

#define REMIT_LOAD_OPTIONS_INIT {sizeof(remit_load_options), REMIT_IDS_BY_ANNOTATION, REMIT_CHECK_STRICT, 0, 0, NULL}

/* Replaces the policies and the schema, and the entities if the sources have some, in one step: no decision sees a part of it. Entities that
 * stay must conform to a new schema; its actions are added to them, those of the former one are taken away. On failure all stays as it was.
 * Decisions go on meanwhile; other changes wait, and so does making a request with names that the engine has never seen. `options` may be NULL. The sources may be loaded again, into other engines too. */
REMIT_API remit_status remit_engine_load(remit_engine* engine, const remit_sources* sources, const remit_load_options* options,
                                         remit_error** error) REMIT_NOEXCEPT;

/* Changes some policies and keeps the others, as they were compiled: the statements of `sources` replace those of the same id, in their place, or are added
 * behind all others; `removed`, which may be NULL if `removed_count` is 0, names statements that go. All in one step, or nothing. The sources have policies and
 * links of templates among these, each with its `@id` (budgets and breakers with their names), and neither schema nor entities: they are checked against the
 * engine's schema. `ids` and `keep_schema` stay at their defaults. A budget or breaker that is read by a statement which stays can neither go nor
 * come with another text; whoever adds a statement that reads one gives its text again. Texts that no statement is in any more are given back.
 * REMIT_INVALID_INPUT, among others: "missing-id", "state-is-read". */
REMIT_API remit_status remit_engine_change_policies(remit_engine* engine, const remit_sources* sources, const remit_string* removed,
                                                    size_t removed_count, const remit_load_options* options,
                                                    remit_error** error) REMIT_NOEXCEPT;

/* Replaces all entities by those of one JSON array. With a schema they must conform to it. */
REMIT_API remit_status remit_engine_load_entities(remit_engine* engine, remit_string name, remit_string json,
                                                  remit_error** error) REMIT_NOEXCEPT;

/* ---- policies, schema, native code: from a bundle --------------------------------------------------------------------------------------- */

/* What `remit build` wrote: everything that decides, compiled already. */
typedef struct remit_bundle_options {
  size_t size;
  const remit_sources* entities; /* not NULL: its entities replace the engine's in the same step; it has nothing else */
  remit_string sha256; /* given: the bundle's digest, 64 hexadecimal digits; one with another is refused */
  uint32_t require_code; /* not 0: one without native code is refused */
  uint32_t drop_sources; /* not 0: no text is kept for remit_decision_explain */
} remit_bundle_options;

#define REMIT_BUNDLE_OPTIONS_INIT {sizeof(remit_bundle_options), NULL, {NULL, 0}, 0, 0}

/* Replaces policies and schema as remit_engine_load does, without parsing or compiling: needs no compiler, and the native code of the bundle
 * decides from the first decision on, whatever the engine's tier. The bytes are copied, and may be anything: what is not a bundle, was made by
 * another version, for another processor, is cut short or was altered is refused with REMIT_INVALID_INPUT, a code that says which
 * (docs/bundles.md), and changes nothing. But native code that is well-formed is run as it is: a bundle from elsewhere is to be loaded with
 * the digest that was received some other way. `options` may be NULL. */
REMIT_API remit_status remit_engine_load_bundle(remit_engine* engine, remit_string bytes, const remit_bundle_options* options,
                                                remit_error** error) REMIT_NOEXCEPT;
/* The same of a file, which is mapped while it is loaded: whoever replaces it writes another file and renames that. */
REMIT_API remit_status remit_engine_load_bundle_file(remit_engine* engine, remit_string path, const remit_bundle_options* options,
                                                     remit_error** error) REMIT_NOEXCEPT;

/* ---- records ---------------------------------------------------------------------------------------------------------------------------- */

/* A record being written: a context, or an entity's attributes or tags. Values are added in any order under their keys; records and sets are
 * opened and closed, and what is added meanwhile goes into them. In a set the key is {NULL, 0}.
 *
 * The first mistake (a malformed name, text that is not UTF-8, a value without a key, an end without a begin) makes the record invalid and is told by
 * each function from then on, and in full by remit_record_check and by whatever the record is used for. A key that occurs twice is found there, too.
 *
 * Threads: one at a time; using a record as a context or in changes counts. It is of no engine and may be used with any. */
typedef struct remit_record remit_record;

REMIT_API remit_status remit_record_new(remit_record** record, remit_error** error) REMIT_NOEXCEPT;
REMIT_API void remit_record_free(remit_record* record) REMIT_NOEXCEPT;
/* Empty and valid again; keeps its memory. */
REMIT_API void remit_record_clear(remit_record* record) REMIT_NOEXCEPT;
/* Whether it is complete and valid. */
REMIT_API remit_status remit_record_check(const remit_record* record, remit_error** error) REMIT_NOEXCEPT;

REMIT_API remit_status remit_record_add_bool(remit_record* record, remit_string key, int value) REMIT_NOEXCEPT;
REMIT_API remit_status remit_record_add_long(remit_record* record, remit_string key, int64_t value) REMIT_NOEXCEPT;
REMIT_API remit_status remit_record_add_string(remit_record* record, remit_string key, remit_string value) REMIT_NOEXCEPT;
REMIT_API remit_status remit_record_add_entity(remit_record* record, remit_string key, remit_uid value) REMIT_NOEXCEPT;
/* In units of 1/10000: 1.5 is 15000. */
REMIT_API remit_status remit_record_add_decimal(remit_record* record, remit_string key, int64_t units) REMIT_NOEXCEPT;
/* Milliseconds since 1970-01-01T00:00:00Z. */
REMIT_API remit_status remit_record_add_datetime(remit_record* record, remit_string key, int64_t millis) REMIT_NOEXCEPT;
REMIT_API remit_status remit_record_add_duration(remit_record* record, remit_string key, int64_t millis) REMIT_NOEXCEPT;
/* What a constructor of Cedar's makes of a text: "ip", "decimal", "datetime", "duration". */
REMIT_API remit_status remit_record_add_extension(remit_record* record, remit_string key, remit_string constructor,
                                                  remit_string text) REMIT_NOEXCEPT;
REMIT_API remit_status remit_record_begin_record(remit_record* record, remit_string key) REMIT_NOEXCEPT;
REMIT_API remit_status remit_record_begin_set(remit_record* record, remit_string key) REMIT_NOEXCEPT;
/* Closes the record or set that was opened last. */
REMIT_API remit_status remit_record_end(remit_record* record) REMIT_NOEXCEPT;

/* ---- changes to entities ---------------------------------------------------------------------------------------------------------------- */

/* Entities to add, replace and remove. Applied in the order given: of several changes to one entity the last counts. Everything given is copied.
 * Threads: one at a time; applying counts. It is of no engine. */
typedef struct remit_changes remit_changes;

REMIT_API remit_status remit_changes_new(remit_changes** changes, remit_error** error) REMIT_NOEXCEPT;
REMIT_API void remit_changes_free(remit_changes* changes) REMIT_NOEXCEPT;
REMIT_API void remit_changes_clear(remit_changes* changes) REMIT_NOEXCEPT;

/* Adds the entity or replaces it as a whole. `attributes` and `tags` are copied and may be NULL, which is empty. */
REMIT_API remit_status remit_changes_upsert(remit_changes* changes, remit_uid uid, const remit_uid* parents, size_t parent_count,
                                            const remit_record* attributes, const remit_record* tags, remit_error** error) REMIT_NOEXCEPT;
/* The same for each entity of a JSON array. */
REMIT_API remit_status remit_changes_upsert_json(remit_changes* changes, remit_string json, remit_error** error) REMIT_NOEXCEPT;
/* Nothing if there is no such entity. Others may still name it as their parent. */
REMIT_API remit_status remit_changes_remove(remit_changes* changes, remit_uid uid, remit_error** error) REMIT_NOEXCEPT;

/* All of them in one step, or none. With a schema they must conform to it, and its actions cannot be removed. The changes may be applied
 * again. Names and ids stay in memory as long as the engine, even of entities that are removed. */
REMIT_API remit_status remit_engine_apply(remit_engine* engine, const remit_changes* changes, remit_error** error) REMIT_NOEXCEPT;

/* ---- requests --------------------------------------------------------------------------------------------------------------------------- */

/* Borrowed while the function runs that it is given to. */
typedef struct remit_request_fields {
  size_t size;
  remit_uid principal;
  remit_uid action;
  remit_uid resource;
  const remit_record* context; /* NULL: see context_json */
  remit_string context_json; /* Cedar's JSON of the context. Neither is given: an empty one */
} remit_request_fields;

/* A request whose names are looked up once. Its names and ids stay in memory as long as the engine: what is asked once and never again is better
 * decided by remit_decide_fields or remit_decide_json. With a schema a request that it does not provide for is refused, here and, if the
 * schema has changed, where the request is decided.
 *
 * Threads: one at a time; deciding counts. Any session of the same engine may decide it. */
typedef struct remit_request remit_request;

REMIT_API remit_status remit_request_new(remit_engine* engine, const remit_request_fields* fields, remit_request** request,
                                         remit_error** error) REMIT_NOEXCEPT;
/* {"principal", "action", "resource", "context"?}; a request with "entities" cannot be prepared. */
REMIT_API remit_status remit_request_from_json(remit_engine* engine, remit_string json, remit_request** request,
                                               remit_error** error) REMIT_NOEXCEPT;
REMIT_API void remit_request_free(remit_request* request) REMIT_NOEXCEPT;

/* ---- deciding --------------------------------------------------------------------------------------------------------------------------- */

/* One thread's way to decide. It keeps the policies and entities of its last decision in memory until it decides again or is released.
 *
 * Threads: one at a time, with all that is borrowed from it. */
typedef struct remit_session remit_session;
typedef struct remit_decision remit_decision;

REMIT_API remit_status remit_session_new(remit_engine* engine, remit_session** session, remit_error** error) REMIT_NOEXCEPT;
REMIT_API void remit_session_free(remit_session* session) REMIT_NOEXCEPT;
/* Lets go of policies, entities and the last decision: for a session that will not be used for a while. */
REMIT_API void remit_session_release(remit_session* session) REMIT_NOEXCEPT;
/* How many policies the interpreter has evaluated in this session because there was no native code for them. */
REMIT_API uint64_t remit_session_interpreted(const remit_session* session) REMIT_NOEXCEPT;

/* Ordered: an enforcement point that knows only yes and no asks whether it is REMIT_EXECUTE. */
typedef int32_t remit_outcome;
enum { REMIT_DENY = 0, REMIT_OBSERVE = 1, REMIT_DRAFT = 2, REMIT_APPROVE = 3, REMIT_EXECUTE = 4 };

/* Budgets, approvals and quarantine: see below. */
typedef struct remit_ledger remit_ledger;

typedef struct remit_decide_options {
  size_t size;
  uint32_t outcome_only; /* not 0: may stop as soon as the outcome is certain; determining policies and errors are not complete */
  uint32_t skip_validation; /* not 0: with a schema, requests that it does not provide for are decided too (not those prepared) */
  uint32_t has_now; /* not 0: `now()` gives the next member; otherwise it is an error */
  int64_t now_millis; /* since 1970-01-01T00:00:00Z */
  /* Not NULL: what is executed is reserved there, who must wait gets an escalation, who is quarantined is denied. Of the session's engine. Without
   * has_now the clock's time counts. The following members are of no use without it, but for `delegation`; documents have them too, and what is
   * given here takes the place of theirs, but for grants, which are added. */
  remit_ledger* ledger;
  remit_string session; /* the request's, for approvals of a session */
  remit_string request_id; /* asked again with it, the same request gets the same reservation. For one request, not for many */
  const remit_string* approvals; /* grants, as remit_approve gave them */
  size_t approval_count;
  const remit_uid* delegation; /* on whose behalf, first the origin. Not of prepared requests that are decided without a ledger */
  size_t delegation_count;
  uint32_t dry_run; /* not 0: nothing is reserved, opened or redeemed */
} remit_decide_options;

#define REMIT_DECIDE_OPTIONS_INIT {sizeof(remit_decide_options), 0, 0, 0, 0, NULL, {NULL, 0}, {NULL, 0}, NULL, 0, NULL, 0, 0}

/* Each decides on the policies and entities of this moment. `options` may be NULL. The decision belongs to the session and is valid until the
 * session is used again; remit_decision_copy keeps it. It is NULL after a failure: a request that could not be decided was not allowed.
 *
 * Once warm, deciding a prepared request allocates nothing and takes no lock. */
REMIT_API remit_status remit_decide(remit_session* session, remit_request* request, const remit_decide_options* options,
                                    const remit_decision** decision, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_decide_fields(remit_session* session, const remit_request_fields* fields, const remit_decide_options* options,
                                           const remit_decision** decision, remit_error** error) REMIT_NOEXCEPT;
/* {"principal", "action", "resource", "context"?, "entities"?, "id"?}: `entities` are added to the engine's, or override them, for this request. */
REMIT_API remit_status remit_decide_json(remit_session* session, remit_string json, const remit_decide_options* options,
                                         const remit_decision** decision, remit_error** error) REMIT_NOEXCEPT;

/* The outcome alone, of many prepared requests; `outcomes` has room for `count`. Stops at the first that fails: it and those after it are
 * denied, and the error's pointer is its position. */
REMIT_API remit_status remit_decide_batch(remit_session* session, remit_request* const* requests, size_t count,
                                          const remit_decide_options* options, remit_outcome* outcomes, remit_error** error) REMIT_NOEXCEPT;

/* The same with everything there is to know: `visit` is called after each, in order. A request that fails has no decision but an error, both
 * borrowed for the call, and the others are decided all the same. `visit` must not use the session, must return, and stops the batch by not
 * returning 0. */
typedef int (*remit_decision_visitor)(void* user, size_t index, const remit_decision* decision, const remit_error* error);
REMIT_API remit_status remit_decide_each(remit_session* session, remit_request* const* requests, size_t count,
                                         const remit_decide_options* options, remit_decision_visitor visit, void* user,
                                         remit_error** error) REMIT_NOEXCEPT;

/* One request as JSON each line, to one answer as JSON each line (see remit_decision_json). What cannot be decided is answered with "deny" and
 * {"refused": {"code", "message", "pointer"}}; empty lines are passed over; a request without "id" has the number of its line. The answers are
 * the session's, valid until it is used again. */
REMIT_API remit_status remit_decide_json_lines(remit_session* session, remit_string lines, const remit_decide_options* options,
                                               remit_string* answers, remit_error** error) REMIT_NOEXCEPT;

/* ---- decisions -------------------------------------------------------------------------------------------------------------------------- */

/* REMIT_DENY of NULL. */
REMIT_API remit_outcome remit_decision_outcome(const remit_decision* decision) REMIT_NOEXCEPT;
/* "execute" */
REMIT_API remit_string remit_outcome_name(remit_outcome outcome) REMIT_NOEXCEPT;

/* The ids of the policies that led to the outcome, in the order of the policies. Empty strings beyond the count. Borrowed. */
REMIT_API size_t remit_decision_determining_count(const remit_decision* decision) REMIT_NOEXCEPT;
REMIT_API remit_string remit_decision_determining(const remit_decision* decision, size_t index) REMIT_NOEXCEPT;

/* A policy that could not be evaluated. The caller sets `size`; strings are borrowed from the decision. */
typedef struct remit_evaluation_error {
  size_t size;
  remit_string policy;
  remit_string code; /* stable: "type-error" */
  remit_string message;
  remit_string help; /* may be empty */
} remit_evaluation_error;

REMIT_API size_t remit_decision_error_count(const remit_decision* decision) REMIT_NOEXCEPT;
REMIT_API remit_status remit_decision_error(const remit_decision* decision, size_t index, remit_evaluation_error* evaluation_error,
                                            remit_error** error) REMIT_NOEXCEPT;

/* What was reserved with the decision, to be settled; empty if nothing was. Borrowed. */
REMIT_API remit_string remit_decision_reservation(const remit_decision* decision) REMIT_NOEXCEPT;
/* Until when it holds, in milliseconds; 0 if nothing was reserved. Whether it is that of an earlier request with the same request id. */
REMIT_API int64_t remit_decision_reservation_expires(const remit_decision* decision) REMIT_NOEXCEPT;
REMIT_API int remit_decision_is_repeated(const remit_decision* decision) REMIT_NOEXCEPT;

/* What must be carried out by whoever executes: the record of a satisfied statement's `oblige`, as JSON. The caller sets `size`; borrowed. */
typedef struct remit_obligation {
  size_t size;
  remit_string policy;
  remit_string json;
} remit_obligation;

REMIT_API size_t remit_decision_obligation_count(const remit_decision* decision) REMIT_NOEXCEPT;
REMIT_API remit_status remit_decision_obligation(const remit_decision* decision, size_t index, remit_obligation* obligation,
                                                 remit_error** error) REMIT_NOEXCEPT;

/* An approval that REMIT_APPROVE waits for. The caller sets `size`; strings are borrowed from the decision and may be empty. */
typedef struct remit_wanted_approval {
  size_t size;
  remit_string policy;
  int64_t quorum;
  int64_t uses;
  int64_t lasts_millis; /* from the opening of the escalation */
  remit_string escalation; /* the id to approve or deny; empty without a ledger, or if it could not be opened */
  int64_t expires_millis; /* of the escalation */
  remit_string code, message; /* why what was presented does not lift the cap, or why no escalation was opened */
} remit_wanted_approval;

REMIT_API size_t remit_decision_approval_count(const remit_decision* decision) REMIT_NOEXCEPT;
REMIT_API remit_status remit_decision_approval(const remit_decision* decision, size_t index, remit_wanted_approval* approval,
                                               remit_error** error) REMIT_NOEXCEPT;

/* {"id"?, "decision": "allow"|"deny", "outcome", "reason": [ids], "errors": [{"policyId", "code", "message"}]} on one line, and where there are any
 * "obligations", "approvals", "quarantined", "reservation", "escalations", "notLifted" and "escalationErrors" (docs/cli.md). Borrowed. */
REMIT_API remit_status remit_decision_json(const remit_decision* decision, remit_string* json, remit_error** error) REMIT_NOEXCEPT;

/* Why: {"outcome", "determining": [policy], "errors": [{"policy": policy, "code", "message", "help"?, "place"?}], "policies": [{"id", "effect", "template"?,
 * "place"?, "satisfied", "scope": {"principal", "action", "resource"}, "conditions": [{"kind": "when"|"unless", "holds", "error"?: {"code", "message",
 * "help"?, "place"?}, "place"?}]}], "complete"}, where a policy is {"id", "effect", "template"?, "place"?} and a place is {"file", "span": as in
 * remit_error_json, "text"}: the statement, the condition, or the part of it that failed. There is no place where the source was JSON or was not kept.
 *
 * `policies` are evaluated again for this, condition by condition and each whatever the others come to: those whose scopes match the request
 * (at most 64), and, without their conditions, those of which one part of the scope does not (at most 16). If there are more, or more than 100,000
 * policies, `complete` is false. A copy has no `policies`. Borrowed. */
REMIT_API remit_status remit_decision_explain(const remit_decision* decision, remit_string* json, remit_error** error) REMIT_NOEXCEPT;

/* A decision of the caller's own, to be freed. It keeps the policies that decided in memory. */
REMIT_API remit_status remit_decision_copy(const remit_decision* decision, remit_decision** copy, remit_error** error) REMIT_NOEXCEPT;
/* Of copies. A session's own decision is let be. */
REMIT_API void remit_decision_free(remit_decision* decision) REMIT_NOEXCEPT;

/* ---- ledgers ---------------------------------------------------------------------------------------------------------------------------- */

/* Where decisions leave what they spend, what waits for people, and what is stopped everywhere (docs/ledger.md, docs/approvals.md). Decisions use one by
 * remit_decide_options.
 *
 * Threads: any number at once, for every function of a ledger but the one that frees it, which nothing of it may outlive but decisions. It starts no
 * thread: call remit_ledger_maintain about every second.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z; REMIT_NOW is the clock's. Amounts are as in the policies; those of decimal budgets in units of
 * 1/10000. */
#define REMIT_NOW INT64_MIN

/* A text of the caller's own: an answer, a key. Threads: any number, it does not change. */
typedef struct remit_text remit_text;
REMIT_API void remit_text_free(remit_text* text) REMIT_NOEXCEPT;
/* Borrowed from the text. Empty of NULL. */
REMIT_API remit_string remit_text_get(const remit_text* text) REMIT_NOEXCEPT;

/* What is durable when a decision is answered (docs/ledger.md, "Leases"). */
typedef int32_t remit_durability;
enum {
  REMIT_DURABLE_EACH = 0, /* each reservation */
  REMIT_DURABLE_LEASE = 1 /* what it is spent from; a killed process wastes what it had leased */
};

typedef struct remit_ledger_options {
  size_t size;
  remit_durability durability;
  uint32_t sole; /* not 0: nobody else uses the store meanwhile */
  int64_t lease_millis; /* 0: a second */
  remit_string signing_key; /* PEM of a private key, which signs grants; not given: the last approval must be given elsewhere */
  uint32_t no_escalations; /* not 0: who must wait for an approval is told so, and none is opened */
} remit_ledger_options;

#define REMIT_LEDGER_OPTIONS_INIT {sizeof(remit_ledger_options), REMIT_DURABLE_EACH, 0, 0, {NULL, 0}, 0}

/* `address`: "memory:", "sqlite:PATH", a path that ends in ".db", or "redis://[USER:PASSWORD@]HOST[:PORT][/NAME]", "rediss://.." (docs/ledger.md). Who may approve is decided by the
 * engine's policies: the shipped ones (stdlib/packs/approvals.remit, or as policies with the name "builtin:approvals" and any text) or others for
 * Remit::Action::"approve". `options` may be NULL. */
REMIT_API remit_status remit_ledger_open(remit_engine* engine, remit_string address, const remit_ledger_options* options,
                                         remit_ledger** ledger, remit_error** error) REMIT_NOEXCEPT;
/* Gives leases back. */
REMIT_API void remit_ledger_free(remit_ledger* ledger) REMIT_NOEXCEPT;
/* Expires what is due, gives idle leases back and learns what others have quarantined. REMIT_UNAVAILABLE: the last of it could not be done. */
REMIT_API remit_status remit_ledger_maintain(remit_ledger* ledger, int64_t now_millis, remit_error** error) REMIT_NOEXCEPT;

/* Keys whose grants count, besides the signing key's: PEM of public keys. A retired key's grants count if they were issued before; those of a revoked one
 * do not, nor ever again. Keys go by their ids. */
REMIT_API remit_status remit_ledger_accept_key(remit_ledger* ledger, remit_string public_key, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_ledger_retire_key(remit_ledger* ledger, remit_string key_id, int64_t at_millis,
                                               remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_ledger_revoke_key(remit_ledger* ledger, remit_string key_id, remit_error** error) REMIT_NOEXCEPT;
/* A new pair as PEM, and the id of one, of a private or a public key. */
REMIT_API remit_status remit_key_generate(remit_text** private_key, remit_text** public_key, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_key_id(remit_string key, remit_text** id, remit_error** error) REMIT_NOEXCEPT;

/* What came of a reservation. */
typedef int32_t remit_verdict;
enum { REMIT_SUCCESS = 0, REMIT_FAILURE = 1, REMIT_NOT_DISPATCHED = 2 /* gives everything back */ };

typedef struct remit_charge {
  remit_string budget;
  int64_t amount;
} remit_charge;

/* The caller sets `size`. */
typedef struct remit_settlement {
  size_t size;
  remit_verdict verdict; /* the first settlement's, whatever later ones say */
  uint32_t repeated; /* not 0: it was settled before, and nothing changed */
  uint32_t late; /* not 0: it had expired, and what expiry did was corrected */
  uint32_t overdrawn; /* not 0: more was charged than reserved */
} remit_settlement;

/* Charges what it really cost, and tells the breakers. Budgets that are not named are charged what was reserved. `settlement` may be NULL. Any ledger on
 * the store may settle what another reserved (but with REMIT_DURABLE_LEASE). */
REMIT_API remit_status remit_settle(remit_ledger* ledger, remit_string reservation, remit_verdict verdict, const remit_charge* charges,
                                    size_t charge_count, int64_t now_millis, remit_settlement* settlement,
                                    remit_error** error) REMIT_NOEXCEPT;
/* Holds on for so long from now, never shorter than before. `expires_millis` may be NULL. */
REMIT_API remit_status remit_extend(remit_ledger* ledger, remit_string reservation, int64_t hold_millis, int64_t now_millis,
                                    int64_t* expires_millis, remit_error** error) REMIT_NOEXCEPT;
/* {"stage", "verdict"?, "expiresAt", "budgets": [{"budget", "reserved", "approved", "charged", "overdraft"}]} */
REMIT_API remit_status remit_reservation(remit_ledger* ledger, remit_string reservation, remit_text** json,
                                         remit_error** error) REMIT_NOEXCEPT;
/* {"budgets": [..]} and {"breakers": [..]}, as `remit budgets --format json` prints them. */
REMIT_API remit_status remit_budgets(remit_ledger* ledger, int64_t now_millis, remit_text** json, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_breakers(remit_ledger* ledger, int64_t now_millis, remit_text** json, remit_error** error) REMIT_NOEXCEPT;

/* Who answers an escalation, and for whom, if through an agent. That it is really this person is for the caller to know. */
typedef struct remit_approver {
  size_t size;
  remit_uid person;
  const remit_uid* acting_for;
  size_t acting_for_count;
} remit_approver;

/* Each gives the escalation as JSON, as `remit escalations ID --format json` prints it; `escalation_json` may be NULL. Once enough people have approved it
 * has a "grant": a signed text that the request presents when it is decided again. */
REMIT_API remit_status remit_approve(remit_ledger* ledger, remit_string escalation, const remit_approver* approver, int64_t now_millis,
                                     remit_text** escalation_json, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_deny(remit_ledger* ledger, remit_string escalation, const remit_approver* by, remit_string reason,
                                  int64_t now_millis, remit_text** escalation_json, remit_error** error) REMIT_NOEXCEPT;
/* An approval taken back, or an escalation that nobody has answered. What was redeemed stays so. */
REMIT_API remit_status remit_revoke(remit_ledger* ledger, remit_string escalation, const remit_approver* by, remit_string reason,
                                    int64_t now_millis, remit_text** escalation_json, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_escalation(remit_ledger* ledger, remit_string escalation, int64_t now_millis, remit_text** escalation_json,
                                        remit_error** error) REMIT_NOEXCEPT;
/* {"escalations": [..]}, at most `limit`. */
REMIT_API remit_status remit_escalations(remit_ledger* ledger, size_t limit, int64_t now_millis, remit_text** json,
                                         remit_error** error) REMIT_NOEXCEPT;

/* Nothing may be done by the entity, with it or to it from now on; others on the store learn of it when they call remit_ledger_maintain. `reason` and `who`
 * may be not given. `changed`, which may be NULL, is 0 if it was quarantined already, or was not. */
REMIT_API remit_status remit_quarantine(remit_ledger* ledger, remit_uid entity, remit_string reason, remit_string who, int64_t now_millis,
                                        int* changed, remit_error** error) REMIT_NOEXCEPT;
REMIT_API remit_status remit_release(remit_ledger* ledger, remit_uid entity, int* changed, remit_error** error) REMIT_NOEXCEPT;
/* {"quarantined": [{"entity": {"type", "id"}, "reason", "who", "since"}]} */
REMIT_API remit_status remit_quarantined(remit_ledger* ledger, remit_text** json, remit_error** error) REMIT_NOEXCEPT;

/* ---- the library ------------------------------------------------------------------------------------------------------------------------ */

/* "0.1.0", of the library that is running. Static. */
REMIT_API remit_string remit_version(void) REMIT_NOEXCEPT;
/* {"version", "abi", "language", "sources", "native", "architecture", "compiler", "build"}, where `sources` says whether the library loads policies
 * from source and `native` whether it makes native code. Static. */
REMIT_API remit_string remit_build_info(void) REMIT_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* REMIT_REMIT_H */
