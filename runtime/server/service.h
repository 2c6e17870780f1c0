// What all handlers share: the engine that decides, what it spends from, the routes.
//
// Threads: filled once (routes, parts), then used by any; whatever changes afterwards is behind a part that says so.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "runtime/engine/engine.h"
#include "runtime/governor/governor.h"
#include "runtime/server/router.h"

namespace remit::server {

// Milliseconds since the epoch.
using Clock = std::function<int64_t()>;
auto SystemMillis() -> int64_t;

// Which version a published policy set is. Versions are SHA-256 of their sources, 64 hexadecimal digits.
class VersionNames {
 public:
  void Add(const std::shared_ptr<Policies>& policies, std::string version);
  // Empty: not known.
  auto Find(const Policies& policies) const -> std::string;

 private:
  struct Row {
    std::weak_ptr<Policies> policies;
    std::string version;
  };
  mutable std::mutex mutex_;
  std::vector<Row> rows_;
};

struct ServiceParts {
  Engine& engine;
  const Governor* governor = nullptr;  // null: nothing is spent, and what needs state is denied
  Limits limits = {};
  Clock clock = SystemMillis;
};

class Service {
 public:
  explicit Service(const ServiceParts& parts) : parts_(parts) {}

  auto engine() const -> Engine& { return parts_.engine; }
  auto governor() const -> const Governor* { return parts_.governor; }
  auto limits() const -> const Limits& { return parts_.limits; }
  auto now() const -> int64_t { return parts_.clock(); }
  auto router() -> Router& { return router_; }
  auto router() const -> const Router& { return router_; }
  auto versions() -> VersionNames& { return versions_; }

  // Whether deciding may wait for a disk or a network, so that it must not happen on a loop.
  auto waits_to_decide() const -> bool { return waits_to_decide_.load(std::memory_order_relaxed); }
  void SetWaitsToDecide(bool waits) { waits_to_decide_.store(waits, std::memory_order_relaxed); }

  // Whether it takes requests: until its policies are there, and while it drains, it does not.
  auto is_ready() const -> bool { return is_ready_.load(std::memory_order_acquire); }
  void SetReady(bool is_ready) { is_ready_.store(is_ready, std::memory_order_release); }

 private:
  ServiceParts parts_;
  Router router_;
  VersionNames versions_;
  std::atomic<bool> is_ready_ = false;
  std::atomic<bool> waits_to_decide_ = false;
};

}  // namespace remit::server
