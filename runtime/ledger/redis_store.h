// A store on Redis, for ledgers on several machines.
//
// Every commit is one Lua script (EVALSHA), which Redis runs alone. All keys carry one hash tag, so that they are in one slot of a cluster; the node
// that has the slot is found by asking any of them, and again when it moves (MOVED, ASK). With sentinels the master is asked for with every new
// connection, and must say that it is one.
// What Redis promises it does not always keep: without `appendonly yes` and `appendfsync always` a crash of the server loses its last commits,
// and a failover loses what no replica had. `wait_replicas` waits for them. Versions are partly random, so that a server that lost commits
// cannot give a version out twice and make an old copy look current.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ledger/store.h"

namespace remit::ledger {

// Server certificates are always checked, and their name, too.
struct RedisTls {
  bool on = false;
  std::string ca_file = {};  // PEM; empty: those that the system trusts
  std::string cert_file = {};  // PEM, of this client; empty: none
  std::string key_file = {};  // PEM; empty: it is in `cert_file`
  std::string server_name = {};  // whom the certificate must be of; empty: the host
};

struct RedisOptions {
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string name = "remit";  // of the ledger: the prefix and hash tag of its keys
  std::string user = {};  // for AUTH; empty: the default user
  std::string password = {};  // empty: no AUTH
  int timeout_ms = 1'000;  // of connecting and of each answer
  int wait_replicas = 0;  // a commit is answered when so many replicas have it
  std::string master_name = {};  // with sentinels: the master they watch; host and port are not used then
  std::vector<std::pair<std::string, int>> sentinels = {};
  std::vector<std::pair<std::string, int>> others = {};  // further nodes of a cluster, for when the first one does not answer
  RedisTls tls = {};
};

// Connects, so that wrong addresses and passwords show at once. Errors: `store-away`, `store-failed`.
auto OpenRedisStore(const RedisOptions& options) -> Expected<std::shared_ptr<Store>>;

}  // namespace remit::ledger
