#include "runtime/server/service.h"

#include <chrono>

namespace remit::server {

auto SystemMillis() -> int64_t {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void PublishedNames::Add(const std::shared_ptr<Policies>& policies, std::shared_ptr<const PublishedFacts> facts) {
  const std::lock_guard lock(mutex_);
  std::erase_if(rows_, [](const Row& row) { return row.policies.expired(); });
  rows_.push_back({.policies = policies, .facts = std::move(facts)});
}

auto PublishedNames::Find(const Policies& policies) const -> std::shared_ptr<const PublishedFacts> {
  static const auto kNothing = std::make_shared<const PublishedFacts>();
  const std::lock_guard lock(mutex_);
  for (const Row& row : rows_) {
    if (row.policies.lock().get() == &policies) return row.facts;
  }
  return kNothing;
}

}  // namespace remit::server
