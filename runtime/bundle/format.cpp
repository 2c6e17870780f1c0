#include "runtime/bundle/format.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <bit>
#include <cstring>

#include "runtime/base/check.h"
#include "runtime/ir/op.h"
#include "stdlib/builtin.h"

namespace remit::bundle {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are read in place");

auto Sha256(std::string_view bytes) -> Digest {
  Digest digest;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1, "SHA-256 is not available");
  return digest;
}

auto DigestOf(Header header) -> Digest {
  header.digest = {};
  return Sha256({reinterpret_cast<const char*>(&header), sizeof(header)});
}

auto BytesOf(const Section& section, std::string_view file) -> std::string_view {
  return section.offset <= file.size() ? file.substr(section.offset, section.size) : std::string_view();
}

auto FailDigest() -> std::unexpected<Error> {
  return Fail("bundle-digest", "the bundle was altered: its content does not have the digest that it states");
}

// FNV-1a.
struct Hash {
  uint64_t value = 0xCBF29CE484222325;
  void Add(std::string_view text) {
    for (const char c : text) value = (value ^ static_cast<uint8_t>(c)) * 0x100000001B3;
    value = (value ^ 0xFF) * 0x100000001B3;
  }
};

auto CheckSections(const Header& header, std::string_view file) -> Expected<void> {
  uint64_t end = sizeof(Header);
  for (uint32_t i = 0; i < kSectionCount; ++i) {
    const Section& section = header.sections[i];
    const bool fits = section.offset >= end && section.offset <= header.file_size && section.size <= header.file_size - section.offset;
    if (section.kind != i + 1 || section.reserved != 0 || !fits || section.offset - end >= kCodeAlignment) {
      return Fail("bundle-invalid", "the bundle's table of sections is damaged");
    }
    // No digest covers what is between sections: it is zeros, so that one content has one file.
    if (file.substr(end, section.offset - end).find_first_not_of('\0') != std::string_view::npos) return FailDigest();
    end = section.offset + section.size;
  }
  if (end != file.size()) return Fail("bundle-invalid", "the bundle goes on after its last section");
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

void Seal(Header& header, std::string_view file) {
  for (Section& section : header.sections) section.digest = Sha256(BytesOf(section, file));
  header.digest = DigestOf(header);
}

auto CheckSection(const Header& header, SectionKind kind, std::string_view file) -> Expected<void> {
  const Section& section = header.sections[static_cast<size_t>(kind) - 1];
  if (Sha256(BytesOf(section, file)) != section.digest) return FailDigest();
  return {};
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
  if (DigestOf(header) != header.digest) return FailDigest();
  if (const auto sections = CheckSections(header, file); !sections) return std::unexpected(sections.error());
  for (const Section& section : header.sections) {
    const auto kind = static_cast<SectionKind>(section.kind);
    if (kind == SectionKind::Sources) continue;
    if (const auto same = CheckSection(header, kind, file); !same) return std::unexpected(same.error());
  }
  return header;
}

}  // namespace remit::bundle
