#include "runtime/server/transport/http_server.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "runtime/server/transport/connection.h"

namespace remit::server {
namespace {

// As many descriptors as the system lets us have.
void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

HttpServer::HttpServer(Service& service, Authenticator& authenticator, EventHub& events, const TransportOptions& options)
    : service_(service), options_(options), admission_(options_.limits), authenticator_(authenticator), events_(events) {}

auto HttpServer::Open(Service& service, Authenticator& authenticator, EventHub& events, const TransportOptions& options)
    -> Expected<std::unique_ptr<HttpServer>> {
  std::unique_ptr<HttpServer> server(new HttpServer(service, authenticator, events, options));
  const ListenOptions& listen = server->options_.listen;
  if (!listen.tls.certificate.empty()) {
    auto tls = TlsContext::Make(listen.tls);
    if (!tls) return std::unexpected(tls.error());
    server->tls_ = std::move(*tls);
  }
  for (const std::string& address : listen.tcp) {
    auto listener = ListenTcp(address);
    if (!listener) return std::unexpected(listener.error());
    server->listeners_.push_back(std::move(*listener));
  }
  if (!listen.unix_path.empty()) {
    auto listener = ListenUnix(listen.unix_path, listen.unix_mode);
    if (!listener) return std::unexpected(listener.error());
    server->listeners_.push_back(std::move(*listener));
  }
  return server;
}

void HttpServer::Start() {
  RaiseDescriptorLimit();
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  background_ = std::make_unique<Background>(service_, std::max(options_.background, 1U), options_.limits.max_waiting);
  const uint32_t count = options_.loops != 0 ? options_.loops : std::max(std::thread::hardware_concurrency(), 1U);
  for (uint32_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<Loop>(TransportParts{.service = service_,
                                                           .authenticator = authenticator_,
                                                           .background = *background_,
                                                           .events = events_,
                                                           .limits = options_.limits,
                                                           .tls = tls_.get(),
                                                           .admission = admission_,
                                                           .is_draining = is_draining_}));
    Loop& loop = *loops_.back();
    events_.AddSink([&loop](const std::shared_ptr<const Event>& event) { loop.Post([&loop, event] { loop.SendToStreams(*event); }); });
  }
  for (const Listener& listener : listeners_) {
    loops_[0]->Listen(listener, [this](Descriptor socket, const Listener& from) { Accept(std::move(socket), from); });
  }
  for (const auto& loop : loops_) threads_.emplace_back([&loop = *loop] { loop.Run(); });
}

// In turn, so that few connections are spread as well as many. Listening in each loop with SO_REUSEPORT, the alternative, leaves it to a hash.
void HttpServer::Accept(Descriptor socket, const Listener& listener) {
  Peer peer = MakePeer(socket.get(), listener);
  if (!admission_.Enter(peer.address)) {
    if (tls_ == nullptr || listener.is_unix) Loop::TurnAway(std::move(socket));
    return;
  }
  const size_t index = next_loop_++ % loops_.size();
  Loop& loop = *loops_[index];
  if (index == 0) return loop.Adopt(std::move(socket), std::move(peer));
  const auto shared = std::make_shared<Descriptor>(std::move(socket));
  loop.Post([&loop, shared, peer = std::move(peer)] { loop.Adopt(std::move(*shared), peer); });
}

auto HttpServer::addresses() const -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const Listener& listener : listeners_) out.push_back(listener.address);
  return out;
}

auto HttpServer::ReloadTls() -> Expected<void> { return tls_ != nullptr ? tls_->Reload() : Expected<void>(); }

void HttpServer::OnAudit() {
  for (const auto& loop : loops_) loop->OnAudit();
}

auto HttpServer::Drain() -> bool {
  if (loops_.empty()) return true;
  is_draining_ = true;
  loops_[0]->Post([&loop = *loops_[0]] { loop.StopListening(); });
  for (const auto& loop : loops_) loop->Post([&each = *loop] { each.Drain(); });
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.limits.drain_ms);
  while (connections() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const bool is_empty = connections() == 0;
  Stop();
  return is_empty;
}

void HttpServer::Stop() {
  events_.RemoveSinks();
  for (const auto& loop : loops_) loop->Stop();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  threads_.clear();
  background_.reset();  // what it was about to post goes to loops that no longer run
  for (const Listener& listener : listeners_) {
    if (listener.is_unix) ::unlink(listener.address.c_str());
  }
  listeners_.clear();
}

HttpServer::~HttpServer() { Stop(); }

}  // namespace remit::server
