#include "runtime/approval/keys.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>

#include "runtime/approval/base64url.h"
#include "runtime/approval/digest.h"
#include "runtime/base/check.h"

namespace remit::approval {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr size_t kMaxPemBytes = 16 << 10;
constexpr size_t kSignatureBytes = 64;
constexpr size_t kRawKeyBytes = 32;

auto BytesOf(std::string_view text) -> const unsigned char* { return reinterpret_cast<const unsigned char*>(text.data()); }

// OpenSSL would ask the terminal for the pass phrase of an encrypted key.
auto NoPassPhrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) -> int { return -1; }

auto FailKey(std::string code, std::string message) -> std::unexpected<Error> {
  ERR_clear_error();
  return std::unexpected(Error{.code = std::move(code),
                               .message = std::move(message),
                               .pointer = {},
                               .help = "keys are Ed25519 in PEM, without a pass phrase: `openssl genpkey -algorithm ed25519`"});
}

template <typename Read>
auto ReadPem(std::string_view pem, std::string_view what, Read read) -> Expected<Key> {
  if (pem.size() > kMaxPemBytes) return FailKey("key-unreadable", fmt::format("a {} of {} bytes is none", what, pem.size()));
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  CHECK(bio != nullptr, "out of memory");
  Key key(read(bio.get(), nullptr, NoPassPhrase, nullptr), EVP_PKEY_free);
  if (key == nullptr) return FailKey("key-unreadable", fmt::format("this is no {} in PEM", what));
  if (EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) return FailKey("key-of-another-kind", fmt::format("the {} is not of Ed25519", what));
  return key;
}

template <typename Write>
auto WritePem(Write write) -> std::string {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  CHECK(bio != nullptr && write(bio.get()) == 1, "a key cannot be written");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<size_t>(size)};
}

auto RawOf(EVP_PKEY* key) -> std::string {
  std::string raw(kRawKeyBytes, '\0');
  size_t size = raw.size();
  CHECK(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) == 1 && size == raw.size(),
        "a public key has 32 bytes");
  return raw;
}

auto IdOf(EVP_PKEY* key) -> std::string {
  const Digest digest = Sha256(RawOf(key));
  return ToBase64Url({reinterpret_cast<const char*>(digest.bytes.data()), 16});
}

}  // namespace

PublicKey::PublicKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)), id_(IdOf(key_.get())) {}

auto PublicKey::FromPem(std::string_view pem) -> Expected<PublicKey> {
  auto key = ReadPem(pem, "public key", PEM_read_bio_PUBKEY);
  if (!key) return std::unexpected(std::move(key.error()));
  return PublicKey(std::move(*key));
}

auto PublicKey::FromRaw(std::string_view bytes) -> Expected<PublicKey> {
  Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, BytesOf(bytes), bytes.size()), EVP_PKEY_free);
  if (key == nullptr) return FailKey("key-unreadable", fmt::format("a public key of {} bytes is none", bytes.size()));
  return PublicKey(std::move(key));
}

auto PublicKey::ToRaw() const -> std::string { return RawOf(key_.get()); }

auto PublicKey::ToPem() const -> std::string {
  return WritePem([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
}

auto PublicKey::Verifies(std::string_view text, std::string_view signature) const -> bool {
  if (signature.size() != kSignatureBytes) return false;
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  CHECK(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1, "Ed25519 is not available");
  const bool is_valid = EVP_DigestVerify(context.get(), BytesOf(signature), signature.size(), BytesOf(text), text.size()) == 1;
  ERR_clear_error();
  return is_valid;
}

auto SigningKey::Generate() -> SigningKey {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  CHECK(key != nullptr, "Ed25519 is not available");
  return SigningKey(std::move(key));
}

auto SigningKey::FromPem(std::string_view pem) -> Expected<SigningKey> {
  auto key = ReadPem(pem, "private key", PEM_read_bio_PrivateKey);
  if (!key) return std::unexpected(std::move(key.error()));
  return SigningKey(std::move(*key));
}

auto SigningKey::ToPem() const -> std::string {
  return WritePem([this](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

auto SigningKey::Sign(std::string_view text) const -> std::string {
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  const bool ok = context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, BytesOf(text), text.size()) == 1;
  CHECK(ok && size == kSignatureBytes, "Ed25519 does not sign");
  return signature;
}

}  // namespace remit::approval
