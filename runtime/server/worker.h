// What one thread decides with: a session on the engine, memory for the request, the last decision.
//
//   const Snapshot& snapshot = worker.Begin();         forgets the former request
//   ... read the request into worker.names() and worker.arena(), by snapshot.policies->schema() ...
//   auto decided = worker.Decide({.request = .., .interner = worker.names(), ..});
//
// Threads: one.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/engine/session.h"
#include "runtime/governor/governor.h"
#include "runtime/request/json.h"
#include "runtime/server/service.h"

namespace remit::server {

// What came out of one request, until the worker begins the next.
struct Decided {
  Outcome outcome = Outcome::Deny;
  std::span<const uint32_t> determining = {};  // positions in the program's policies
  std::span<const EvalError> errors = {};
  const ir::Program* program = nullptr;
  const Interner* names = nullptr;  // of the program and of the request
  // Obligations, reservation, tickets, quarantine. Null: the policies have none of Remit's statements, and nothing was asked of the ledger.
  const GovernedDecision* governed = nullptr;
  std::string_view decision_id = {};  // 32 hexadecimal digits, never twice
  std::string_view version = {};  // of the policies; empty: not known
  int64_t now = 0;  // the decision's time

  auto policy_id(uint32_t policy) const -> std::string_view { return names->text(program->policies[policy].id); }
};

class Worker {
 public:
  explicit Worker(Service& service);

  auto service() -> Service& { return service_; }

  // The snapshot that is decided on until the next Begin.
  auto Begin() -> const Snapshot&;
  auto snapshot() const -> const Snapshot& { return *session_.snapshot(); }
  auto names() -> Interner& { return *names_; }
  auto arena() -> Arena& { return session_.arena(); }
  auto session() -> Session& { return session_; }
  // How a request is read on this snapshot.
  auto reading() const -> JsonOptions;

  // The request is of `names()`. Errors are those of the governor: nothing was executed.
  auto Decide(const GovernedRequest& request) -> Expected<Decided>;
  // A request document (docs/language.md, "Requests"), after Begin. What was read is kept until the next Begin.
  auto DecideJson(std::string_view json) -> Expected<Decided>;
  auto document() const -> const RequestDocument* { return document_ ? &*document_ : nullptr; }

  // Nothing of the snapshot is kept from here on: for threads that may wait long for the next request.
  void Release();

 private:
  auto DecidePlain(const GovernedRequest& request, Decided& decided) -> void;
  void FindVersion(const Policies& policies);
  auto NextId() -> std::string_view;

  Service& service_;
  Session session_;
  std::optional<Interner> names_;
  uint32_t names_before_ = 0;  // their number when the overlay was made
  std::optional<RequestDocument> document_;
  std::optional<GovernedDecision> governed_;
  std::vector<EvalError> errors_;
  const Policies* named_ = nullptr;  // what `version_` is the version of
  uint64_t named_snapshot_ = 0;
  std::string version_;
  std::array<char, 32> id_ = {};
  uint64_t next_id_ = 0;
};

}  // namespace remit::server
