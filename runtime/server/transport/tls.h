// TLS 1.3 on non-blocking sockets, by OpenSSL.
#pragma once

#include <memory>
#include <mutex>

#include "runtime/base/error.h"
#include "runtime/server/http.h"
#include "runtime/server/transport/options.h"
#include "runtime/server/transport/socket_stream.h"

namespace remit::server {

// Certificate, key and the authority of clients. What was read stays with the connections that were made with it.
//
// Threads: any.
class TlsContext {
 public:
  // Codes: "tls-certificate", "tls-key", "tls-client-ca".
  static auto Make(const TlsOptions& options) -> Expected<std::unique_ptr<TlsContext>>;
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  auto operator=(const TlsContext&) -> TlsContext& = delete;

  // Reads the files again; connections keep what they began with. An error changes nothing.
  auto Reload() -> Expected<void>;
  auto Accept(int fd) -> std::unique_ptr<SocketStream>;

 private:
  struct Impl;
  explicit TlsContext(TlsOptions options);

  const TlsOptions options_;
  std::mutex mutex_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace remit::server
