// The hashes of RFC 9162, section 2.1.1: SHA-256, of leaves behind a zero byte, of inner nodes behind a one.
//
// One hash for each record is on the path of a decision, so these call SHA-256 without looking the algorithm up first, which takes OpenSSL 3 as
// long as hashing half a record. EVP, the alternative, is what cold paths use (runtime/approval/digest.h).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace remit::audit {

using Hash = std::array<uint8_t, 32>;

auto LeafHash(std::string_view record) -> Hash;
auto NodeHash(const Hash& left, const Hash& right) -> Hash;
// Of a tree without leaves.
auto EmptyRoot() -> Hash;

inline auto BytesOf(const Hash& hash) -> std::string_view { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace remit::audit
