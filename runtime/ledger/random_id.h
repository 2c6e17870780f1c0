// Reservation ids: 128 bits that nobody can guess (of which `ReservationShard::NewId` makes 32 a number), after two digits that say which shard keeps the reservation.
//
// The bits come from OpenSSL's generator (AES-256 in counter mode, seeded by the kernel), a page at a time for each thread. Asking the kernel for
// each page, the alternative, made a sixth of what a reservation costs. A fork throws the pages away, so that parent and child never give the
// same id.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/ledger/claims.h"

namespace remit::ledger {

struct RawId {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator==(const RawId&, const RawId&) -> bool = default;
};

class IdFactory {
 public:
  static auto Random() -> RawId;
  static auto Text(uint8_t shard, const RawId& id) -> ReservationId;

  struct Parsed {
    uint8_t shard = 0;
    RawId id;
  };
  // Nothing if it does not look like one.
  static auto Parse(std::string_view text) -> std::optional<Parsed>;
};

}  // namespace remit::ledger
