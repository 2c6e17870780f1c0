// Sockets that are listened on.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/error.h"

namespace remit::server {

// A descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.Take()) {}
  auto operator=(Descriptor&& other) noexcept -> Descriptor&;

  auto get() const -> int { return fd_; }
  auto Take() -> int;

 private:
  int fd_;
};

struct Listener {
  Descriptor socket;
  std::string address;  // with the port that was chosen; the path of a Unix socket
  bool is_unix = false;
};

// "127.0.0.1:8180", "[::1]:8180", "0.0.0.0:0". Codes: "listen-address", "cannot-listen".
auto ListenTcp(const std::string& address) -> Expected<Listener>;
// A socket that nobody listens on any more is replaced; anything else at the path is an error.
auto ListenUnix(const std::string& path, uint32_t mode) -> Expected<Listener>;

}  // namespace remit::server
