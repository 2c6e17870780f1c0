// What the transport is told: where to listen, and what strangers may cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace remit::server {

// Times are milliseconds. Each limit has a status of its own, and whoever keeps to them is served meanwhile.
struct TransportLimits {
  size_t max_target_bytes = 8 << 10;  // 414
  size_t max_header_bytes = 16 << 10;  // 431, request line and all headers
  size_t max_headers = 64;  // 431
  size_t max_body_bytes = 1 << 20;  // 413
  size_t max_upload_bytes = size_t{64} << 20;  // 413, of routes that publish policies and entities
  size_t max_connections = 20'000;  // 503
  size_t max_connections_per_peer = 12'000;  // 503, of one address
  size_t max_waiting = 1'024;  // 503, requests that wait for a background thread
  int64_t handshake_ms = 10'000;
  int64_t header_ms = 10'000;  // 408, from its first byte to the end of a header
  int64_t body_ms = 30'000;  // 408
  int64_t idle_ms = 75'000;  // between requests
  int64_t write_ms = 30'000;  // without progress: the other end does not read
  int64_t audit_ms = 10'000;  // 503, an answer that waits for its audit record
  int64_t drain_ms = 15'000;  // after SIGTERM
};

struct TlsOptions {
  std::string certificate = {};  // PEM, the chain; empty: no TLS
  std::string key = {};  // PEM
  std::string client_ca = {};  // PEM: who signs client certificates; empty: nobody is asked for one
  bool require_client = false;  // nobody connects without one
};

struct ListenOptions {
  std::vector<std::string> tcp = {};  // "127.0.0.1:8180", "[::1]:8180"; port 0: any
  std::string unix_path = {};
  uint32_t unix_mode = 0660;
  TlsOptions tls = {};  // of every TCP address
};

struct TransportOptions {
  ListenOptions listen = {};
  TransportLimits limits = {};
  uint32_t loops = 0;  // 0: one for each processor
  uint32_t background = 4;
};

}  // namespace remit::server
