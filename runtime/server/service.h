// What all handlers share: the engine that decides, what it spends from, the routes.
//
// Threads: filled once (routes, parts), then used by any; whatever changes afterwards is behind a part that says so.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "compiler/source/source_file.h"
#include "runtime/audit/log.h"
#include "runtime/audit/masked_values.h"
#include "runtime/engine/engine.h"
#include "runtime/governor/node.h"
#include "runtime/server/events.h"
#include "runtime/server/metrics.h"
#include "runtime/server/router.h"
#include "runtime/server/trace.h"

namespace remit::server {

// Milliseconds since the epoch.
using Clock = std::function<int64_t()>;
auto SystemMillis() -> int64_t;

// What is known of a published policy set besides what decides.
struct PublishedFacts {
  std::string version = {};  // SHA-256 of its sources, 64 hexadecimal digits
  std::string version_bytes = {};  // the same as 32 bytes
  SourceManager sources = {};  // what places in the program are places of
  audit::Masker masker = {};  // of what the audit log must not show
};

class PublishedNames {
 public:
  void Add(const std::shared_ptr<Policies>& policies, std::shared_ptr<const PublishedFacts> facts);
  // Never null; without a version if nothing is known.
  auto Find(const Policies& policies) const -> std::shared_ptr<const PublishedFacts>;

 private:
  struct Row {
    std::weak_ptr<Policies> policies;
    std::shared_ptr<const PublishedFacts> facts;
  };
  mutable std::mutex mutex_;
  std::vector<Row> rows_;
};

struct Candidate;

struct ServiceParts {
  Engine& engine;
  Node* node = nullptr;  // null: the governor decides; without that too nothing is spent, and what needs state is denied
  const Governor* governor = nullptr;  // of a host with a ledger of its own
  audit::Log* audit = nullptr;  // null: nothing is recorded
  audit::MaskedValues* masked_values = nullptr;  // where masked values go; null: they are gone
  bool waits_for_audit = true;  // answers wait until their record is on disk
  EventHub* events = nullptr;  // null: nobody is told
  SpanSink* traces = nullptr;  // null: requests are not traced
  std::string node_name = {};  // in records
  Limits limits = {};
  Clock clock = SystemMillis;
};

class Service {
 public:
  explicit Service(const ServiceParts& parts) : parts_(parts) {}

  auto engine() const -> Engine& { return parts_.engine; }
  auto node() const -> Node* { return parts_.node; }
  auto governor() const -> const Governor* { return parts_.governor; }
  auto audit() const -> audit::Log* { return parts_.audit; }
  auto masked_values() const -> audit::MaskedValues* { return parts_.masked_values; }
  auto traces() const -> SpanSink* { return parts_.traces; }
  // While the log cannot be written, answers wait in any case: no more of them get ahead of it.
  auto waits_for_audit() const -> bool { return parts_.waits_for_audit || (parts_.audit != nullptr && parts_.audit->is_stuck()); }
  auto node_name() const -> const std::string& { return parts_.node_name; }
  auto metrics() -> Metrics& { return metrics_; }
  // One line of JSON, if anybody listens.
  void Tell(std::string_view topic, std::string data) {
    if (parts_.events != nullptr) parts_.events->Publish(topic, std::move(data));
  }
  auto limits() const -> const Limits& { return parts_.limits; }
  auto now() const -> int64_t { return parts_.clock(); }
  auto router() -> Router& { return router_; }
  auto router() const -> const Router& { return router_; }
  auto published() -> PublishedNames& { return published_; }

  // A version that is tried on live requests; null: none. The number changes whenever it does.
  auto candidate_number() const -> uint64_t { return candidate_number_.load(std::memory_order_acquire); }
  auto candidate() const -> std::shared_ptr<Candidate> {
    const std::lock_guard lock(candidate_mutex_);
    return candidate_;
  }
  void SetCandidate(std::shared_ptr<Candidate> candidate) {
    const std::lock_guard lock(candidate_mutex_);
    candidate_ = std::move(candidate);
    candidate_number_.fetch_add(1, std::memory_order_release);
  }

  // Whether deciding may wait for a disk or a network, so that it must not happen on a loop.
  auto waits_to_decide() const -> bool { return waits_to_decide_.load(std::memory_order_relaxed); }
  void SetWaitsToDecide(bool waits) { waits_to_decide_.store(waits, std::memory_order_relaxed); }

  // Whether it takes requests: until its policies are there, and while it drains, it does not.
  auto is_ready() const -> bool { return is_ready_.load(std::memory_order_acquire); }
  void SetReady(bool is_ready) { is_ready_.store(is_ready, std::memory_order_release); }

 private:
  ServiceParts parts_;
  Router router_;
  PublishedNames published_;
  Metrics metrics_;
  mutable std::mutex candidate_mutex_;
  std::shared_ptr<Candidate> candidate_;
  std::atomic<uint64_t> candidate_number_ = 0;
  std::atomic<bool> is_ready_ = false;
  std::atomic<bool> waits_to_decide_ = false;
};

}  // namespace remit::server
