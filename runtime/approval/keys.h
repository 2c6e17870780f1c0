// Ed25519 keys (RFC 8032), which sign grants and verify them.
//
// One algorithm: a token that could name its own would let whoever wrote it choose how it is verified. A key's id is made from the key, so that
// an id never means two keys.
//
// Keys are cheap to copy, const, and may be used by any number of threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/error.h"

struct evp_pkey_st;  // OpenSSL's, whose headers stay behind keys.cpp

namespace remit::approval {

class PublicKey {
 public:
  // "BEGIN PUBLIC KEY". Codes: "key-unreadable", "key-of-another-kind".
  static auto FromPem(std::string_view pem) -> Expected<PublicKey>;
  // The 32 bytes of RFC 8032. Code: "key-unreadable".
  static auto FromRaw(std::string_view bytes) -> Expected<PublicKey>;

  auto ToPem() const -> std::string;
  auto ToRaw() const -> std::string;
  // 22 characters of base64url: the first 16 bytes of SHA-256 of the key's 32.
  auto id() const -> const std::string& { return id_; }
  auto Verifies(std::string_view text, std::string_view signature) const -> bool;

 private:
  friend class SigningKey;
  explicit PublicKey(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string id_;
};

class SigningKey {
 public:
  static auto Generate() -> SigningKey;
  // "BEGIN PRIVATE KEY", not encrypted. Codes as above.
  static auto FromPem(std::string_view pem) -> Expected<SigningKey>;

  // Secret.
  auto ToPem() const -> std::string;
  auto public_key() const -> const PublicKey& { return public_; }
  auto id() const -> const std::string& { return public_.id(); }
  // 64 bytes.
  auto Sign(std::string_view text) const -> std::string;

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key) : key_(key), public_(std::move(key)) {}

  std::shared_ptr<evp_pkey_st> key_;
  PublicKey public_;
};

}  // namespace remit::approval
