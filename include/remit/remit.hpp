// Remit's C API for C++17: handles that free themselves, failures that are exceptions, strings that are string_views.
//
// Header only, over remit.h, which says what each call means. Everything is in an inline namespace of its own, so that nothing here can be taken
// for what is inside the library when that is linked statically.
//
// Threads: an Engine may be used by many at once; everything else belongs to one at a time. What is returned as std::string_view or Decision
// belongs to the object that gave it, as remit.h says.
#ifndef REMIT_REMIT_HPP
#define REMIT_REMIT_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "remit/remit.h"

namespace remit {
inline namespace cxx_api_0 {

namespace detail {

inline auto ToC(std::string_view text) -> remit_string {
  // An empty view may have no data, and a string without data would be one that was not given.
  return {text.data() != nullptr ? text.data() : "", text.size()};
}
inline auto View(remit_string text) -> std::string_view { return {text.data, text.size}; }

template <typename Handle, void (*kFree)(Handle*)>
struct Freer {
  void operator()(Handle* handle) const { kFree(handle); }
};
template <typename Handle, void (*kFree)(Handle*)>
using Owned = std::unique_ptr<Handle, Freer<Handle, kFree>>;

inline void FreeError(remit_error* error) { remit_error_free(error); }
inline void FreeEngine(remit_engine* engine) { remit_engine_free(engine); }
inline void FreeSources(remit_sources* sources) { remit_sources_free(sources); }
inline void FreeRecord(remit_record* record) { remit_record_free(record); }
inline void FreeChanges(remit_changes* changes) { remit_changes_free(changes); }
inline void FreeRequest(remit_request* request) { remit_request_free(request); }
inline void FreeSession(remit_session* session) { remit_session_free(session); }
inline void FreeDecision(remit_decision* decision) { remit_decision_free(decision); }
inline void FreeLedger(remit_ledger* ledger) { remit_ledger_free(ledger); }
inline void FreeText(remit_text* text) { remit_text_free(text); }

}  // namespace detail

struct Diagnostic {
  bool is_warning = false;
  std::string code, message, help, pointer, file;
  uint32_t begin = 0, end = 0, line = 0, column = 0, end_line = 0, end_column = 0;
};

// What a call failed with. Also what a load warned of.
class Error : public std::exception {
 public:
  // Takes the error over.
  explicit Error(remit_status status, remit_error* error)
      : status_(status), error_(error, remit_error_free), text_(detail::View(remit_error_text(error))) {
    if (text_.empty()) text_ = "remit: status " + std::to_string(status);
  }

  // Every diagnostic with its place.
  auto what() const noexcept -> const char* override { return text_.c_str(); }
  auto status() const noexcept -> remit_status { return status_; }
  auto code() const -> std::string_view { return detail::View(remit_error_code(error_.get())); }
  auto message() const -> std::string_view { return detail::View(remit_error_message(error_.get())); }
  auto pointer() const -> std::string_view { return detail::View(remit_error_pointer(error_.get())); }
  auto help() const -> std::string_view { return detail::View(remit_error_help(error_.get())); }
  auto json() const -> std::string_view { return detail::View(remit_error_json(error_.get())); }

  auto diagnostics() const -> std::vector<Diagnostic> {
    std::vector<Diagnostic> all;
    for (size_t i = 0; i < remit_error_diagnostic_count(error_.get()); ++i) {
      remit_diagnostic row = {};
      row.size = sizeof(row);
      remit_error_diagnostic(error_.get(), i, &row);
      const auto text = [](remit_string string) { return std::string(detail::View(string)); };
      all.push_back({row.severity == REMIT_WARNING, text(row.code), text(row.message), text(row.help), text(row.pointer), text(row.file),
                     row.begin, row.end, row.line, row.column, row.end_line, row.end_column});
    }
    return all;
  }

 private:
  remit_status status_;
  std::shared_ptr<remit_error> error_;  // exceptions are copied
  std::string text_;
};

namespace detail {

// Runs `call(&error)` and throws what it fails with.
template <typename Call>
void Check(Call call) {
  remit_error* error = nullptr;
  const remit_status status = call(&error);
  if (status != REMIT_OK) throw Error(status, error);
}

// The same of what makes a handle.
template <typename Owned, typename Make>
auto New(Make make) -> Owned {
  typename Owned::pointer handle = nullptr;
  Check([&](remit_error** error) { return make(&handle, error); });
  return Owned(handle);
}

}  // namespace detail

enum class Outcome : int32_t {
  Deny = REMIT_DENY,
  Observe = REMIT_OBSERVE,
  Draft = REMIT_DRAFT,
  Approve = REMIT_APPROVE,
  Execute = REMIT_EXECUTE
};

inline auto Name(Outcome outcome) -> std::string_view { return detail::View(remit_outcome_name(static_cast<remit_outcome>(outcome))); }

struct Uid {
  std::string_view type;
  std::string_view id;

  auto c() const -> remit_uid { return {detail::ToC(type), detail::ToC(id)}; }
};

// A context, or an entity's attributes or tags. Nested ones are written by functions:
//   Record().Add("amount", 7).Set("tags", [](auto& set) { set.Add("urgent"); })
class Record {
 public:
  // Elements of a set.
  class Elements {
   public:
    explicit Elements(Record& record) : record_(record) {}
    template <typename T>
    auto Add(const T& value) -> Elements& {
      record_.AddValue({nullptr, 0}, value);
      return *this;
    }
    template <typename Write>
    auto AddRecord(Write write) -> Elements& {
      record_.Nested(remit_record_begin_record, {nullptr, 0}, [&] { write(record_); });
      return *this;
    }
    template <typename Write>
    auto AddSet(Write write) -> Elements& {
      record_.Nested(remit_record_begin_set, {nullptr, 0}, [&] { write(*this); });
      return *this;
    }

   private:
    Record& record_;
  };

  Record() : record_(detail::New<Handle>([](auto** made, auto** error) { return remit_record_new(made, error); })) {}

  // bool, any integer, text, Uid, and the types below.
  template <typename T>
  auto Add(std::string_view key, const T& value) -> Record& {
    AddValue(detail::ToC(key), value);
    return *this;
  }
  // What a constructor makes of a text: AddExtension("from", "ip", "10.0.0.1").
  auto AddExtension(std::string_view key, std::string_view constructor, std::string_view text) -> Record& {
    Keep(remit_record_add_extension(get(), detail::ToC(key), detail::ToC(constructor), detail::ToC(text)));
    return *this;
  }
  auto AddDecimal(std::string_view key, int64_t units) -> Record& {
    Keep(remit_record_add_decimal(get(), detail::ToC(key), units));
    return *this;
  }
  auto AddDatetime(std::string_view key, int64_t millis) -> Record& {
    Keep(remit_record_add_datetime(get(), detail::ToC(key), millis));
    return *this;
  }
  auto AddDuration(std::string_view key, int64_t millis) -> Record& {
    Keep(remit_record_add_duration(get(), detail::ToC(key), millis));
    return *this;
  }
  // `write` is given this record, which is the nested one meanwhile.
  template <typename Write>
  auto AddRecord(std::string_view key, Write write) -> Record& {
    Nested(remit_record_begin_record, detail::ToC(key), [&] { write(*this); });
    return *this;
  }
  // `write` is given Elements.
  template <typename Write>
  auto AddSet(std::string_view key, Write write) -> Record& {
    Elements elements(*this);
    Nested(remit_record_begin_set, detail::ToC(key), [&] { write(elements); });
    return *this;
  }
  void Clear() { remit_record_clear(get()); }
  void Check() const {
    detail::Check([&](remit_error** error) { return remit_record_check(get(), error); });
  }

  auto get() const -> remit_record* { return record_.get(); }

 private:
  using Handle = detail::Owned<remit_record, detail::FreeRecord>;

  // A record remembers what is wrong with it and says so where it is used; here only memory can be short.
  static void Keep(remit_status status) {
    if (status == REMIT_OUT_OF_MEMORY) throw std::bad_alloc();
  }
  template <typename T>
  void AddValue(remit_string key, const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      Keep(remit_record_add_bool(get(), key, value ? 1 : 0));
    } else if constexpr (std::is_integral_v<T>) {
      static_assert(sizeof(T) < sizeof(int64_t) || std::is_signed_v<T>, "a long of the language has 64 bits with a sign");
      Keep(remit_record_add_long(get(), key, static_cast<int64_t>(value)));
    } else if constexpr (std::is_same_v<T, Uid>) {
      Keep(remit_record_add_entity(get(), key, value.c()));
    } else {
      Keep(remit_record_add_string(get(), key, detail::ToC(std::string_view(value))));
    }
  }
  template <typename Begin, typename Write>
  void Nested(Begin begin, remit_string key, Write write) {
    Keep(begin(get(), key));
    write();
    Keep(remit_record_end(get()));
  }

  Handle record_;
};

// Texts that are loaded together.
class Sources {
 public:
  Sources() : sources_(detail::New<Handle>([](auto** made, auto** error) { return remit_sources_new(made, error); })) {}

  auto Policies(std::string_view name, std::string_view text, remit_policy_format format = REMIT_POLICIES_AS_TEXT) -> Sources& {
    detail::Check(
        [&](remit_error** error) { return remit_sources_add_policies(get(), detail::ToC(name), detail::ToC(text), format, error); });
    return *this;
  }
  auto Links(std::string_view name, std::string_view json) -> Sources& { return Add(remit_sources_add_links, name, json); }
  auto Schema(std::string_view name, std::string_view text) -> Sources& { return Add(remit_sources_add_schema, name, text); }
  auto Entities(std::string_view name, std::string_view json) -> Sources& { return Add(remit_sources_add_entities, name, json); }

  auto get() const -> remit_sources* { return sources_.get(); }

 private:
  using Handle = detail::Owned<remit_sources, detail::FreeSources>;

  template <typename Function>
  auto Add(Function function, std::string_view name, std::string_view text) -> Sources& {
    detail::Check([&](remit_error** error) { return function(get(), detail::ToC(name), detail::ToC(text), error); });
    return *this;
  }

  Handle sources_;
};

// Entities to add, replace and remove in one step.
class Changes {
 public:
  Changes() : changes_(detail::New<Handle>([](auto** made, auto** error) { return remit_changes_new(made, error); })) {}

  auto Upsert(Uid uid, const std::vector<Uid>& parents = {}, const Record* attributes = nullptr, const Record* tags = nullptr) -> Changes& {
    std::vector<remit_uid> uids;
    for (const Uid& parent : parents) uids.push_back(parent.c());
    detail::Check([&](remit_error** error) {
      return remit_changes_upsert(get(), uid.c(), uids.data(), uids.size(), attributes != nullptr ? attributes->get() : nullptr,
                                  tags != nullptr ? tags->get() : nullptr, error);
    });
    return *this;
  }
  auto UpsertJson(std::string_view json) -> Changes& {
    detail::Check([&](remit_error** error) { return remit_changes_upsert_json(get(), detail::ToC(json), error); });
    return *this;
  }
  auto Remove(Uid uid) -> Changes& {
    detail::Check([&](remit_error** error) { return remit_changes_remove(get(), uid.c(), error); });
    return *this;
  }
  void Clear() { remit_changes_clear(get()); }

  auto get() const -> remit_changes* { return changes_.get(); }

 private:
  using Handle = detail::Owned<remit_changes, detail::FreeChanges>;
  Handle changes_;
};

struct EvaluationError {
  std::string policy, code, message, help;
};

struct Obligation {
  std::string policy, json;
};

struct WantedApproval {
  std::string policy;
  int64_t quorum = 1, uses = 1, lasts_millis = 0;
  std::string escalation;  // empty without a ledger
  int64_t expires_millis = 0;
  std::string code, message;  // why what was presented does not do, or why there is no escalation
};

// Borrowed from the session that gave it, or a copy of the caller's own: see Keep.
class Decision {
 public:
  explicit Decision(const remit_decision* decision) : decision_(decision) {}

  auto outcome() const -> Outcome { return static_cast<Outcome>(remit_decision_outcome(decision_)); }
  auto allowed() const -> bool { return outcome() == Outcome::Execute; }

  auto determining() const -> std::vector<std::string_view> {
    std::vector<std::string_view> ids(remit_decision_determining_count(decision_));
    for (size_t i = 0; i < ids.size(); ++i) ids[i] = detail::View(remit_decision_determining(decision_, i));
    return ids;
  }
  auto error_count() const -> size_t { return remit_decision_error_count(decision_); }
  auto errors() const -> std::vector<EvaluationError> {
    std::vector<EvaluationError> all;
    for (size_t i = 0; i < error_count(); ++i) {
      remit_evaluation_error row = {};
      row.size = sizeof(row);
      detail::Check([&](remit_error** error) { return remit_decision_error(decision_, i, &row, error); });
      const auto text = [](remit_string string) { return std::string(detail::View(string)); };
      all.push_back({text(row.policy), text(row.code), text(row.message), text(row.help)});
    }
    return all;
  }
  // With a ledger: what was reserved, to be settled.
  auto reservation() const -> std::string_view { return detail::View(remit_decision_reservation(decision_)); }
  auto reservation_expires() const -> int64_t { return remit_decision_reservation_expires(decision_); }
  auto is_repeated() const -> bool { return remit_decision_is_repeated(decision_) != 0; }
  auto obligations() const -> std::vector<Obligation> {
    std::vector<Obligation> all;
    for (size_t i = 0; i < remit_decision_obligation_count(decision_); ++i) {
      remit_obligation row = {};
      row.size = sizeof(row);
      detail::Check([&](remit_error** error) { return remit_decision_obligation(decision_, i, &row, error); });
      all.push_back({std::string(detail::View(row.policy)), std::string(detail::View(row.json))});
    }
    return all;
  }
  auto approvals() const -> std::vector<WantedApproval> {
    std::vector<WantedApproval> all;
    for (size_t i = 0; i < remit_decision_approval_count(decision_); ++i) {
      remit_wanted_approval row = {};
      row.size = sizeof(row);
      detail::Check([&](remit_error** error) { return remit_decision_approval(decision_, i, &row, error); });
      const auto text = [](remit_string string) { return std::string(detail::View(string)); };
      all.push_back({text(row.policy), row.quorum, row.uses, row.lasts_millis, text(row.escalation), row.expires_millis, text(row.code),
                     text(row.message)});
    }
    return all;
  }
  auto json() const -> std::string_view { return Text(remit_decision_json); }
  auto Explain() const -> std::string_view { return Text(remit_decision_explain); }
  // One that stays when the session goes on.
  auto Keep() const -> Decision {
    auto copy = detail::New<Handle>([&](auto** made, auto** error) { return remit_decision_copy(decision_, made, error); });
    Decision kept(copy.get());
    kept.owned_ = std::shared_ptr<remit_decision>(std::move(copy));
    return kept;
  }

  auto get() const -> const remit_decision* { return decision_; }

 private:
  using Handle = detail::Owned<remit_decision, detail::FreeDecision>;

  template <typename Function>
  auto Text(Function function) const -> std::string_view {
    remit_string text = {};
    detail::Check([&](remit_error** error) { return function(decision_, &text, error); });
    return detail::View(text);
  }

  const remit_decision* decision_;
  std::shared_ptr<remit_decision> owned_;
};

// A request as names and a context.
struct RequestFields {
  Uid principal;
  Uid action;
  Uid resource;
  const Record* context = nullptr;
  std::string_view context_json = {};

  auto c() const -> remit_request_fields {
    remit_request_fields fields = {};
    fields.size = sizeof(fields);
    fields.principal = principal.c();
    fields.action = action.c();
    fields.resource = resource.c();
    fields.context = context != nullptr ? context->get() : nullptr;
    if (!context_json.empty()) fields.context_json = detail::ToC(context_json);
    return fields;
  }
};

class Engine;

// Made once, decided many times.
class Request {
 public:
  Request(const Engine& engine, const RequestFields& fields);
  static auto FromJson(const Engine& engine, std::string_view json) -> Request;

  auto get() const -> remit_request* { return request_.get(); }

 private:
  using Handle = detail::Owned<remit_request, detail::FreeRequest>;
  explicit Request(Handle request) : request_(std::move(request)) {}
  Handle request_;
};

struct EngineOptions {
  remit_tier tier = REMIT_TIER_DEFAULT;
  std::optional<remit_limits> limits = std::nullopt;
  bool forbid_errors_deny = false;
};

struct LoadOptions {
  remit_id_convention ids = REMIT_IDS_BY_ANNOTATION;
  remit_check check = REMIT_CHECK_STRICT;
  bool keep_schema = false;
  bool drop_sources = false;
};

struct BundleOptions {
  const Sources* entities = nullptr;
  std::string_view sha256 = {};
  bool require_code = false;
  bool drop_sources = false;

  auto c() const -> remit_bundle_options {
    remit_bundle_options options = REMIT_BUNDLE_OPTIONS_INIT;
    options.entities = entities != nullptr ? entities->get() : nullptr;
    if (!sha256.empty()) options.sha256 = detail::ToC(sha256);
    options.require_code = require_code ? 1 : 0;
    options.drop_sources = drop_sources ? 1 : 0;
    return options;
  }
};

class Engine {
 public:
  explicit Engine(const EngineOptions& options = {}) {
    remit_engine_options c = REMIT_ENGINE_OPTIONS_INIT;
    c.tier = options.tier;
    c.limits = options.limits ? &*options.limits : nullptr;
    c.forbid_errors_deny = options.forbid_errors_deny ? 1 : 0;
    engine_ = detail::New<Handle>([&](auto** made, auto** error) { return remit_engine_new(&c, made, error); });
  }

  // What there was to warn of.
  auto Load(const Sources& sources, const LoadOptions& options = {}) -> std::vector<Diagnostic> {
    return WithWarnings(
        options, [&](const remit_load_options* c, remit_error** error) { return remit_engine_load(get(), sources.get(), c, error); });
  }
  // Statements of the sources replace those of the same id or are added; those of `removed` go. The others stay as they are.
  auto ChangePolicies(const Sources& sources, const std::vector<std::string>& removed = {}, const LoadOptions& options = {})
      -> std::vector<Diagnostic> {
    std::vector<remit_string> ids;
    for (const auto& id : removed) ids.push_back(detail::ToC(id));
    return WithWarnings(options, [&](const remit_load_options* c, remit_error** error) {
      return remit_engine_change_policies(get(), sources.get(), ids.data(), ids.size(), c, error);
    });
  }
  void LoadBundle(std::string_view bytes, const BundleOptions& options = {}) {
    const remit_bundle_options c = options.c();
    detail::Check([&](remit_error** error) { return remit_engine_load_bundle(get(), detail::ToC(bytes), &c, error); });
  }
  void LoadBundleFile(std::string_view path, const BundleOptions& options = {}) {
    const remit_bundle_options c = options.c();
    detail::Check([&](remit_error** error) { return remit_engine_load_bundle_file(get(), detail::ToC(path), &c, error); });
  }
  void LoadEntities(std::string_view name, std::string_view json) {
    detail::Check([&](remit_error** error) { return remit_engine_load_entities(get(), detail::ToC(name), detail::ToC(json), error); });
  }
  void Apply(const Changes& changes) {
    detail::Check([&](remit_error** error) { return remit_engine_apply(get(), changes.get(), error); });
  }
  void WaitForCode() {
    detail::Check([&](remit_error** error) { return remit_engine_wait_for_code(get(), error); });
  }
  auto Statistics() const -> remit_statistics {
    remit_statistics statistics = {};
    statistics.size = sizeof(statistics);
    detail::Check([&](remit_error** error) { return remit_engine_statistics(get(), &statistics, error); });
    return statistics;
  }

  auto get() const -> remit_engine* { return engine_.get(); }

 private:
  using Handle = detail::Owned<remit_engine, detail::FreeEngine>;

  template <typename Call>
  static auto WithWarnings(const LoadOptions& options, Call call) -> std::vector<Diagnostic> {
    remit_error* warnings = nullptr;
    remit_load_options c = REMIT_LOAD_OPTIONS_INIT;
    c.ids = options.ids;
    c.check = options.check;
    c.keep_schema = options.keep_schema ? 1 : 0;
    c.drop_sources = options.drop_sources ? 1 : 0;
    c.warnings = &warnings;
    detail::Check([&](remit_error** error) { return call(&c, error); });
    return warnings != nullptr ? Error(REMIT_OK, warnings).diagnostics() : std::vector<Diagnostic>{};
  }

  Handle engine_;
};

inline Request::Request(const Engine& engine, const RequestFields& fields) {
  const remit_request_fields c = fields.c();
  request_ = detail::New<Handle>([&](auto** made, auto** error) { return remit_request_new(engine.get(), &c, made, error); });
}

inline auto Request::FromJson(const Engine& engine, std::string_view json) -> Request {
  return Request(detail::New<Handle>(
      [&](auto** made, auto** error) { return remit_request_from_json(engine.get(), detail::ToC(json), made, error); }));
}

class Ledger;

// Borrows what its views and pointers are of.
struct DecideOptions {
  bool outcome_only = false;
  bool skip_validation = false;
  std::optional<int64_t> now_millis = std::nullopt;
  const Ledger* ledger = nullptr;
  std::string_view session = {};
  std::string_view request_id = {};
  std::vector<std::string> approvals = {};
  std::vector<Uid> delegation = {};
  bool dry_run = false;
};

namespace detail {

// The options as remit.h has them, with the arrays that those point into.
class DecideArguments {
 public:
  explicit DecideArguments(const DecideOptions& given);
  DecideArguments(const DecideArguments&) = delete;
  auto operator=(const DecideArguments&) -> DecideArguments& = delete;
  auto get() const -> const remit_decide_options* { return &c_; }

 private:
  remit_decide_options c_ = REMIT_DECIDE_OPTIONS_INIT;
  std::vector<remit_string> approvals_;
  std::vector<remit_uid> delegation_;
};

// What `make` gives, as a string.
template <typename Make>
auto TakeText(Make make) -> std::string {
  const auto text = New<Owned<remit_text, FreeText>>(make);
  return std::string(View(remit_text_get(text.get())));
}

}  // namespace detail

struct LedgerOptions {
  remit_durability durability = REMIT_DURABLE_EACH;
  bool sole = false;
  int64_t lease_millis = 0;
  std::string_view signing_key = {};
  bool opens_escalations = true;
};

struct Charge {
  std::string_view budget;
  int64_t amount = 0;
};

struct Approver {
  Uid person;
  std::vector<Uid> acting_for = {};
};

struct Settlement {
  remit_verdict verdict = REMIT_SUCCESS;
  bool repeated = false, late = false, overdrawn = false;
};

struct KeyPair {
  std::string private_key, public_key;
};

inline auto GenerateKey() -> KeyPair {
  remit_text* secret = nullptr;
  remit_text* known = nullptr;
  detail::Check([&](remit_error** error) { return remit_key_generate(&secret, &known, error); });
  const detail::Owned<remit_text, detail::FreeText> owned_secret(secret), owned_known(known);
  return {std::string(detail::View(remit_text_get(secret))), std::string(detail::View(remit_text_get(known)))};
}
inline auto KeyId(std::string_view key) -> std::string {
  return detail::TakeText([&](auto** text, auto** error) { return remit_key_id(detail::ToC(key), text, error); });
}

// Budgets, approvals, quarantine. May be used by many threads at once. Texts that are returned are JSON.
class Ledger {
 public:
  Ledger(const Engine& engine, std::string_view address, const LedgerOptions& options = {}) {
    remit_ledger_options c = REMIT_LEDGER_OPTIONS_INIT;
    c.durability = options.durability;
    c.sole = options.sole ? 1 : 0;
    c.lease_millis = options.lease_millis;
    if (!options.signing_key.empty()) c.signing_key = detail::ToC(options.signing_key);
    c.no_escalations = options.opens_escalations ? 0 : 1;
    ledger_ = detail::New<Handle>(
        [&](auto** made, auto** error) { return remit_ledger_open(engine.get(), detail::ToC(address), &c, made, error); });
  }

  // About every second.
  void Maintain(int64_t now = REMIT_NOW) {
    detail::Check([&](remit_error** error) { return remit_ledger_maintain(get(), now, error); });
  }

  void AcceptKey(std::string_view public_key) {
    detail::Check([&](remit_error** error) { return remit_ledger_accept_key(get(), detail::ToC(public_key), error); });
  }
  void RetireKey(std::string_view id, int64_t at = REMIT_NOW) {
    detail::Check([&](remit_error** error) { return remit_ledger_retire_key(get(), detail::ToC(id), at, error); });
  }
  void RevokeKey(std::string_view id) {
    detail::Check([&](remit_error** error) { return remit_ledger_revoke_key(get(), detail::ToC(id), error); });
  }

  auto Settle(std::string_view reservation, remit_verdict verdict, const std::vector<Charge>& charges = {}, int64_t now = REMIT_NOW)
      -> Settlement {
    std::vector<remit_charge> rows;
    for (const Charge& charge : charges) rows.push_back({detail::ToC(charge.budget), charge.amount});
    remit_settlement settled = {};
    settled.size = sizeof(settled);
    detail::Check([&](remit_error** error) {
      return remit_settle(get(), detail::ToC(reservation), verdict, rows.data(), rows.size(), now, &settled, error);
    });
    return {settled.verdict, settled.repeated != 0, settled.late != 0, settled.overdrawn != 0};
  }
  // Until when it holds now.
  auto Extend(std::string_view reservation, int64_t hold_millis, int64_t now = REMIT_NOW) -> int64_t {
    int64_t expires = 0;
    detail::Check([&](remit_error** error) { return remit_extend(get(), detail::ToC(reservation), hold_millis, now, &expires, error); });
    return expires;
  }
  auto Reservation(std::string_view reservation) -> std::string {
    return detail::TakeText([&](auto** text, auto** error) { return remit_reservation(get(), detail::ToC(reservation), text, error); });
  }
  auto Budgets(int64_t now = REMIT_NOW) -> std::string {
    return detail::TakeText([&](auto** text, auto** error) { return remit_budgets(get(), now, text, error); });
  }
  auto Breakers(int64_t now = REMIT_NOW) -> std::string {
    return detail::TakeText([&](auto** text, auto** error) { return remit_breakers(get(), now, text, error); });
  }

  auto Approve(std::string_view escalation, const Approver& approver, int64_t now = REMIT_NOW) -> std::string {
    return As(approver,
              [&](auto* by, auto** text, auto** error) { return remit_approve(get(), detail::ToC(escalation), by, now, text, error); });
  }
  auto Deny(std::string_view escalation, const Approver& by_whom, std::string_view reason, int64_t now = REMIT_NOW) -> std::string {
    return As(by_whom, [&](auto* by, auto** text, auto** error) {
      return remit_deny(get(), detail::ToC(escalation), by, detail::ToC(reason), now, text, error);
    });
  }
  auto Revoke(std::string_view escalation, const Approver& by_whom, std::string_view reason, int64_t now = REMIT_NOW) -> std::string {
    return As(by_whom, [&](auto* by, auto** text, auto** error) {
      return remit_revoke(get(), detail::ToC(escalation), by, detail::ToC(reason), now, text, error);
    });
  }
  auto Escalation(std::string_view escalation, int64_t now = REMIT_NOW) -> std::string {
    return detail::TakeText([&](auto** text, auto** error) { return remit_escalation(get(), detail::ToC(escalation), now, text, error); });
  }
  auto Escalations(size_t limit = 1000, int64_t now = REMIT_NOW) -> std::string {
    return detail::TakeText([&](auto** text, auto** error) { return remit_escalations(get(), limit, now, text, error); });
  }

  // Whether that changed anything.
  auto Quarantine(Uid entity, std::string_view reason = {}, std::string_view who = {}, int64_t now = REMIT_NOW) -> bool {
    int changed = 0;
    detail::Check([&](remit_error** error) {
      return remit_quarantine(get(), entity.c(), detail::ToC(reason), detail::ToC(who), now, &changed, error);
    });
    return changed != 0;
  }
  auto Release(Uid entity) -> bool {
    int changed = 0;
    detail::Check([&](remit_error** error) { return remit_release(get(), entity.c(), &changed, error); });
    return changed != 0;
  }
  auto Quarantined() -> std::string {
    return detail::TakeText([&](auto** text, auto** error) { return remit_quarantined(get(), text, error); });
  }

  auto get() const -> remit_ledger* { return ledger_.get(); }

 private:
  using Handle = detail::Owned<remit_ledger, detail::FreeLedger>;

  template <typename Call>
  auto As(const Approver& approver, Call call) -> std::string {
    std::vector<remit_uid> others;
    for (const Uid& uid : approver.acting_for) others.push_back(uid.c());
    remit_approver c = {};
    c.size = sizeof(c);
    c.person = approver.person.c();
    c.acting_for = others.data();
    c.acting_for_count = others.size();
    return detail::TakeText([&](auto** text, auto** error) { return call(&c, text, error); });
  }

  Handle ledger_;
};

inline detail::DecideArguments::DecideArguments(const DecideOptions& given) {
  for (const std::string& grant : given.approvals) approvals_.push_back(ToC(grant));
  for (const Uid& uid : given.delegation) delegation_.push_back(uid.c());
  c_.ledger = given.ledger != nullptr ? given.ledger->get() : nullptr;
  if (!given.session.empty()) c_.session = ToC(given.session);
  if (!given.request_id.empty()) c_.request_id = ToC(given.request_id);
  c_.approvals = approvals_.data();
  c_.approval_count = approvals_.size();
  c_.delegation = delegation_.data();
  c_.delegation_count = delegation_.size();
  c_.dry_run = given.dry_run ? 1 : 0;
  c_.outcome_only = given.outcome_only ? 1 : 0;
  c_.skip_validation = given.skip_validation ? 1 : 0;
  c_.has_now = given.now_millis ? 1 : 0;
  c_.now_millis = given.now_millis.value_or(0);
}

// One thread's way to decide. A decision is valid until the session is used again.
class Session {
 public:
  explicit Session(const Engine& engine)
      : session_(detail::New<Handle>([&](auto** made, auto** error) { return remit_session_new(engine.get(), made, error); })) {}

  auto Decide(const Request& request, const DecideOptions& options = {}) -> Decision {
    return One([&](auto* c, auto** decision, auto** error) { return remit_decide(get(), request.get(), c, decision, error); }, options);
  }
  auto Decide(const RequestFields& fields, const DecideOptions& options = {}) -> Decision {
    const remit_request_fields given = fields.c();
    return One([&](auto* c, auto** decision, auto** error) { return remit_decide_fields(get(), &given, c, decision, error); }, options);
  }
  auto DecideJson(std::string_view json, const DecideOptions& options = {}) -> Decision {
    return One([&](auto* c, auto** decision, auto** error) { return remit_decide_json(get(), detail::ToC(json), c, decision, error); },
               options);
  }
  // One answer as JSON for each line.
  auto DecideJsonLines(std::string_view lines, const DecideOptions& options = {}) -> std::string_view {
    const detail::DecideArguments c(options);
    remit_string answers = {};
    detail::Check([&](remit_error** error) { return remit_decide_json_lines(get(), detail::ToC(lines), c.get(), &answers, error); });
    return detail::View(answers);
  }
  auto Outcomes(const std::vector<const Request*>& requests, const DecideOptions& options = {}) -> std::vector<Outcome> {
    const detail::DecideArguments c(options);
    std::vector<remit_request*> handles;
    for (const Request* request : requests) handles.push_back(request != nullptr ? request->get() : nullptr);
    std::vector<remit_outcome> outcomes(handles.size());
    detail::Check(
        [&](remit_error** error) { return remit_decide_batch(get(), handles.data(), handles.size(), c.get(), outcomes.data(), error); });
    std::vector<Outcome> result;
    for (const remit_outcome outcome : outcomes) result.push_back(static_cast<Outcome>(outcome));
    return result;
  }
  void Release() { remit_session_release(get()); }
  auto interpreted() const -> uint64_t { return remit_session_interpreted(get()); }

  auto get() const -> remit_session* { return session_.get(); }

 private:
  using Handle = detail::Owned<remit_session, detail::FreeSession>;

  template <typename Call>
  auto One(Call call, const DecideOptions& options) -> Decision {
    const detail::DecideArguments c(options);
    const remit_decision* decision = nullptr;
    detail::Check([&](remit_error** error) { return call(c.get(), &decision, error); });
    return Decision(decision);
  }

  Handle session_;
};

inline auto Version() -> std::string_view { return detail::View(remit_version()); }
inline auto BuildInfo() -> std::string_view { return detail::View(remit_build_info()); }

}  // namespace cxx_api_0
}  // namespace remit

#endif  // REMIT_REMIT_HPP
