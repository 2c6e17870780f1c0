#include "runtime/server/transport/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "runtime/server/failure.h"
#include "runtime/server/transport/loop.h"
#include "runtime/server/transport/response_text.h"

namespace remit::server {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int64_t kLingerMs = 2'000;
constexpr int64_t kKeepAliveMs = 15'000;  // between the comments of a stream
constexpr size_t kGather = 256 << 10;  // answers are sent when they come to this
constexpr size_t kMaxBehind = 1 << 20;  // what a stream's reader may be behind

}  // namespace

struct Connection::Job {
  RouteMatch match;
  const Route* route = nullptr;
  Request request;
  Response response;
  std::shared_ptr<const Caller> caller;
  bool keeps_alive = true;
};

Connection::Connection(Loop& loop, Descriptor socket, std::unique_ptr<SocketStream> stream, Peer peer, bool has_handshake)
    : loop_(loop), socket_(std::move(socket)), stream_(std::move(stream)), peer_(std::move(peer)) {
  state_ = has_handshake ? State::Handshake : State::Open;
}

Connection::~Connection() { loop_.parts().admission.Leave(peer_.address); }

void Connection::Start() {
  const auto& limits = loop_.parts().limits;
  deadline_ = loop_.now() + (state_ == State::Handshake ? limits.handshake_ms : limits.header_ms);
  interest_ = EPOLLIN;
  loop_.SetInterest(*this, socket_.get(), interest_, true);
}

void Connection::OnEvents(uint32_t events) {
  const auto self = shared_from_this();
  if (state_ == State::Closed) return;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0 && (events & EPOLLIN) == 0) return Close();
  if (state_ == State::Handshake) return Shake();
  if ((events & EPOLLOUT) != 0 && !output_.empty() && held_.empty()) {
    if (!Flush()) return;
    if (output_.empty() && state_ == State::Open && !input_.empty()) return Serve({});
  }
  if ((events & EPOLLIN) == 0) return UpdateInterest();
  if (state_ == State::Open && output_.empty()) return Receive();
  if (state_ == State::Streaming || state_ == State::Lingering) Discard();
}

void Connection::Shake() {
  switch (stream_->Handshake(peer_)) {
    case IoStatus::Done:
      state_ = State::Open;
      wants_write_ = false;
      deadline_ = loop_.now() + loop_.parts().limits.header_ms;
      UpdateInterest();
      return Receive();  // the first request may have come with it
    case IoStatus::WantRead: wants_write_ = false; return UpdateInterest();
    case IoStatus::WantWrite: wants_write_ = true; return UpdateInterest();
    case IoStatus::Closed: return Close();
  }
}

void Connection::Receive() {
  do {
    if (input_.empty()) {
      const auto scratch = loop_.scratch();
      const IoResult got = stream_->Read(scratch);
      if (got.status == IoStatus::Closed) return Close();
      if (got.status != IoStatus::Done) return;
      Serve({scratch.data(), got.bytes});
    } else {
      // In proportion to what has come, so that a length that is only claimed costs nothing.
      constexpr size_t kLeast = 16 << 10;
      constexpr size_t kMost = 1 << 20;
      const size_t before = input_.size();
      input_.resize(before + std::clamp(before, kLeast, kMost));
      const IoResult got = stream_->Read({input_.data() + before, input_.size() - before});
      input_.resize(before + got.bytes);
      if (got.status == IoStatus::Closed) return Close();
      if (got.status != IoStatus::Done) return;
      Serve({});
    }
  } while (state_ == State::Open && output_.empty() && stream_->has_pending());
}

// Thrown away, so that the other end is not told that its bytes were refused before it has read why.
void Connection::Discard() {
  const IoResult got = stream_->Read(loop_.scratch());
  if (got.status == IoStatus::Closed) Close();
}

void Connection::Serve(std::string_view fresh) {
  while (true) {
    const std::string_view input = input_.empty() ? fresh : std::string_view(input_);
    const size_t used = ServeMany(input);
    if (input_.empty()) {
      input_.assign(input.substr(used));
    } else {
      input_.erase(0, used);
    }
    fresh = {};
    if (!Flush()) return;
    if (hands_off_) HandOff();
    if (state_ != State::Open || !output_.empty() || used == 0 || input_.empty()) break;
  }
  Settle();
}

// Deadline and interest, when there is nothing more to do for now.
void Connection::Settle() {
  const auto& limits = loop_.parts().limits;
  switch (state_) {
    case State::Handshake:
    case State::Lingering:
    case State::Closed: break;
    case State::Waiting: deadline_ = kNever; break;
    case State::Streaming: deadline_ = loop_.now() + kKeepAliveMs; break;
    case State::Open:
      if (!output_.empty()) {
        deadline_ = loop_.now() + limits.write_ms;
      } else if (input_.empty()) {
        phase_ = Phase::Idle;
        deadline_ = loop_.now() + limits.idle_ms;
        input_.shrink_to_fit();
        if (loop_.parts().is_draining.load(std::memory_order_relaxed)) Linger();
      }
      break;
  }
  // Who waits for the log is not slow himself.
  if (!held_.empty()) deadline_ = state_ == State::Open ? held_until_ : std::min(deadline_, held_until_);
  if (state_ != State::Closed) UpdateInterest();
}

auto Connection::ServeMany(std::string_view input) -> size_t {
  size_t used = 0;
  while (state_ == State::Open && !closes_ && used < input.size() && loop_.out().size() < kGather) {
    const size_t step = ServeOne(input.substr(used));
    if (step == 0) break;
    used += step;
  }
  return used;
}

auto Connection::CurrentReader() -> RequestReader& { return reader_ != nullptr ? *reader_ : loop_.reader(); }

void Connection::ForgetRequest() {
  if (reader_ != nullptr) {
    reader_.reset();
  } else {
    loop_.reader().Reset();
  }
  is_head_done_ = false;
  is_continued_ = false;
  phase_ = Phase::Idle;
}

// The reader knows what it has seen of the request: it is this connection's until the rest comes.
void Connection::Pause(Phase phase) {
  if (reader_ == nullptr) reader_ = loop_.TakeReader();
  if (phase_ == phase) return;
  phase_ = phase;
  const auto& limits = loop_.parts().limits;
  deadline_ = loop_.now() + (phase == Phase::Header ? limits.header_ms : limits.body_ms);
}

auto Connection::Refuse(const RequestReader::Refusal& refusal, size_t used) -> size_t {
  Response& response = loop_.response();
  response.Reset();
  Fail(response, refusal.status, refusal.code, refusal.message);
  Respond({}, response, false);
  ForgetRequest();
  return used;
}

auto Connection::ServeOne(std::string_view input) -> size_t {
  using Progress = RequestReader::Progress;
  RequestReader& reader = CurrentReader();
  RouteMatch match;
  const Route* route = nullptr;
  const bool is_resumed = is_head_done_;
  if (!is_resumed) {
    const Progress progress = reader.ReadHead(input);
    if (progress == Progress::NeedMore) return Pause(Phase::Header), 0;
    if (progress == Progress::Refused) return Refuse(reader.refusal(), input.size());
    route = FindRoute(reader, match);
    const auto& limits = loop_.parts().limits;
    max_body_ = route != nullptr && route->place == Place::Background ? limits.max_upload_bytes : limits.max_body_bytes;
  }
  const Progress progress = reader.ReadBody(input, max_body_);
  if (progress == Progress::Refused) return Refuse(reader.refusal(), input.size());
  if (progress == Progress::NeedMore) {
    if (!is_resumed && route == nullptr) {  // nobody waits for a body that nobody will read
      Respond(reader.request(), loop_.response(), false);
      ForgetRequest();
      return input.size();
    }
    if (reader.wants_continue() && !is_continued_) loop_.out() += "HTTP/1.1 100 Continue\r\n\r\n";
    is_continued_ = true;
    is_head_done_ = true;
    return Pause(Phase::Body), 0;
  }
  if (is_resumed) route = FindRoute(reader, match);
  if (route != nullptr && IsBackground(*route)) {
    hands_off_ = true;
    return 0;
  }
  const size_t used = reader.consumed();
  Response& response = loop_.response();
  if (route != nullptr) Handle(*route, loop_.worker(), reader.request(), response);
  Respond(reader.request(), response, reader.keeps_alive());
  ForgetRequest();
  return used;
}

auto Connection::IsBackground(const Route& route) const -> bool {
  switch (route.place) {
    case Place::Loop: return false;
    case Place::Background: return true;
    case Place::Deciding: return loop_.parts().service.waits_to_decide();
  }
  return true;
}

auto Connection::Authenticate(Request& request) -> bool {
  auto& authenticator = loop_.parts().authenticator;
  const std::string_view text = request.header("authorization");
  const Service& service = loop_.parts().service;
  const uint64_t epoch = authenticator.epoch();
  const bool is_valid = credential_.valid_until_ms == kNever || service.now() < credential_.valid_until_ms;
  const bool is_known = credential_.caller != nullptr && credential_epoch_ == epoch && is_valid && text == credential_text_;
  if (!is_known) {
    credential_ = authenticator.Find(request, peer_, service.now());
    credential_text_ = text;
    credential_epoch_ = epoch;
  }
  request.caller = credential_.caller.get();
  return !credential_.is_wrong;
}

// The response is complete if there is no route.
auto Connection::FindRoute(RequestReader& reader, RouteMatch& match) -> const Route* {
  Request& request = reader.request();
  Response& response = loop_.response();
  response.Reset();
  request.peer = &peer_;
  const bool is_credential_right = Authenticate(request);
  RateLimiter* limiter = request.caller->limiter.get();
  if (limiter != nullptr && !limiter->Take(loop_.now() * 1000)) {
    Fail(response, 429, "too-many-requests", "this caller asks too often");
    response.AddHeader("Retry-After", "1");
    return nullptr;
  }
  const Route* route = server::FindRoute(loop_.parts().service, request, match, response);
  if (!is_credential_right && response.status == 401) {
    response.AddHeader("WWW-Authenticate", "Bearer realm=\"remit\", error=\"invalid_token\"");
  }
  return route;
}

// ---- requests that wait --------------------------------------------------------------------------------------------------------

// The request is read once more where it stays until it is answered.
void Connection::HandOff() {
  hands_off_ = false;
  if (reader_ == nullptr) reader_ = loop_.TakeReader();
  reader_->Reset();
  is_head_done_ = false;
  auto job = std::make_shared<Job>();
  const bool is_read =
      reader_->ReadHead(input_) == RequestReader::Progress::Done && reader_->ReadBody(input_, max_body_) == RequestReader::Progress::Done;
  Request& request = reader_->request();
  request.peer = &peer_;
  if (!is_read || !Authenticate(request)) request.caller = credential_.caller.get();
  job->route = server::FindRoute(loop_.parts().service, request, job->match, job->response);
  job->request = request;
  job->caller = credential_.caller;
  job->keeps_alive = reader_->keeps_alive();
  state_ = State::Waiting;
  if (job->route == nullptr) return Finish(*job);
  const bool is_taken = loop_.parts().background.Add([self = shared_from_this(), job](Worker& worker) {
    Handle(*job->route, worker, job->request, job->response);
    // The worker's own thread must not be the last to hold the connection.
    Loop& loop = self->loop_;
    loop.Post([self, job] { self->Finish(*job); });
  });
  if (is_taken) return;
  Fail(job->response, 503, "too-many-waiting", "too many requests wait already");
  job->response.AddHeader("Retry-After", "1");
  Finish(*job);
}

void Connection::Finish(Job& job) {
  if (state_ != State::Waiting) return;
  state_ = State::Open;
  Respond(job.request, job.response, job.keeps_alive);
  const size_t used = std::min(reader_->consumed(), input_.size());
  ForgetRequest();
  input_.erase(0, used);
  if (!Flush()) return;
  if (state_ == State::Open && output_.empty() && !input_.empty()) return Serve({});
  Settle();
}

// ---- out -----------------------------------------------------------------------------------------------------------------------

void Connection::Respond(const Request& request, const Response& response, bool keeps_alive) {
  if (response.stream == Stream::Events && response.status == 200) {
    CountResponse(response.status);
    return BeginStream(request, response);
  }
  const bool stays = keeps_alive && !response.close && !loop_.parts().is_draining.load(std::memory_order_relaxed);
  if (!stays) closes_ = true;
  const ResponseFacts facts = {.date = loop_.date(), .is_head = request.method == Method::Head, .stays = stays};
  const size_t begin = output_.size() + loop_.out().size();
  AppendResponse(loop_.out(), response, facts);
  if (response.durable_after == 0) return CountResponse(response.status);
  Hold(response, begin, facts);
}

void Connection::CountResponse(int status) {
  loop_.worker().cell().responses[static_cast<size_t>(status / 100)].fetch_add(1, std::memory_order_relaxed);
}

void Connection::BeginStream(const Request& request, const Response& response) {
  state_ = State::Streaming;
  topics_ = response.topics;
  AppendStreamHead(loop_.out(), response, loop_.date());
  const std::string_view last = request.header("last-event-id");
  uint64_t id = 0;
  for (const char c : last.substr(0, 18)) id = c >= '0' && c <= '9' ? id * 10 + static_cast<uint64_t>(c - '0') : id;
  if (last.empty()) return;
  for (const auto& event : loop_.parts().events.After(id)) {
    if (HasTopic(topics_, event->topic)) AppendChunk(loop_.out(), EventText(*event));
  }
}

void Connection::Send(const Event& event) {
  if (state_ != State::Streaming || !HasTopic(topics_, event.topic)) return;
  if (output_.size() > kMaxBehind) return Close();
  AppendChunk(loop_.out(), EventText(event));
  if (Flush()) Settle();
}

auto Connection::Write(std::string_view bytes) -> bool {
  while (!bytes.empty()) {
    const IoResult put = stream_->Write(bytes);
    if (put.status == IoStatus::Closed) return Close(), false;
    if (put.status != IoStatus::Done) break;
    bytes.remove_prefix(put.bytes);
  }
  output_.assign(bytes);
  return true;
}

// Answers wait for the audit log: what was not recorded must not be known to anybody.
auto Connection::IsHeld() -> bool {
  audit::Log& audit = *loop_.parts().service.audit();
  const uint64_t durable = audit.durable();
  const bool is_refused = durable < held_.until() && ((audit.refuses() && audit.is_stuck()) || loop_.now() >= held_until_);
  if (durable < held_.until() && !is_refused) {
    audit.Hurry(held_.until() - 1);
    return true;
  }
  if (is_refused) GiveBack(held_.Refuse(output_, durable, loop_.date()));
  for (const HeldAnswer& answer : held_.answers()) CountResponse(answer.status);
  held_.Clear();
  return false;
}

void Connection::Hold(const Response& response, size_t begin, const ResponseFacts& facts) {
  if (held_.empty()) held_until_ = loop_.now() + std::max<int64_t>(loop_.parts().limits.audit_ms, 1);
  held_.Add({.begin = begin,
             .end = output_.size() + loop_.out().size(),
             .until = response.durable_after,
             .status = response.status,
             .is_head = facts.is_head,
             .stays = facts.stays,
             .reservations = response.reservations});
}

// What was refused is not spent. Stores may wait for a disk or a network; if nobody has time, the reservation ends by itself.
void Connection::GiveBack(std::vector<std::string> reservations) {
  const Node* node = loop_.parts().service.node();
  if (reservations.empty() || node == nullptr) return;
  [[maybe_unused]] const bool is_taken = loop_.parts().background.Add([node, given = std::move(reservations)](Worker& worker) {
    for (const std::string& reservation : given) {
      [[maybe_unused]] const auto returned =
          node->Settle(reservation, ledger::Verdict::NotDispatched, {}, Datetime{worker.service().now()});
    }
  });
}

void Connection::OnAudit() {
  is_listed_ = false;
  if (state_ == State::Closed || !Flush()) return;
  if (state_ == State::Open && output_.empty() && !input_.empty()) return Serve({});
  Settle();
}

auto Connection::Flush() -> bool {
  std::string& out = loop_.out();
  if (!held_.empty()) {
    output_ += out;
    out.clear();
    if (IsHeld()) {
      if (!std::exchange(is_listed_, true)) loop_.Hold(shared_from_this());
      return true;
    }
  }
  bool is_open = true;
  if (output_.empty()) {
    is_open = Write(out);
    out.clear();
  } else {
    std::string all = std::move(output_) + out;
    out.clear();
    const size_t before = all.size();
    is_open = Write(all);
    if (is_open && output_.size() < before) deadline_ = loop_.now() + loop_.parts().limits.write_ms;
  }
  if (!is_open) return false;
  if (output_.empty()) output_.shrink_to_fit();
  if (closes_ && output_.empty() && state_ == State::Open) Linger();
  return state_ != State::Closed;
}

// ---- the end -------------------------------------------------------------------------------------------------------------------

void Connection::Linger() {
  state_ = State::Lingering;
  input_ = {};
  reader_.reset();
  deadline_ = loop_.now() + kLingerMs;
  stream_->ShutDown();
  UpdateInterest();
}

void Connection::Close() {
  if (state_ == State::Closed) return;
  state_ = State::Closed;
  deadline_ = kNever;
  loop_.out().clear();
  loop_.Remove(*this, socket_.get());
}

void Connection::OnDeadline() {
  if (deadline_ > loop_.now()) return;
  if (!held_.empty() && loop_.now() >= held_until_) {
    if (!Flush()) return;
    if (state_ == State::Open && output_.empty() && !input_.empty()) return Serve({});
    return Settle();
  }
  switch (state_) {
    case State::Streaming:
      AppendChunk(loop_.out(), ":\n\n");
      if (Flush()) Settle();
      return;
    case State::Open:
      if (output_.empty() && (phase_ != Phase::Idle || !input_.empty())) {
        Refuse({.status = 408, .code = "request-timeout", .message = "the request did not come in time"}, 0);
        if (Flush()) Settle();
        return;
      }
      return Close();
    case State::Handshake:
    case State::Waiting:
    case State::Lingering:
    case State::Closed: return Close();
  }
}

void Connection::Drain() {
  if (state_ == State::Streaming) return Close();
  if (state_ == State::Open && output_.empty() && input_.empty()) Linger();
}

void Connection::UpdateInterest() {
  uint32_t wanted = 0;
  const bool reads = state_ == State::Streaming || state_ == State::Lingering || (state_ == State::Handshake && !wants_write_) ||
                     (state_ == State::Open && output_.empty());
  if (reads) wanted |= EPOLLIN;
  if ((!output_.empty() && held_.empty()) || wants_write_) wanted |= EPOLLOUT;
  if (wanted == interest_ || state_ == State::Closed) return;
  interest_ = wanted;
  loop_.SetInterest(*this, socket_.get(), wanted, false);
}

}  // namespace remit::server
