// The server as a whole: listeners, one loop for each processor, background threads, and an orderly end.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/server/transport/loop.h"

namespace remit::server {

class HttpServer {
 public:
  // Listens, and serves once Start is called. The service has its routes by then. Codes: those of ListenTcp, ListenUnix and TlsContext.
  static auto Open(Service& service, Authenticator& authenticator, EventHub& events, const TransportOptions& options)
      -> Expected<std::unique_ptr<HttpServer>>;
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  auto operator=(const HttpServer&) -> HttpServer& = delete;

  void Start();
  // Takes no more connections, answers what has begun, and returns when all is answered or the time is over. False: some was cut off.
  auto Drain() -> bool;
  // At once.
  void Stop();

  // With the ports that were chosen.
  auto addresses() const -> std::vector<std::string>;
  auto connections() const -> size_t { return admission_.total(); }
  // More of the audit log is on disk, or it cannot be written any more. Any thread, between Start and Stop.
  void OnAudit();
  auto ReloadTls() -> Expected<void>;

 private:
  HttpServer(Service& service, Authenticator& authenticator, EventHub& events, const TransportOptions& options);
  void Accept(Descriptor socket, const Listener& listener);

  Service& service_;
  const TransportOptions options_;
  Admission admission_;
  std::atomic<bool> is_draining_ = false;
  std::unique_ptr<TlsContext> tls_;
  std::vector<Listener> listeners_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
  std::unique_ptr<Background> background_;
  Authenticator& authenticator_;
  EventHub& events_;
  size_t next_loop_ = 0;  // of the loop that accepts
};

}  // namespace remit::server
