// The layout of a bundle's header, and its checks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/base/error.h"

namespace remit::bundle {

inline constexpr std::array<char, 8> kMagic = {'R', 'M', 'B', 'U', 'N', 'D', 'L', 'E'};
inline constexpr uint32_t kFormatVersion = 3;
inline constexpr size_t kCodeAlignment = 4096;

enum class SectionKind : uint32_t { Symbols = 1, Constants = 2, Program = 3, Schema = 4, Sources = 5, Target = 6, Image = 7 };
inline constexpr uint32_t kSectionCount = 7;

using Digest = std::array<uint8_t, 32>;  // SHA-256

struct Section {
  uint32_t kind = 0;
  uint32_t reserved = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
  Digest digest = {};
};

struct Header {
  std::array<char, 8> magic = kMagic;
  uint32_t version = kFormatVersion;
  uint32_t section_count = kSectionCount;
  uint64_t fingerprint = 0;  // of the tables that numbers in the bundle count
  uint64_t file_size = 0;
  Digest digest = {};        // of the header, with these 32 bytes as zeros: by the digests of the sections, of the whole file
  std::array<Section, kSectionCount> sections = {};
};
static_assert(sizeof(Header) == 64 + kSectionCount * 56);

// Rows of ops.def and builtins.def: bundles hold their numbers.
auto TableFingerprint() -> uint64_t;
// Puts the digests into a header that is otherwise complete, for a file whose sections are where it says.
void Seal(Header& header, std::string_view file);
// Everything that can be told without decoding sections. `file` is as long as it is. Digests of all sections are compared but that of the sources: nothing
// that decides reads them, they are often most of the file, and whoever reads them calls CheckSection.
auto ReadHeader(std::string_view file) -> Expected<Header>;
// Error: "bundle-digest".
auto CheckSection(const Header& header, SectionKind kind, std::string_view file) -> Expected<void>;

}  // namespace remit::bundle
