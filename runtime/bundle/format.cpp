#include "runtime/bundle/format.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <bit>
#include <cstring>
#include <memory>

#include "runtime/base/check.h"
#include "runtime/ir/op.h"
#include "stdlib/builtin.h"

namespace remit::bundle {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are read in place");

auto Fail(std::string code, std::string message, std::string help = {}) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = std::move(help)});
}

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    CHECK(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1, "SHA-256 is not available");
  }
  void Add(const void* bytes, size_t size) { CHECK(EVP_DigestUpdate(context_.get(), bytes, size) == 1, "SHA-256 failed"); }
  auto Finish() -> Digest {
    Digest digest;
    CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1, "SHA-256 failed");
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// FNV-1a.
struct Hash {
  uint64_t value = 0xCBF29CE484222325;
  void Add(std::string_view text) {
    for (const char c : text) value = (value ^ static_cast<uint8_t>(c)) * 0x100000001B3;
    value = (value ^ 0xFF) * 0x100000001B3;
  }
};

auto CheckSections(const Header& header) -> Expected<void> {
  uint64_t end = sizeof(Header);
  for (uint32_t i = 0; i < kSectionCount; ++i) {
    const Section& section = header.sections[i];
    const bool fits = section.offset >= end && section.offset <= header.file_size && section.size <= header.file_size - section.offset;
    if (section.kind != i + 1 || !fits) return Fail("bundle-invalid", "the bundle's table of sections is damaged");
    end = section.offset + section.size;
  }
  return {};
}

}  // namespace

auto TableFingerprint() -> uint64_t {
  Hash hash;
  for (size_t i = 0; i < ir::OpCount(); ++i) {
    const auto& op = ir::GetOp(static_cast<ir::Op>(i));
    hash.Add(op.mnemonic);
    hash.Add(op.operands);
  }
  for (const auto& builtin : AllBuiltins()) hash.Add(builtin.key);
  return hash.value;
}

auto DigestOf(const Header& header, std::string_view file) -> Digest {
  Header blank = header;
  blank.digest = {};
  Sha256 hash;
  hash.Add(&blank, sizeof(blank));
  hash.Add(file.data() + sizeof(Header), file.size() - sizeof(Header));
  return hash.Finish();
}

auto ReadHeader(std::string_view file) -> Expected<Header> {
  Header header;
  if (file.size() < kMagic.size() || std::memcmp(file.data(), kMagic.data(), kMagic.size()) != 0) {
    return Fail("not-a-bundle", "this is not a bundle", "`remit build` makes one");
  }
  if (file.size() < sizeof(Header)) return Fail("bundle-truncated", "the bundle ends inside its header");
  std::memcpy(&header, file.data(), sizeof(Header));
  if (header.version != kFormatVersion || header.section_count != kSectionCount) {
    return Fail("bundle-version",
                fmt::format("the bundle has format {}, this version of Remit reads format {}", header.version, kFormatVersion),
                "build it again with this version");
  }
  if (header.file_size != file.size()) {
    return Fail("bundle-truncated", fmt::format("the bundle says it has {} bytes and has {}", header.file_size, file.size()));
  }
  if (header.fingerprint != TableFingerprint()) {
    return Fail("bundle-version", "the bundle was made by a version of Remit with other operations or builtin functions",
                "build it again with this version");
  }
  if (const auto sections = CheckSections(header); !sections) return std::unexpected(sections.error());
  if (DigestOf(header, file) != header.digest) {
    return Fail("bundle-digest", "the bundle was altered: its content does not have the digest that it states");
  }
  return header;
}

}  // namespace remit::bundle
