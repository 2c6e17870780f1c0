// How many connections there are, in all and of each address.
//
// Threads: any.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>

#include "runtime/server/transport/options.h"

namespace remit::server {

class Admission {
 public:
  explicit Admission(const TransportLimits& limits) : limits_(limits) {}

  // False: there are too many. Each true is followed by one Leave.
  auto Enter(const std::string& address) -> bool {
    const std::lock_guard lock(mutex_);
    if (total_ >= limits_.max_connections) return false;
    uint32_t& count = by_address_[address];
    if (count >= limits_.max_connections_per_peer) return false;
    ++count;
    ++total_;
    return true;
  }

  void Leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --total_;
    const auto it = by_address_.find(address);
    if (it != by_address_.end() && --it->second == 0) by_address_.erase(it);
  }

  auto total() const -> size_t {
    const std::lock_guard lock(mutex_);
    return total_;
  }

 private:
  const TransportLimits& limits_;
  mutable std::mutex mutex_;
  size_t total_ = 0;
  std::unordered_map<std::string, uint32_t> by_address_;
};

}  // namespace remit::server
