#include "runtime/server/transport/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "runtime/server/openssl_ptr.h"

namespace remit::server {
namespace {

using SslPtr = OpenSslPtr<SSL, SSL_free>;
using ContextPtr = OpenSslPtr<SSL_CTX, SSL_CTX_free>;
using CertificatePtr = OpenSslPtr<X509, X509_free>;

auto Problem(std::string_view code, const std::string& path) -> std::unexpected<Error> {
  std::array<char, 256> text = {};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return std::unexpected(
      Error{.code = std::string(code), .message = fmt::format("cannot use `{}`: {}", path, text.data()), .pointer = {}, .help = {}});
}

auto SubjectOf(X509* certificate) -> std::string {
  const OpenSslPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<size_t>(size)};
}

auto TextOf(const ASN1_STRING* text) -> std::string {
  std::string out(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<size_t>(ASN1_STRING_length(text)));
  return out.find('\0') == std::string::npos ? out : std::string{};  // two names in one
}

// The first URI or DNS name, else the common name.
auto NameOf(X509* certificate) -> std::string {
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string found;
  for (int i = 0; names != nullptr && found.empty() && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_URI || name->type == GEN_DNS) found = TextOf(name->d.ia5);
  }
  GENERAL_NAMES_free(names);
  if (!found.empty()) return found;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return TextOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

class TlsStream final : public SocketStream {
 public:
  explicit TlsStream(SslPtr ssl) : ssl_(std::move(ssl)) {}

  auto Handshake(Peer& peer) -> IoStatus override {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    if (result != 1) return StatusOf(result);
    peer.is_tls = true;
    const CertificatePtr certificate(SSL_get1_peer_certificate(ssl_.get()));
    if (certificate != nullptr && SSL_get_verify_result(ssl_.get()) == X509_V_OK) {
      peer.certificate_subject = SubjectOf(certificate.get());
      peer.certificate_name = NameOf(certificate.get());
    }
    return IoStatus::Done;
  }

  auto Read(std::span<char> buffer) -> IoResult override {
    ERR_clear_error();
    size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &got);
    return result == 1 ? IoResult{.status = IoStatus::Done, .bytes = got} : IoResult{.status = StatusOf(result)};
  }

  auto Write(std::string_view bytes) -> IoResult override {
    if (bytes.empty()) return {};
    ERR_clear_error();
    size_t put = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &put);
    return result == 1 ? IoResult{.status = IoStatus::Done, .bytes = put} : IoResult{.status = StatusOf(result)};
  }

  auto has_pending() const -> bool override { return SSL_has_pending(ssl_.get()) == 1; }
  void ShutDown() override {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }

 private:
  auto StatusOf(int result) const -> IoStatus {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ: return IoStatus::WantRead;
      case SSL_ERROR_WANT_WRITE: return IoStatus::WantWrite;
    }
    return IoStatus::Closed;
  }

  SslPtr ssl_;
};

auto PreferHttp1(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                 void* /*user*/) -> int {
  static constexpr unsigned char kProtocols[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kProtocols, sizeof(kProtocols) - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

struct TlsContext::Impl {
  ContextPtr context;

  static auto Load(const TlsOptions& options) -> Expected<std::shared_ptr<Impl>> {
    ContextPtr context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context.get(), PreferHttp1, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(), options.certificate.c_str()) != 1) {
      return Problem("tls-certificate", options.certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), options.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1) {
      return Problem("tls-key", options.key);
    }
    if (!options.client_ca.empty()) {
      if (SSL_CTX_load_verify_locations(context.get(), options.client_ca.c_str(), nullptr) != 1) {
        return Problem("tls-client-ca", options.client_ca);
      }
      SSL_CTX_set_client_CA_list(context.get(), SSL_load_client_CA_file(options.client_ca.c_str()));
      const int mode = SSL_VERIFY_PEER | (options.require_client ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
      SSL_CTX_set_verify(context.get(), mode, nullptr);
      constexpr unsigned char kSessions[] = "remit";
      SSL_CTX_set_session_id_context(context.get(), kSessions, sizeof(kSessions) - 1);
    }
    return std::make_shared<Impl>(Impl{.context = std::move(context)});
  }
};

TlsContext::TlsContext(TlsOptions options) : options_(std::move(options)) {}
TlsContext::~TlsContext() = default;

auto TlsContext::Make(const TlsOptions& options) -> Expected<std::unique_ptr<TlsContext>> {
  std::unique_ptr<TlsContext> made(new TlsContext(options));
  if (auto loaded = made->Reload(); !loaded) return std::unexpected(loaded.error());
  return made;
}

auto TlsContext::Reload() -> Expected<void> {
  auto loaded = Impl::Load(options_);
  if (!loaded) return std::unexpected(loaded.error());
  const std::lock_guard lock(mutex_);
  impl_ = std::move(*loaded);
  return {};
}

auto TlsContext::Accept(int fd) -> std::unique_ptr<SocketStream> {
  std::shared_ptr<Impl> impl;
  {
    const std::lock_guard lock(mutex_);
    impl = impl_;
  }
  SslPtr ssl(SSL_new(impl->context.get()));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), fd) != 1) return nullptr;
  return std::make_unique<TlsStream>(std::move(ssl));
}

}  // namespace remit::server
