// Bytes in and out of one non-blocking socket, plain or through TLS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "runtime/server/http.h"

namespace remit::server {

// WantRead, WantWrite: nothing more until the socket is readable, or writable. Closed: the other end has ended, or it failed.
enum class IoStatus : uint8_t { Done, WantRead, WantWrite, Closed };

struct IoResult {
  IoStatus status = IoStatus::Done;
  size_t bytes = 0;
};

class SocketStream {
 public:
  virtual ~SocketStream() = default;
  // Until Done nothing is read or written. Then `peer` has what the handshake told.
  virtual auto Handshake(Peer& peer) -> IoStatus = 0;
  virtual auto Read(std::span<char> buffer) -> IoResult = 0;
  virtual auto Write(std::string_view bytes) -> IoResult = 0;
  // Bytes that were received and that no event will tell of.
  virtual auto has_pending() const -> bool = 0;
  // Says that nothing more will be written.
  virtual void ShutDown() = 0;
};

// Borrows the descriptor.
auto MakePlainStream(int fd) -> std::unique_ptr<SocketStream>;

}  // namespace remit::server
