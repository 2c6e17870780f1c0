// One thread's event loop: the connections it serves, and the memory they share.
//
// Buffers are the loop's, not a connection's: a connection that waits for its next request holds nothing. Level-triggered epoll, so that a request is
// one wait, one receive and one send, and no receive that finds nothing. An Asio context in its place costs one such receive a request
// (docs/decisions/0016).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/server/authenticator.h"
#include "runtime/server/background.h"
#include "runtime/server/events.h"
#include "runtime/server/service.h"
#include "runtime/server/transport/admission.h"
#include "runtime/server/transport/listener.h"
#include "runtime/server/transport/options.h"
#include "runtime/server/transport/request_reader.h"
#include "runtime/server/transport/tls.h"
#include "runtime/server/worker.h"

namespace remit::server {

class Connection;

// What all loops share. Outlives them.
struct TransportParts {
  Service& service;
  Authenticator& authenticator;
  Background& background;
  EventHub& events;
  const TransportLimits& limits;
  TlsContext* tls = nullptr;  // null: TCP connections are plain
  Admission& admission;
  std::atomic<bool>& is_draining;
};

class Loop {
 public:
  explicit Loop(TransportParts parts);
  ~Loop();
  Loop(const Loop&) = delete;
  auto operator=(const Loop&) -> Loop& = delete;

  // Serves until Stop.
  void Run();

  // ---- from any thread

  void Post(std::function<void()> task);
  void Stop();
  // More of the audit log is on disk, or it cannot be written any more: who waits for that is answered.
  void OnAudit();

  // ---- on the loop's thread, or before it runs

  // New sockets are given to `accept`.
  using Accept = std::function<void(Descriptor socket, const Listener& listener)>;
  void Listen(const Listener& listener, Accept accept);
  void StopListening();
  void Adopt(Descriptor socket, Peer peer);
  // Says no in plain HTTP and closes.
  static void TurnAway(Descriptor socket);
  auto connections() const -> size_t { return connections_.size(); }
  // Closes what waits for a next request, and lets the rest end.
  void Drain();
  void SendToStreams(const Event& event);

  // ---- for connections

  auto parts() -> TransportParts& { return parts_; }
  auto worker() -> Worker& { return worker_; }
  auto scratch() -> std::span<char> { return scratch_; }
  auto response() -> Response& { return response_; }
  auto out() -> std::string& { return out_; }
  auto reader() -> RequestReader& { return *reader_; }
  // Until OnAudit.
  void Hold(std::shared_ptr<Connection> connection);
  auto TakeReader() -> std::unique_ptr<RequestReader>;
  auto now() const -> int64_t { return now_; }  // milliseconds of the monotonic clock, when the loop woke
  auto date() const -> std::string_view { return date_; }  // the header Date
  void SetInterest(Connection& connection, int fd, uint32_t events, bool is_new);
  void Remove(Connection& connection, int fd);

 private:
  struct Listening {
    const Listener* listener;
    Accept accept;
  };

  void AcceptFrom(const Listening& listening);
  void RunTasks();
  void Tick();
  void UpdateTime();
  // A copy: what is done with them may end some.
  auto All() const -> std::vector<std::shared_ptr<Connection>>;

  TransportParts parts_;
  Descriptor epoll_;
  Descriptor wake_;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  std::vector<std::unique_ptr<Listening>> listening_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> held_;
  std::atomic<bool> has_held_ = false;
  uint64_t seen_durable_ = 0;
  std::vector<std::shared_ptr<Connection>> removed_;  // until the events at hand are done
  Worker worker_;
  std::vector<char> scratch_;
  Response response_;
  std::string out_;
  std::unique_ptr<RequestReader> reader_;
  int64_t now_ = 0;
  int64_t ticked_ = 0;
  int64_t dated_ = 0;
  std::string date_;
};

}  // namespace remit::server
