// A ledger with a virtual clock and short ways to reserve and settle.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/ledger/ledger.h"

namespace remit::ledger {

// 2026-03-02 12:00 UTC, a Monday.
inline constexpr int64_t kMonday = 1'772'452'800'000;
inline constexpr int64_t kSecond = 1000;
inline constexpr int64_t kMinute = 60 * kSecond;
inline constexpr int64_t kHour = 60 * kMinute;
inline constexpr int64_t kDay = 24 * kHour;

inline auto DigestOf(uint8_t first) -> Digest {
  Digest digest = {};
  digest[0] = first;
  return digest;
}

class LedgerTest : public testing::Test {
 protected:
  // One calls budget: `limit` for life.
  static auto Calls(int64_t limit, int64_t charge = 1) -> Claim {
    return {.budget = "calls", .key = "k", .charge = charge, .limit = limit};
  }
  static auto In(Window window, int64_t limit, int64_t charge = 1, int64_t window_ms = 0) -> Claim {
    return {.budget = "calls", .key = "k", .charge = charge, .limit = limit, .terms = {.window = window, .window_ms = window_ms}};
  }
  static auto CrmBreaker(int32_t probe = 2) -> BreakerClaim {
    return {.breaker = "crm", .key = "t1", .terms = {.window_ms = kMinute, .cooldown_ms = 30 * kSecond, .probe = probe}};
  }

  auto Ask1(std::string_view request_id = {}, uint8_t digest = 0) const -> Ask {
    return {.request_id = request_id, .digest = DigestOf(digest), .claims = claims, .breakers = breakers};
  }

  // Reads and reserves `claims` and `breakers`.
  auto Try(std::string_view request_id = {}, uint8_t digest = 0) -> Expected<Reserved> {
    const Ask ask = Ask1(request_id, digest);
    read.assign(claims.size(), {});
    read_breakers.assign(breakers.size(), {});
    if (auto done = ledger.Read(ask, now, read, read_breakers); !done) return std::unexpected(done.error());
    return ledger.Reserve(ask, read, read_breakers, now);
  }
  auto Try(const Claim& claim) -> Expected<Reserved> {
    claims = {claim};
    return Try();
  }
  // The reservation's id; empty if it was not granted.
  auto Take(const Claim& claim) -> std::string {
    const auto reserved = Try(claim);
    return reserved && reserved->granted() ? std::string(reserved->id.text()) : std::string();
  }
  auto Exhausted(const Claim& claim) -> bool {
    const auto reserved = Try(claim);
    return reserved && reserved->status == Reserved::Status::Exhausted;
  }

  auto Settle(const std::string& id, Verdict verdict = Verdict::Success, std::vector<Actual> actual = {}, const Trips& trips = {})
      -> Expected<Settled> {
    return ledger.Settle(id, verdict, actual, trips, now);
  }
  auto Used(const Claim& claim) -> int64_t { return ReadOne(claim).used; }
  auto ReadOne(const Claim& claim) -> Reading {
    Reading reading;
    const auto done = ledger.Read({.claims = {&claim, 1}}, now, {&reading, 1}, {});
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return reading;
  }
  auto StateOf(const BreakerClaim& claim) -> BreakerReading {
    BreakerReading reading;
    EXPECT_TRUE(ledger.Read({.breakers = {&claim, 1}}, now, {}, {&reading, 1}).has_value());
    return reading;
  }
  auto StatusOf(std::string_view budget) -> AccountStatus {
    for (const AccountStatus& row : ledger.Budgets(now)) {
      if (row.budget == budget) return row;
    }
    return {};
  }

  int64_t now = kMonday;
  Ledger ledger;
  std::vector<Claim> claims;
  std::vector<BreakerClaim> breakers;
  std::vector<Reading> read;
  std::vector<BreakerReading> read_breakers;
};

}  // namespace remit::ledger
