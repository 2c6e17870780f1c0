#include "runtime/server/transport/socket_stream.h"

#include <sys/socket.h>

#include <cerrno>

namespace remit::server {
namespace {

class PlainStream final : public SocketStream {
 public:
  explicit PlainStream(int fd) : fd_(fd) {}

  auto Handshake(Peer& /*peer*/) -> IoStatus override { return IoStatus::Done; }

  auto Read(std::span<char> buffer) -> IoResult override {
    const ssize_t got = Retry([&] { return ::recv(fd_, buffer.data(), buffer.size(), 0); });
    if (got > 0) return {.status = IoStatus::Done, .bytes = static_cast<size_t>(got)};
    return {.status = got < 0 && IsAgain() ? IoStatus::WantRead : IoStatus::Closed};
  }

  auto Write(std::string_view bytes) -> IoResult override {
    const ssize_t put = Retry([&] { return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (put >= 0) return {.status = IoStatus::Done, .bytes = static_cast<size_t>(put)};
    return {.status = IsAgain() ? IoStatus::WantWrite : IoStatus::Closed};
  }

  auto has_pending() const -> bool override { return false; }
  void ShutDown() override { ::shutdown(fd_, SHUT_WR); }

 private:
  static auto IsAgain() -> bool { return errno == EAGAIN || errno == EWOULDBLOCK; }

  template <typename Call>
  static auto Retry(Call call) -> ssize_t {
    while (true) {
      const ssize_t result = call();
      if (result >= 0 || errno != EINTR) return result;
    }
  }

  int fd_;
};

}  // namespace

auto MakePlainStream(int fd) -> std::unique_ptr<SocketStream> { return std::make_unique<PlainStream>(fd); }

}  // namespace remit::server
