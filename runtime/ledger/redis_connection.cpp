#include "runtime/ledger/redis_connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace remit::ledger {
namespace {

constexpr size_t kPart = 16 * 1024;
constexpr size_t kLargestAnswer = size_t{512} << 20;

auto TlsReason() -> std::string {
  std::array<char, 256> text = {};
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

}  // namespace

auto RedisAway(std::string_view why) -> std::unexpected<Error> {
  return Fail("store-away", "Redis cannot be reached: " + std::string(why));
}

auto RedisFailed(std::string_view why) -> std::unexpected<Error> { return Fail("store-failed", "Redis refuses: " + std::string(why)); }

// ---- TLS ----------------------------------------------------------------------------------------------------------------------

auto MakeTls(const RedisTls& options) -> Expected<std::shared_ptr<SSL_CTX>> {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (context == nullptr) return RedisFailed("TLS: " + TlsReason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const bool trusted = options.ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                                               : SSL_CTX_load_verify_locations(context.get(), options.ca_file.c_str(), nullptr) == 1;
  if (!trusted) return RedisFailed("the certificates of `" + options.ca_file + "` cannot be read: " + TlsReason());
  if (options.cert_file.empty()) return context;
  const std::string& key = options.key_file.empty() ? options.cert_file : options.key_file;
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.cert_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return RedisFailed("the certificate `" + options.cert_file + "` or its key cannot be read: " + TlsReason());
  }
  return context;
}

void RedisConnection::FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

auto RedisConnection::Shake(SSL_CTX& context, const std::string& server_name) -> Expected<void> {
  ssl_.reset(SSL_new(&context));
  if (ssl_ == nullptr) return RedisAway("out of memory");
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  const std::string& name = server_name.empty() ? address_.host : server_name;
  in6_addr ignored = {};
  const bool is_number = inet_pton(AF_INET, name.c_str(), &ignored) == 1 || inet_pton(AF_INET6, name.c_str(), &ignored) == 1;
  const bool named = is_number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), name.c_str()) == 1
                               : SSL_set1_host(ssl_.get(), name.c_str()) == 1 && SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) == 1;
  if (!named) return RedisFailed("`" + name + "` is no name of a server");
  SSL_set_connect_state(ssl_.get());
  for (;;) {
    const int done = SSL_do_handshake(ssl_.get());
    const int why = done == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), done);
    if (!Flush()) return RedisAway("the connection ended during the TLS handshake");
    if (done == 1) return {};
    if (why != SSL_ERROR_WANT_READ) {
      const long verified = SSL_get_verify_result(ssl_.get());
      const std::string reason = verified == X509_V_OK ? TlsReason() : X509_verify_cert_error_string(verified);
      ERR_clear_error();
      return RedisFailed("TLS with `" + name + "`: " + reason);
    }
    if (!Pump()) return RedisAway("the connection ended during the TLS handshake");
  }
}

// What TLS wants sent.
auto RedisConnection::Flush() -> bool {
  std::array<char, kPart> part;
  for (BIO* out = SSL_get_wbio(ssl_.get()); BIO_pending(out) > 0;) {
    const int size = BIO_read(out, part.data(), static_cast<int>(part.size()));
    if (size <= 0 || !Send({part.data(), static_cast<size_t>(size)})) return false;
  }
  return true;
}

// Gives TLS something to read.
auto RedisConnection::Pump() -> bool {
  std::array<char, kPart> part;
  const long size = Receive(part.data(), part.size());
  return size > 0 && BIO_write(SSL_get_rbio(ssl_.get()), part.data(), static_cast<int>(size)) == size;
}

auto RedisConnection::Write(std::string_view bytes) -> bool {
  if (ssl_ == nullptr) return Send(bytes);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kPart))) {
    const auto part = bytes.substr(0, kPart);
    if (SSL_write(ssl_.get(), part.data(), static_cast<int>(part.size())) != static_cast<int>(part.size())) return false;
    if (!Flush()) return false;
  }
  return true;
}

auto RedisConnection::Read(char* into, size_t size) -> long {
  if (ssl_ == nullptr) return Receive(into, size);
  for (;;) {
    const int count = SSL_read(ssl_.get(), into, static_cast<int>(size));
    if (count > 0) return count;
    const bool wants_more = SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    if (!wants_more || !Flush() || !Pump()) return 0;
  }
}

// ---- the socket ---------------------------------------------------------------------------------------------------------------

auto RedisConnection::Wait(short events) const -> bool {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    if (left <= 0) return false;
    pollfd socket = {.fd = socket_, .events = events, .revents = 0};
    const int ready = poll(&socket, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

auto RedisConnection::Send(std::string_view bytes) -> bool {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!Wait(POLLOUT)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// 0 at the end, after an error and after the deadline.
auto RedisConnection::Receive(char* into, size_t size) -> long {
  for (;;) {
    const ssize_t count = recv(socket_, into, size, 0);
    if (count >= 0) return count;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!Wait(POLLIN)) return 0;
    } else if (errno != EINTR) {
      return 0;
    }
  }
}

auto RedisConnection::ConnectTo(const addrinfo& to) -> bool {
  socket_ = socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol);
  if (socket_ < 0) return false;
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(socket_, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  int failed = connect(socket_, to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
  if (failed == EINPROGRESS && Wait(POLLOUT)) {
    socklen_t size = sizeof(failed);
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &failed, &size);
  }
  if (failed == 0) return true;
  close(socket_);
  socket_ = -1;
  return false;
}

auto RedisConnection::Connect() -> Expected<void> {
  const addrinfo wanted = {.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV,
                           .ai_family = AF_UNSPEC,
                           .ai_socktype = SOCK_STREAM,
                           .ai_protocol = 0,
                           .ai_addrlen = 0,
                           .ai_addr = nullptr,
                           .ai_canonname = nullptr,
                           .ai_next = nullptr};
  addrinfo* found = nullptr;
  if (const int failed = getaddrinfo(address_.host.c_str(), std::to_string(address_.port).c_str(), &wanted, &found); failed != 0) {
    return RedisAway(gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (ConnectTo(*each)) return {};
  }
  return RedisAway("nobody answers at `" + address_.host + ":" + std::to_string(address_.port) + "`");
}

auto RedisConnection::Open(const Address& address, const std::shared_ptr<SSL_CTX>& tls, const std::string& server_name, int timeout_ms)
    -> Expected<std::unique_ptr<RedisConnection>> {
  std::unique_ptr<RedisConnection> connection(new RedisConnection(address, timeout_ms));
  connection->deadline_ = Clock::now() + std::chrono::milliseconds(timeout_ms);
  connection->reader_.reset(redisReaderCreate());
  if (connection->reader_ == nullptr) return RedisAway("out of memory");
  if (auto connected = connection->Connect(); !connected) return std::unexpected(std::move(connected.error()));
  if (tls != nullptr) {
    if (auto shaken = connection->Shake(*tls, server_name); !shaken) return std::unexpected(std::move(shaken.error()));
  }
  return connection;
}

RedisConnection::~RedisConnection() {
  if (socket_ >= 0) close(socket_);
}

// Of TLS there may be something to read that is no answer: tickets for the next time.
auto RedisConnection::IsAlive() -> bool {
  pollfd socket = {.fd = socket_, .events = POLLIN, .revents = 0};
  if (poll(&socket, 1, 0) == 0) return true;
  if (ssl_ == nullptr || (socket.revents & (POLLERR | POLLNVAL)) != 0) return false;
  deadline_ = Clock::now();
  if (!Pump()) return false;
  char byte = 0;
  const int peeked = SSL_peek(ssl_.get(), &byte, 1);
  const bool nothing = peeked <= 0 && SSL_get_error(ssl_.get(), peeked) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return nothing;
}

// ---- questions ----------------------------------------------------------------------------------------------------------------

auto RedisConnection::Ask(std::span<const std::string> words) -> Expected<Reply> {
  deadline_ = Clock::now() + std::chrono::milliseconds(timeout_ms_);
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* formatted = nullptr;
  const auto size = redisFormatCommandArgv(&formatted, static_cast<int>(words.size()), texts.data(), sizes.data());
  if (size < 0) return RedisAway("out of memory");
  const std::unique_ptr<char, decltype(&redisFreeCommand)> command(formatted, redisFreeCommand);
  if (!Write({formatted, static_cast<size_t>(size)})) return RedisAway("the connection was lost");
  std::array<char, kPart> part;
  for (size_t received = 0;;) {
    void* answer = nullptr;
    if (redisReaderGetReply(reader_.get(), &answer) != REDIS_OK) return RedisAway("an answer that is not Redis");
    if (answer != nullptr) return Reply(static_cast<redisReply*>(answer));
    const long count = Read(part.data(), part.size());
    if (count <= 0) return RedisAway(Clock::now() >= deadline_ ? "no answer in time" : "the connection was lost");
    received += static_cast<size_t>(count);
    if (received > kLargestAnswer) return RedisAway("an answer without end");
    if (redisReaderFeed(reader_.get(), part.data(), static_cast<size_t>(count)) != REDIS_OK) return RedisAway("out of memory");
  }
}

}  // namespace remit::ledger
