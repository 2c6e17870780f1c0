// One connection to a Redis server, with or without TLS.
//
// hiredis writes commands and reads answers; the socket and TLS are ours, because the hiredis of Debian has no TLS and waits without a limit for what
// it does have. Every question has one deadline, from the first byte sent to the last one read.
//
// Threads: one at a time.
#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/ledger/redis_store.h"

struct addrinfo;
using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace remit::ledger {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

// `store-away`: nobody knows what became of the question, or it may be asked elsewhere or later.
auto RedisAway(std::string_view why) -> std::unexpected<Error>;
// `store-failed`: the server refuses.
auto RedisFailed(std::string_view why) -> std::unexpected<Error>;

// Certificates and keys, read once. Error `store-failed`.
auto MakeTls(const RedisTls& options) -> Expected<std::shared_ptr<SSL_CTX>>;

class RedisConnection {
 public:
  struct Address {
    std::string host;
    int port = 0;
  };

  // `tls` may be null: then in the clear. `server_name` is whom the certificate must be of; empty: the host.
  static auto Open(const Address& address, const std::shared_ptr<SSL_CTX>& tls, const std::string& server_name, int timeout_ms)
      -> Expected<std::unique_ptr<RedisConnection>>;
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  auto operator=(const RedisConnection&) -> RedisConnection& = delete;

  // The answer, which may be an error of the server's. `store-away` if there is none: the connection is of no use then.
  auto Ask(std::span<const std::string> words) -> Expected<Reply>;
  // Nobody has hung up, and there is nothing to read that nobody asked for.
  auto IsAlive() -> bool;
  auto address() const -> const Address& { return address_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };
  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };

  RedisConnection(Address address, int timeout_ms) : address_(std::move(address)), timeout_ms_(timeout_ms) {}

  auto Connect() -> Expected<void>;
  auto Shake(SSL_CTX& context, const std::string& server_name) -> Expected<void>;
  auto ConnectTo(const addrinfo& to) -> bool;
  auto Wait(short events) const -> bool;
  auto Send(std::string_view bytes) -> bool;
  auto Receive(char* into, size_t size) -> long;
  auto Write(std::string_view bytes) -> bool;
  auto Read(char* into, size_t size) -> long;
  auto Flush() -> bool;
  auto Pump() -> bool;

  Address address_;
  int timeout_ms_;
  int socket_ = -1;
  Clock::time_point deadline_;
  std::unique_ptr<SSL, FreeSsl> ssl_;  // reads and writes memory: the socket is only ours
  std::unique_ptr<redisReader, FreeReader> reader_;
};

}  // namespace remit::ledger
