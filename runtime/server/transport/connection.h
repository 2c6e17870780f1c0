// One connection, from its handshake to its end.
//
//   Handshake ─► Open ─┬─► Waiting ─► Open         a background thread has the request; nothing is read meanwhile
//                      ├─► Streaming               events until the other end leaves
//                      └─► Lingering ─► Closed     the last response is out: what still comes in is read and thrown away for a moment, because
//                                                  closing at once would destroy the response on its way
//
// Requests that arrive together are answered in their order, with one send. What cannot be sent is kept, and nothing is read until it is gone, so that a
// caller that does not read costs no more than one gathering of answers.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "runtime/server/authenticator.h"
#include "runtime/server/dispatch.h"
#include "runtime/server/events.h"
#include "runtime/server/transport/held_answers.h"
#include "runtime/server/transport/listener.h"
#include "runtime/server/transport/request_reader.h"
#include "runtime/server/transport/response_text.h"
#include "runtime/server/transport/socket_stream.h"

namespace remit::server {

class Loop;

// What is known of the other end when a connection is accepted.
auto MakePeer(int fd, const Listener& listener) -> Peer;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, Descriptor socket, std::unique_ptr<SocketStream> stream, Peer peer, bool has_handshake);
  ~Connection();
  Connection(const Connection&) = delete;
  auto operator=(const Connection&) -> Connection& = delete;

  void Start();
  void OnEvents(uint32_t events);
  auto deadline() const -> int64_t { return deadline_; }
  void OnDeadline();
  // One more event for who streams.
  void Send(const Event& event);
  void Drain();
  // More of the audit log is on disk, or it cannot be written any more.
  void OnAudit();
  auto is_closed() const -> bool { return state_ == State::Closed; }

 private:
  enum class State : uint8_t { Handshake, Open, Waiting, Streaming, Lingering, Closed };
  enum class Phase : uint8_t { Idle, Header, Body };
  struct Job;

  void Shake();
  void Receive();
  void Discard();
  // Serves what there is: `fresh`, or what was kept before.
  void Serve(std::string_view fresh);
  auto ServeMany(std::string_view input) -> size_t;
  // Bytes that were used; 0: more are needed, or the request goes elsewhere.
  auto ServeOne(std::string_view input) -> size_t;
  auto FindRoute(RequestReader& reader, RouteMatch& match) -> const Route*;
  auto Authenticate(Request& request) -> bool;
  auto IsBackground(const Route& route) const -> bool;
  void HandOff();
  void Finish(Job& job);
  void Pause(Phase phase);
  auto CurrentReader() -> RequestReader&;
  void ForgetRequest();
  auto Refuse(const RequestReader::Refusal& refusal, size_t used) -> size_t;
  void Respond(const Request& request, const Response& response, bool keeps_alive);
  void BeginStream(const Request& request, const Response& response);
  // Sends what the loop has gathered. False: the connection is gone.
  auto Flush() -> bool;
  auto Write(std::string_view bytes) -> bool;
  void Hold(const Response& response, size_t begin, const ResponseFacts& facts);
  auto IsHeld() -> bool;
  void CountResponse(int status);
  void GiveBack(std::vector<std::string> reservations);
  void Settle();
  void Linger();
  void Close();
  void UpdateInterest();

  Loop& loop_;
  Descriptor socket_;
  std::unique_ptr<SocketStream> stream_;
  Peer peer_;
  State state_ = State::Open;
  Phase phase_ = Phase::Idle;
  bool is_head_done_ = false;
  bool hands_off_ = false;
  bool closes_ = false;  // once the output is out
  bool wants_write_ = false;  // of a handshake
  bool is_continued_ = false;  // 100 Continue was sent
  uint32_t interest_ = 0;
  int64_t deadline_ = std::numeric_limits<int64_t>::max();
  size_t max_body_ = 0;
  std::string input_;  // received and not used yet; begins where a request does
  std::string output_;  // not sent yet
  HeldAnswers held_;  // parts of `output_`: not empty, and nothing of it is sent
  int64_t held_until_ = 0;  // the time when they are refused
  bool is_listed_ = false;  // the loop calls OnAudit
  std::unique_ptr<RequestReader> reader_;  // of a request that is not complete, or that waits; else the loop's is used
  std::string credential_text_;
  Credential credential_;
  uint64_t credential_epoch_ = 0;
  std::string_view topics_;  // of who streams
};

}  // namespace remit::server
