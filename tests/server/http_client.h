// A client that sends exactly what it is told, for tests of what servers make of it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace remit::server {

class RawClient {
 public:
  // "127.0.0.1:8180", or the path of a Unix socket.
  explicit RawClient(const std::string& address) {
    if (address.starts_with('/')) {
      fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un to = {};
      to.sun_family = AF_UNIX;
      std::memcpy(to.sun_path, address.c_str(), address.size() + 1);
      is_open_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
    } else {
      fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in to = {};
      to.sin_family = AF_INET;
      to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
      inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
      is_open_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
    }
    SetTimeout(5);
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  auto operator=(const RawClient&) -> RawClient& = delete;

  auto is_open() const -> bool { return is_open_; }
  void SetTimeout(int seconds) {
    const timeval time = {.tv_sec = seconds, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
  }

  // False: the other end has closed.
  auto Send(std::string_view bytes) -> bool {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  struct Answer {
    int status = 0;  // 0: the connection ended, or nothing came in time
    std::string head;
    std::string body;
  };
  auto Receive() -> Answer {
    size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!Fill()) return {};
    }
    Answer answer = {.status = std::stoi(buffer_.substr(9, 3)), .head = buffer_.substr(0, end + 2), .body = {}};
    buffer_.erase(0, end + 4);
    const size_t at = answer.head.find("Content-Length: ");
    const size_t size = at == std::string::npos ? 0 : std::stoul(answer.head.substr(at + 16));
    while (buffer_.size() < size) {
      if (!Fill()) return {};
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }
  auto Ask(std::string_view bytes) -> Answer {
    Send(bytes);
    return Receive();
  }
  // What comes until `text` has come, or nothing more does.
  auto ReceiveUntil(std::string_view text) -> std::string {
    while (buffer_.find(text) == std::string::npos) {
      if (!Fill()) break;
    }
    return std::exchange(buffer_, {});
  }
  // Whether the other end closes in time.
  auto IsClosed() -> bool {
    while (Fill()) {}
    return is_ended_;
  }

 private:
  auto Fill() -> bool {
    char bytes[65536];
    const ssize_t got = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (got <= 0) {
      is_ended_ = got == 0 || errno == ECONNRESET;
      return false;
    }
    buffer_.append(bytes, static_cast<size_t>(got));
    return true;
  }

  int fd_ = -1;
  bool is_open_ = false;
  bool is_ended_ = false;
  std::string buffer_;
};

}  // namespace remit::server
