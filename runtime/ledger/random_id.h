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
#include "runtime/ledger/hex.h"

namespace remit::ledger {

struct RawId {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator==(const RawId&, const RawId&) -> bool = default;
};

class IdFactory {
 public:
  static auto Random() -> RawId;
  static auto Text(uint8_t shard, const RawId& id) -> ReservationId {
    ReservationId text;
    Print(shard, id, text);
    return text;
  }
  // In place: what is written here is read as soon as the reservation is settled.
  static void Print(uint8_t shard, const RawId& id, ReservationId& text) {
    PrintByte(text.text_.data(), shard);
    PrintWords(text.text_.data() + 2, {.high = id.high, .low = id.low});
  }

  struct Parsed {
    uint8_t shard = 0;
    RawId id;
  };
  // Nothing if it does not look like one.
  static auto Parse(std::string_view text) -> std::optional<Parsed> {
    Parsed parsed;
    if (!Read(text, parsed)) return std::nullopt;
    return parsed;
  }
  static auto Read(std::string_view text, Parsed& parsed) -> bool {
    if (text.size() != ReservationId::kLength) return false;
    const int shard = ReadByte(text.data());
    IdWords words;
    if (!ReadWords(text.data() + 2, words) || shard < 0) return false;
    parsed.shard = static_cast<uint8_t>(shard);
    parsed.id = {.high = words.high, .low = words.low};
    return true;
  }
};

}  // namespace remit::ledger
