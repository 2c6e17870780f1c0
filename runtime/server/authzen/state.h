// What the AuthZEN handlers share: options, the index of names, the key of what is handed out to be given back.
//
// Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/approval/digest.h"
#include "runtime/server/authzen/authzen.h"
#include "runtime/server/authzen/names.h"
#include "runtime/server/worker.h"

namespace remit::authzen {

class State {
 public:
  State(server::Service& service, AuthzenOptions options);

  auto service() const -> server::Service& { return service_; }
  auto options() const -> const AuthzenOptions& { return options_; }
  auto well_known_path() const -> const std::string& { return well_known_path_; }
  auto mapping() const -> const Mapping& { return options_.mapping; }

  // Of the snapshot's policies. Each thread remembers the last, so that asking again costs a comparison; valid until the thread asks for those of others.
  auto NamesOf(const Snapshot& snapshot) const -> const std::shared_ptr<const Names>&;

  // HMAC-SHA256 under a key that only this process has: what it hands out means nothing to others, and nothing after a restart.
  auto Seal(std::string_view text) const -> approval::Digest;
  auto IsSealed(std::string_view text, const approval::Digest& seal) const -> bool;

 private:
  auto MakeNames(const Snapshot& snapshot) const -> std::shared_ptr<const Names>;

  server::Service& service_;
  AuthzenOptions options_;
  std::string well_known_path_;
  std::string key_;  // 64 bytes
  uint64_t id_;  // of this state among all of the process
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Names> names_;  // of the last policies
};

}  // namespace remit::authzen
