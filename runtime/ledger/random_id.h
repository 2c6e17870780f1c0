// Reservation ids: 96 bits that nobody can guess and 32 that hide a number (`ReservationShard::Name`), after two digits that say which shard keeps the
// reservation.
//
// The bits come from OpenSSL's generator (AES-256 in counter mode, seeded by the kernel), a page at a time for each thread. Asking the kernel for
// each page, the alternative, made a sixth of what a reservation costs. A fork throws the pages away, so that parent and child never give the
// same id.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/ledger/claims.h"

namespace remit::ledger {

class IdFactory {
 public:
  // The lower half of `low` is 0: it is for the number.
  static auto Random() -> RawId;

  // Nothing if it does not look like one.
  static auto Parse(std::string_view text) -> std::optional<ReservationId> {
    if (text.size() != ReservationId::kLength) return std::nullopt;
    const int shard = ReadByte(text.data());
    IdWords words;
    if (!ReadWords(text.data() + 2, words) || shard < 0) return std::nullopt;
    return ReservationId(static_cast<uint8_t>(shard), {.high = words.high, .low = words.low});
  }
};

}  // namespace remit::ledger
