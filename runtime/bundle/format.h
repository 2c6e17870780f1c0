// The layout of a bundle's header, and its checks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/base/error.h"

namespace remit::bundle {

inline constexpr std::array<char, 8> kMagic = {'R', 'M', 'B', 'U', 'N', 'D', 'L', 'E'};
inline constexpr uint32_t kFormatVersion = 2;
inline constexpr size_t kCodeAlignment = 4096;

enum class SectionKind : uint32_t { Symbols = 1, Constants = 2, Program = 3, Schema = 4, Sources = 5, Target = 6, Image = 7 };
inline constexpr uint32_t kSectionCount = 7;

struct Section {
  uint32_t kind = 0;
  uint32_t reserved = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
};

using Digest = std::array<uint8_t, 32>;

struct Header {
  std::array<char, 8> magic = kMagic;
  uint32_t version = kFormatVersion;
  uint32_t section_count = kSectionCount;
  uint64_t fingerprint = 0;  // of the tables that numbers in the bundle count
  uint64_t file_size = 0;
  Digest digest = {};        // of the whole file, with these 32 bytes as zeros
  std::array<Section, kSectionCount> sections = {};
};
static_assert(sizeof(Header) == 64 + kSectionCount * 24);

// Rows of ops.def and builtins.def: bundles hold their numbers.
auto TableFingerprint() -> uint64_t;
// Of a file whose header is `header`.
auto DigestOf(const Header& header, std::string_view file) -> Digest;
// Everything that can be told without decoding sections. `file` is as long as it is.
auto ReadHeader(std::string_view file) -> Expected<Header>;

}  // namespace remit::bundle
