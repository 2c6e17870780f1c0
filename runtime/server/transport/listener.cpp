#include "runtime/server/transport/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace remit::server {
namespace {

constexpr int kBacklog = 4096;

auto BadAddress(const std::string& address) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "listen-address",
                               .message = fmt::format("`{}` is no address to listen on", address),
                               .pointer = {},
                               .help = "as in `127.0.0.1:8180` or `[::1]:8180`"});
}

auto CannotListen(const std::string& address) -> std::unexpected<Error> {
  const int error = errno;
  return std::unexpected(Error{.code = "cannot-listen",
                               .message = fmt::format("cannot listen on `{}`: {}", address, std::strerror(error)),
                               .pointer = {},
                               .help = {}});
}

struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;
};

auto ParseTcp(const std::string& text) -> std::optional<SocketAddress> {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = text.substr(0, colon);
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (host == "localhost") host = "127.0.0.1";
  SocketAddress address;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    sockaddr_in6 v6 = {};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) != 1) return std::nullopt;
    std::memcpy(&address.storage, &v6, sizeof(v6));
    address.size = sizeof(v6);
    return address;
  }
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1) return std::nullopt;
  std::memcpy(&address.storage, &v4, sizeof(v4));
  address.size = sizeof(v4);
  return address;
}

// With the port that was chosen.
auto BoundAddress(int fd, const std::string& asked) -> std::string {
  sockaddr_storage bound = {};
  socklen_t size = sizeof(bound);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return asked;
  const uint16_t port = bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                                    : reinterpret_cast<const sockaddr_in&>(bound).sin_port;
  return fmt::format("{}:{}", asked.substr(0, asked.rfind(':')), ntohs(port));
}

// Whether somebody answers there.
auto IsServed(const sockaddr_un& address) -> bool {
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

auto Descriptor::operator=(Descriptor&& other) noexcept -> Descriptor& {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.Take();
  }
  return *this;
}

auto Descriptor::Take() -> int { return std::exchange(fd_, -1); }

auto ListenTcp(const std::string& address) -> Expected<Listener> {
  const auto parsed = ParseTcp(address);
  if (!parsed) return BadAddress(address);
  Descriptor socket(::socket(parsed->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return CannotListen(address);
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (parsed->storage.ss_family == AF_INET6) setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&parsed->storage), parsed->size) != 0) return CannotListen(address);
  if (::listen(socket.get(), kBacklog) != 0) return CannotListen(address);
  std::string bound = BoundAddress(socket.get(), address);
  return Listener{.socket = std::move(socket), .address = std::move(bound)};
}

auto ListenUnix(const std::string& path, uint32_t mode) -> Expected<Listener> {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) return BadAddress(path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  struct stat found = {};
  if (::lstat(path.c_str(), &found) == 0) {
    if (!S_ISSOCK(found.st_mode) || IsServed(address)) {
      errno = EADDRINUSE;
      return CannotListen(path);
    }
    ::unlink(path.c_str());
  }
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return CannotListen(path);
  // Nobody connects before the mode is set: listening comes after it.
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return CannotListen(path);
  if (::chmod(path.c_str(), mode) != 0 || ::listen(socket.get(), kBacklog) != 0) return CannotListen(path);
  return Listener{.socket = std::move(socket), .address = path, .is_unix = true};
}

}  // namespace remit::server
