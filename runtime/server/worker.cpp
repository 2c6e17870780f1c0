#include "runtime/server/worker.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/ledger/random_id.h"
#include "runtime/server/json_slices.h"
#include "runtime/server/log.h"

namespace remit::server {
namespace {

void WriteHex(char* out, uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int i = 15; i >= 0; --i) {
    out[i] = kDigits[value & 15];
    value >>= 4;
  }
}

}  // namespace

// A decision's id is not a secret, only never used twice: random for each worker, then counted.
Worker::Worker(Service& service)
    : service_(service), session_(service.engine()), facts_(std::make_shared<const PublishedFacts>()), cell_(service.metrics().NewCell()) {
  const auto random = ledger::IdFactory::Random();
  WriteHex(id_.data(), random.high);
  next_id_ = random.low;
}

auto Worker::Begin() -> const Snapshot& {
  document_.reset();
  errors_.clear();
  const Snapshot& snapshot = session_.Pin();
  if (candidate_number_ != service_.candidate_number()) FindCandidate();
  if (trial_) trial_->Pin();
  session_.ResetArena();
  names_.Begin(service_.engine().interner());
  if (named_ != snapshot.policies.get() || named_snapshot_ != snapshot.number) {
    facts_ = service_.published().Find(*snapshot.policies);
    named_ = snapshot.policies.get();
    named_snapshot_ = snapshot.number;
  }
  return snapshot;
}

auto Worker::Continue() -> const Snapshot& {
  document_.reset();
  errors_.clear();
  return *session_.snapshot();
}

auto Worker::overlay() -> EntityOverlay& {
  if (!overlay_ || overlaid_ != snapshot().number) overlay_.emplace(*snapshot().entities);
  overlaid_ = snapshot().number;
  return *overlay_;
}

void Worker::FindCandidate() {
  candidate_number_ = service_.candidate_number();
  trial_.reset();
  candidate_ = service_.candidate();
  if (candidate_ != nullptr) trial_.emplace(candidate_->engine);
}

auto Worker::IsCanary(const GovernedRequest& request) const -> bool {
  const EntityUid principal = request.request.principal;
  return candidate_->Chooses(request.interner.text(principal.type), request.interner.text(principal.id));
}

// The candidate decides the same request and leaves nothing behind; a difference is counted and logged.
void Worker::Compare(const GovernedRequest& request, const Decided& decided) {
  Metrics& metrics = service_.metrics();
  metrics.shadow_decisions.fetch_add(1, std::memory_order_relaxed);
  GovernedRequest dry = request;
  dry.dry_run = true;
  dry.request_id = {};
  Outcome outcome = Outcome::Deny;
  if (NeedsNode(*trial_, dry)) {
    GovernedDecision answer;
    if (Govern(*trial_, dry, decided.now, answer)) outcome = answer.decision.outcome;
  } else {
    outcome =
        trial_->Decide(dry.request, dry.interner, dry.entities, dry.conforms, {.now = Datetime{decided.now}, .delegation = dry.delegation})
            .outcome;
  }
  if (outcome == decided.outcome) return;
  metrics.shadow_differences.fetch_add(1, std::memory_order_relaxed);
  Log(LogLevel::Info, "shadow-difference",
      {{.name = "decision_id", .value = decided.decision_id},
       {.name = "live", .value = OutcomeName(decided.outcome)},
       {.name = "candidate", .value = OutcomeName(outcome)},
       {.name = "version", .value = std::string_view(candidate_->facts->version)}});
}

void Worker::Release() {
  trial_.reset();
  candidate_.reset();
  candidate_number_ = 0;
  document_.reset();
  governed_ = {};
  overlay_.reset();
  session_.Release();
  names_.Release();
  named_ = nullptr;
}

auto Worker::reading() -> JsonOptions {
  const Policies& policies = *snapshot().policies;
  return {.limits = service_.limits(),
          .schema = policies.schema(),
          .lists_values = policies.asks_of_values() || trial_.has_value(),
          .references = names_.references()};
}

auto Worker::NextId() -> std::string_view {
  WriteHex(id_.data() + 16, next_id_++);
  return {id_.data(), id_.size()};
}

// Whoever asks again with the same id is answered with the reservation that there is: given back, it would be an allowance that cost nothing. So it stays
// until it is settled or its time is over.
auto Worker::GivesBack(const GovernedRequest& request, const Decided& decided) -> bool {
  return decided.governed != nullptr && !decided.governed->reservation.empty() && request.request_id.empty();
}

auto Worker::Decide(const GovernedRequest& request, const DecideTexts& texts) -> Expected<Decided> {
  const auto begin = std::chrono::steady_clock::now();
  Decided decided = {.program = &snapshot().policies->program(),
                     .names = &request.interner,
                     .decision_id = NextId(),
                     .version = facts_->version,
                     .now = service_.now()};
  const bool is_canary = trial_ && IsCanary(request);
  if (is_canary) {
    decided.program = &trial_->snapshot()->policies->program();
    decided.version = candidate_->facts->version;
    service_.metrics().canary_decisions.fetch_add(1, std::memory_order_relaxed);
  }
  if (auto done = DecideOn(is_canary ? *trial_ : session_, request, decided); !done) {
    cell_.decision_errors.fetch_add(1, std::memory_order_relaxed);
    RecordRefusal(request, texts, decided, done.error());
    if (span_ != nullptr) Trace(request, decided, &done.error(), begin);
    return std::unexpected(std::move(done.error()));
  }
  // What is not recorded did not happen: the reservation is given back.
  if (auto recorded = RecordDecision(request, texts, decided); !recorded) {
    cell_.decision_errors.fetch_add(1, std::memory_order_relaxed);
    if (service_.node() != nullptr && GivesBack(request, decided)) {
      [[maybe_unused]] const auto returned =
          service_.node()->Settle(decided.governed->reservation, ledger::Verdict::NotDispatched, {}, Datetime{decided.now});
    }
    if (span_ != nullptr) Trace(request, decided, &recorded.error(), begin);
    return std::unexpected(std::move(recorded.error()));
  }
  if (recorded_ != 0 && GivesBack(request, decided)) reserved_.push_back(decided.governed->reservation);
  if (trial_ && !is_canary) Compare(request, decided);
  Count(decided, std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count());
  if (span_ != nullptr) Trace(request, decided, nullptr, begin);
  return decided;
}

// Beyond the first hundred of a batch there is nothing that a person would look at.
void Worker::Trace(const GovernedRequest& request, const Decided& decided, const Error* error,
                   std::chrono::steady_clock::time_point begin) {
  constexpr size_t kMost = 100;
  if (span_->decisions.size() >= kMost) return;
  const Interner& names = request.interner;
  DecisionSpan span = {.end_ns = SystemNanos(), .decision_id = std::string(decided.decision_id), .outcome = decided.outcome};
  span.begin_ns = span.end_ns - std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count();
  span.policy_version = decided.version;
  span.principal = names.text(request.request.principal.type);
  span.action = fmt::format("{}::\"{}\"", names.text(request.request.action.type), names.text(request.request.action.id));
  span.resource = names.text(request.request.resource.type);
  if (error != nullptr) {
    span.error_code = error->code;
  } else {
    for (const uint32_t policy : decided.determining) span.determining.emplace_back(decided.policy_id(policy));
  }
  span_->decisions.push_back(std::move(span));
}

void Worker::Count(const Decided& decided, int64_t ns) {
  cell_.decisions[static_cast<size_t>(decided.outcome)].Add(ns);
  if (!decided.errors.empty()) cell_.evaluation_errors.fetch_add(decided.errors.size(), std::memory_order_relaxed);
}

// Whether anything but policies, entities and the request has a say.
auto Worker::NeedsNode(const Session& session, const GovernedRequest& request) const -> bool {
  const Node* node = service_.node();
  if (node == nullptr) return service_.governor() != nullptr;
  if (session.snapshot()->policies->program().has_statements() || !node->Quarantined()->empty()) return true;
  return !request.request_id.empty() && !request.dry_run;
}

auto Worker::Govern(Session& session, const GovernedRequest& request, int64_t now, GovernedDecision& answer) const -> Expected<void> {
  const Node* node = service_.node();
  if (node != nullptr) return node->Decide(session, request, Datetime{now}, answer);
  return service_.governor()->Decide(session, request, Datetime{now}, answer);
}

auto Worker::DecideOn(Session& session, const GovernedRequest& request, Decided& decided) -> Expected<void> {
  if (!NeedsNode(session, request)) {
    DecidePlain(session, request, decided);
    return {};
  }
  if (auto done = Govern(session, request, decided.now, governed_); !done) return done;
  decided.governed = &governed_;
  decided.outcome = governed_.decision.outcome;
  decided.determining = governed_.decision.determining;
  decided.errors = governed_.decision.errors;
  return {};
}

auto Worker::Peek(GovernedRequest request) -> Expected<GovernedDecision> {
  request.dry_run = true;
  const Datetime now{service_.now()};
  request.request_id = {};
  if (NeedsNode(session_, request)) {
    Expected<GovernedDecision> answer;
    if (auto done = Govern(session_, request, now.millis, *answer); !done) return std::unexpected(std::move(done.error()));
    return answer;
  }
  session_.Decide(request.request, request.interner, request.entities, request.conforms, {.now = now, .delegation = request.delegation});
  return GovernedDecision{.decision = session_.ToDecision()};
}

void Worker::DecidePlain(Session& session, const GovernedRequest& request, Decided& decided) {
  const DecisionView& view = session.Decide(request.request, request.interner, request.entities, request.conforms,
                                            {.now = Datetime{decided.now}, .delegation = request.delegation});
  decided.outcome = view.outcome;
  decided.determining = view.determining;
  if (!view.failed.empty()) {
    errors_ = session.Errors();
    decided.errors = errors_;
  }
}

// The texts of the record are those of the body, if its keys are written plainly; else they are made from what was read.
auto Worker::DecideJson(std::string_view json) -> Expected<Decided> {
  auto document = ReadRequest(json, names(), arena(), reading(), snapshot().entities.get());
  if (!document) return std::unexpected(std::move(document.error()));
  document_ = std::move(*document);
  DecideTexts texts;
  if (service_.audit() != nullptr) {
    ForEachMember(json, [&](std::string_view key, std::string_view value) {
      if (key == "context") texts.context = value;
      if (key == "entities") texts.entities = value;
      return true;
    });
  }
  return Decide({.request = document_->request,
                 .interner = names(),
                 .entities = document_->entities ? &*document_->entities : nullptr,
                 .conforms = snapshot().policies->schema() != nullptr,
                 .delegation = document_->delegation,
                 .session = document_->session,
                 .request_id = document_->request_id,
                 .approvals = document_->approvals,
                 .dry_run = document_->dry_run},
                texts);
}

}  // namespace remit::server
