#include "runtime/server/transport/loop.h"

#include <arpa/inet.h>
#include <fmt/chrono.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "runtime/base/check.h"
#include "runtime/server/log.h"
#include "runtime/server/transport/connection.h"

namespace remit::server {
namespace {

constexpr size_t kScratchBytes = 64 << 10;
constexpr int kTickMs = 250;

auto MonotonicMillis() -> int64_t {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

auto PeerOf(const sockaddr_storage& address, const Listener& listener, int fd) -> Peer {
  Peer peer;
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (listener.is_unix) {
    peer.is_unix = true;
    ucred credentials = {};
    socklen_t size = sizeof(credentials);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) peer.uid = credentials.uid;
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    peer.address = text.data();
    peer.is_loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
  } else {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    peer.address = text.data();
    peer.is_loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
  }
  return peer;
}

}  // namespace

Loop::Loop(TransportParts parts)
    : parts_(parts),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      worker_(parts.service),
      scratch_(kScratchBytes),
      reader_(std::make_unique<RequestReader>(parts.limits)) {
  CHECK(epoll_.get() >= 0 && wake_.get() >= 0);
  epoll_event event = {.events = EPOLLIN, .data = {.ptr = nullptr}};
  CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0);
  UpdateTime();
}

Loop::~Loop() { connections_.clear(); }

void Loop::UpdateTime() {
  now_ = MonotonicMillis();
  constexpr int64_t kSecond = 1000;
  if (now_ - dated_ < kSecond && !date_.empty()) return;
  dated_ = now_;
  date_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)));
}

// Pointers in events: null is the wake, those with their lowest bit set are listeners, the others connections.
void Loop::Run() {
  std::array<epoll_event, 256> events;
  while (!is_over_.load(std::memory_order_acquire)) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), kTickMs);
    UpdateTime();
    for (int i = 0; i < count; ++i) {
      const auto tagged = events[static_cast<size_t>(i)].data.u64;
      if (tagged == 0) {
        RunTasks();
      } else if ((tagged & 1) != 0) {
        AcceptFrom(*reinterpret_cast<const Listening*>(tagged & ~uint64_t{1}));
      } else {
        reinterpret_cast<Connection*>(tagged)->OnEvents(events[static_cast<size_t>(i)].events);
      }
    }
    if (now_ - ticked_ >= kTickMs) Tick();
    removed_.clear();
  }
  connections_.clear();
  RunTasks();
}

void Loop::Tick() {
  ticked_ = now_;
  worker_.Release();  // a loop without requests must not keep an old snapshot
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& [pointer, connection] : connections_) {
    if (connection->deadline() <= now_) late.push_back(connection);
  }
  for (const auto& connection : late) connection->OnDeadline();
  // Who has left must not stay open until the log can be written.
  std::erase_if(held_, [](const auto& connection) { return connection->is_closed(); });
}

void Loop::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
}

void Loop::RunTasks() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof(count));
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks) task();
}

void Loop::Hold(std::shared_ptr<Connection> connection) {
  held_.push_back(std::move(connection));
  has_held_.store(true);
  // What happened in between told nobody.
  const audit::Log& audit = *parts_.service.audit();
  if (audit.durable() != seen_durable_ || (audit.refuses() && audit.is_stuck())) OnAudit();
}

void Loop::OnAudit() {
  if (!has_held_.exchange(false)) return;
  Post([this] {
    seen_durable_ = parts_.service.audit()->durable();
    std::vector<std::shared_ptr<Connection>> held;
    held.swap(held_);
    for (const auto& connection : held) connection->OnAudit();
  });
}

void Loop::Stop() {
  is_over_.store(true, std::memory_order_release);
  Post([] {});
}

void Loop::Listen(const Listener& listener, Accept accept) {
  listening_.push_back(std::make_unique<Listening>(Listening{.listener = &listener, .accept = std::move(accept)}));
  epoll_event event = {.events = EPOLLIN, .data = {.u64 = reinterpret_cast<uint64_t>(listening_.back().get()) | 1}};
  CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener.socket.get(), &event) == 0);
}

void Loop::StopListening() {
  for (const auto& listening : listening_) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listening->listener->socket.get(), nullptr);
}

void Loop::AcceptFrom(const Listening& listening) {
  constexpr int kAtOnce = 64;
  for (int i = 0; i < kAtOnce; ++i) {
    Descriptor socket(::accept4(listening.listener->socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() >= 0) {
      listening.accept(std::move(socket), *listening.listener);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      Log(LogLevel::Error, "accept-failed", {{.name = "errno", .value = int64_t{errno}}});
      // What waits stays in the backlog: without this pause the loop would spin.
      ::usleep(1000);
    }
    return;
  }
}

auto MakePeer(int fd, const Listener& listener) -> Peer {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  ::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return PeerOf(address, listener, fd);
}

void Loop::TurnAway(Descriptor socket) {
  constexpr std::string_view kBody = R"({"error":{"code":"too-many-connections","message":"there are too many connections"}})";
  const std::string text = fmt::format(
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: {}\r\nRetry-After: 1\r\nConnection: "
      "close\r\n\r\n{}",
      kBody.size(), kBody);
  [[maybe_unused]] const ssize_t sent = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
  ::shutdown(socket.get(), SHUT_WR);
}

void Loop::Adopt(Descriptor socket, Peer peer) {
  const bool is_tls = parts_.tls != nullptr && !peer.is_unix;
  if (!peer.is_unix) {
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  auto stream = is_tls ? parts_.tls->Accept(socket.get()) : MakePlainStream(socket.get());
  if (stream == nullptr) {
    parts_.admission.Leave(peer.address);
    return;
  }
  auto connection = std::make_shared<Connection>(*this, std::move(socket), std::move(stream), std::move(peer), is_tls);
  connections_.emplace(connection.get(), connection);
  connection->Start();
}

void Loop::SetInterest(Connection& connection, int fd, uint32_t events, bool is_new) {
  epoll_event event = {.events = events, .data = {.ptr = &connection}};
  ::epoll_ctl(epoll_.get(), is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

void Loop::Remove(Connection& connection, int fd) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  const auto it = connections_.find(&connection);
  if (it == connections_.end()) return;
  removed_.push_back(std::move(it->second));
  connections_.erase(it);
}

auto Loop::TakeReader() -> std::unique_ptr<RequestReader> { return std::exchange(reader_, std::make_unique<RequestReader>(parts_.limits)); }

auto Loop::All() const -> std::vector<std::shared_ptr<Connection>> {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [pointer, connection] : connections_) all.push_back(connection);
  return all;
}

void Loop::Drain() {
  for (const auto& connection : All()) connection->Drain();
}

void Loop::SendToStreams(const Event& event) {
  for (const auto& connection : All()) connection->Send(event);
}

}  // namespace remit::server
