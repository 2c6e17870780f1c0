// What one thread decides with: a session on the engine, memory for the request, the last decision.
//
//   const Snapshot& snapshot = worker.Begin();         forgets the former request
//   ... read the request into worker.names() and worker.arena(), by snapshot.policies->schema() ...
//   auto decided = worker.Decide({.request = .., .interner = worker.names(), ..});
//
// Threads: one.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine/session.h"
#include "runtime/entity/entity_overlay.h"
#include "runtime/governor/node.h"
#include "runtime/request/json.h"
#include "runtime/request/request_names.h"
#include "runtime/server/candidate.h"
#include "runtime/server/service.h"

namespace remit::server {

// What came out of one request, until the worker begins the next.
struct Decided {
  Outcome outcome = Outcome::Deny;
  std::span<const uint32_t> determining = {};  // positions in the program's policies
  std::span<const EvalError> errors = {};
  const ir::Program* program = nullptr;
  const Interner* names = nullptr;  // of the program and of the request
  // Obligations, reservation, tickets, quarantine. Null: the policies have none of Remit's statements, nothing is quarantined, and the ledger was asked
  // nothing.
  const GovernedDecision* governed = nullptr;
  std::string_view decision_id = {};  // 32 hexadecimal digits, never twice
  std::string_view version = {};  // of the policies; empty: not known
  int64_t now = 0;  // the decision's time

  auto policy_id(uint32_t policy) const -> std::string_view { return names->text(program->policies[policy].id); }
};

// What the audit record keeps besides, as it came. Empty: it is made from the request.
struct DecideTexts {
  std::string_view context = {};
  std::string_view entities = {};
};

struct MaskedTexts;

class Worker {
 public:
  explicit Worker(Service& service);

  auto service() -> Service& { return service_; }

  // The snapshot that is decided on until the next Begin.
  auto Begin() -> const Snapshot&;
  // Forgets the former request alone: one more of the same message, on the same snapshot and with the names of those before.
  auto Continue() -> const Snapshot&;
  auto snapshot() const -> const Snapshot& { return *session_.snapshot(); }
  auto names() -> Interner& { return *names_; }
  auto arena() -> Arena& { return session_.arena(); }
  // For the entities of one request after the other, over the snapshot's.
  auto overlay() -> EntityOverlay&;
  auto session() -> Session& { return session_; }
  // How a request is read on this snapshot.
  auto reading() -> JsonOptions;

  // Reserves, opens tickets, is recorded and counted. The request is of `names()`. Errors are those of the governor and of the audit log: nothing was
  // executed.
  auto Decide(const GovernedRequest& request, const DecideTexts& texts = {}) -> Expected<Decided>;
  // Decides and leaves nothing behind, neither here nor in the log.
  auto Peek(GovernedRequest request) -> Expected<GovernedDecision>;
  // A request document (docs/language.md, "Requests"), after Begin. What was read is kept until the next Begin.
  auto DecideJson(std::string_view json) -> Expected<Decided>;
  auto document() const -> const RequestDocument* { return document_ ? &*document_ : nullptr; }

  // Nothing of the snapshot is kept from here on: for threads that may wait long for the next request.
  void Release();

  // The request that is being answered, for records; null: none. Borrowed until the next call.
  void SetExchange(const Request* request) { exchange_ = request; }
  auto exchange() const -> const Request* { return exchange_; }
  // The span of that request; null: it is not traced.
  void SetSpan(RequestSpan* span) { span_ = span; }
  // Appends to the audit log, if there is one. Who, when and on whose behalf is filled in. Errors: the log's.
  auto Record(audit::EventRecord record) -> Expected<void>;
  // Records below this number must be on disk before the answer is sent; 0: none. Forgotten by asking.
  auto TakeRecorded() -> uint64_t { return std::exchange(recorded_, 0); }
  // What was reserved for the answer and is to be given back if that is refused after all. Forgotten by asking.
  auto TakeReserved() -> std::vector<std::string> { return std::exchange(reserved_, {}); }
  auto facts() const -> const PublishedFacts& { return *facts_; }
  auto cell() -> MetricCell& { return cell_; }

 private:
  auto NeedsNode(const Session& session, const GovernedRequest& request) const -> bool;
  auto Govern(Session& session, const GovernedRequest& request, int64_t now, GovernedDecision& answer) const -> Expected<void>;
  auto DecideOn(Session& session, const GovernedRequest& request, Decided& decided) -> Expected<void>;
  void DecidePlain(Session& session, const GovernedRequest& request, Decided& decided);
  void FindCandidate();
  auto IsCanary(const GovernedRequest& request) const -> bool;
  void Compare(const GovernedRequest& request, const Decided& decided);
  auto Mask(audit::DecisionRecord& record, MaskedTexts& texts) -> Expected<void>;
  auto RecordDecision(const GovernedRequest& request, const DecideTexts& texts, const Decided& decided) -> Expected<void>;
  void RecordRefusal(const GovernedRequest& request, const DecideTexts& texts, const Decided& decided, const Error& error);
  auto Append(const audit::DecisionRecord& record) -> Expected<void>;
  auto Head(int64_t now) -> audit::RecordHead;
  static auto GivesBack(const GovernedRequest& request, const Decided& decided) -> bool;
  void Count(const Decided& decided, int64_t ns);
  void Trace(const GovernedRequest& request, const Decided& decided, const Error* error, std::chrono::steady_clock::time_point begin);
  auto NextId() -> std::string_view;

  Service& service_;
  Session session_;
  RequestNames names_;
  std::optional<EntityOverlay> overlay_;
  uint64_t overlaid_ = 0;  // the snapshot's number
  std::optional<RequestDocument> document_;
  GovernedDecision governed_;  // the last of them; its memory is used again
  std::vector<EvalError> errors_;
  const Policies* named_ = nullptr;  // what `facts_` are those of
  uint64_t named_snapshot_ = 0;
  std::shared_ptr<const PublishedFacts> facts_;
  MetricCell& cell_;
  std::shared_ptr<Candidate> candidate_;
  std::optional<Session> trial_;  // on the candidate's engine
  uint64_t candidate_number_ = 0;
  const Request* exchange_ = nullptr;
  RequestSpan* span_ = nullptr;
  std::string caller_;  // of `exchange_`, as records have it
  uint64_t recorded_ = 0;
  std::vector<std::string> reserved_;
  std::array<char, 32> id_ = {};
  uint64_t next_id_ = 0;
};

}  // namespace remit::server
