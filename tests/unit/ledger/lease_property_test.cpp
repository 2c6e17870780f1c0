// Random histories of several ledgers that spend from leases of one store, on the model: together they never admit more than the limit, whoever
// sleeps, ends or is killed, and when all is given back the store counts what was charged.
//
// What was released at the end of its hold and is settled later is charged, whether its room was taken meanwhile or not: that is kept apart.
//
// A ledger that is refused may be wrong for a while (what others have leased and not spent looks used to it), so refusals are only looked at when
// everybody has given back.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "runtime/ledger/ledger.h"
#include "tests/unit/ledger/ledger_model.h"

namespace remit::ledger {
namespace {

constexpr int64_t kStart = 1'774'742'400'000 - 5'000'000;  // an hour and a half before the clocks change in Berlin
constexpr size_t kLedgers = 3;

struct Step {
  enum Kind : uint8_t { Reserve, Settle, Advance, Expire, End, Kill } kind;
  uint8_t accounts;  // a set of them
  uint16_t amount;
  uint16_t which;
};

void showValue(const Step& step, std::ostream& out) {
  out << "{" << int{step.kind} << "," << int{step.accounts} << "," << step.amount << "," << step.which << "}";
}

auto Steps() -> rc::Gen<std::vector<Step>> {
  const auto kind = rc::gen::weightedElement<Step::Kind>(
      {{30, Step::Reserve}, {14, Step::Settle}, {10, Step::Advance}, {6, Step::Expire}, {1, Step::End}, {1, Step::Kill}});
  const auto step =
      rc::gen::construct<Step>(kind, rc::gen::inRange<uint8_t>(1, 32), rc::gen::inRange<uint16_t>(0, 400), rc::gen::arbitrary<uint16_t>());
  return rc::gen::container<std::vector<Step>>(step);
}

// A store that a killed ledger does not reach any more.
class SwitchedStore : public MemoryStore {
 public:
  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override {
    return away ? Away() : MemoryStore::Get(keys);
  }
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override {
    if (away) return Away();
    return MemoryStore::Commit(checks, writes);
  }
  bool away = false;

 private:
  static auto Away() -> std::unexpected<Error> {
    return std::unexpected(Error{.code = "store-away", .message = "the store is away", .pointer = {}, .help = {}});
  }
};

auto Account(std::string_view name, int64_t limit, const Terms& terms) -> Claim {
  return {.budget = name, .key = "k", .charge = 0, .limit = limit, .terms = terms};
}

// The last one has no leases: what it is claimed with is committed, on top of what is leased.
auto AllAccounts() -> std::vector<Claim> {
  return {Account("life", 9'000, {.hold_ms = 50'000}),
          Account("day", 1'500, {.window = Window::Day, .zone = "Europe/Berlin", .hold_ms = 5'000'000, .unsettled = Unsettled::Release}),
          Account("hour", 900, {.window = Window::Hour, .hold_ms = 20'000}),
          Account("slide", 800, {.window = Window::Sliding, .window_ms = 600'000, .hold_ms = 300'000, .unsettled = Unsettled::Release}),
          Account("slots", 1'000, {.window = Window::Concurrent, .hold_ms = 40'000})};
}

class History {
 public:
  History() {
    for (auto& ledger : ledgers_) ledger = New();
  }

  void Do(const Step& step) {
    const size_t node = step.which % kLedgers;
    switch (step.kind) {
      case Step::Reserve: Reserve(step, node); break;
      case Step::Settle: Settle(step); break;
      case Step::Advance: now_ += int64_t{step.amount} * (step.which % 8 == 0 ? 10'000 : 20); break;
      case Step::Expire: ledgers_[node]->Expire(now_); break;  // the others sleep
      case Step::End: Replace(node, false); break;
      case Step::Kill: Replace(node, true); break;
    }
    ExpireModel();
  }

  // Everything is settled or expired and given back: the store counts what was charged, and has room for all the rest.
  void Finish() {
    now_ += 10'000'000;
    for (const auto& ledger : ledgers_) {
      ledger->Expire(now_);
      now_ += 10'000;
      ledger->Expire(now_);
    }
    ExpireModel();
    const auto looker = *Ledger::Open({.store = store_}, now_);
    std::map<std::string, int64_t> charged;
    for (const auto& entry : model_.entries()) charged[std::string(accounts_[entry.account].budget)] += entry.amount;
    for (const AccountStatus& row : looker->Budgets(now_)) {
      if (killed_) {
        // What a killed ledger had leased and not spent is wasted.
        if (row.window == Window::Lifetime) RC_ASSERT(row.used >= charged[row.budget]);
        const auto its = std::find_if(accounts_.begin(), accounts_.end(), [&](const Claim& a) { return a.budget == row.budget; });
        RC_ASSERT(row.used <= its->limit + late_.Used(IndexOf(*its), now_).most);
        continue;
      }
      RC_ASSERT(row.reserved == 0);
      RC_ASSERT(row.total_charged == charged[row.budget]);
      if (row.window == Window::Lifetime) RC_ASSERT(row.used == row.total_charged);
    }
    if (!killed_) SpendTheRest(charged["life"]);
  }

 private:
  struct Made {
    std::string id;
    size_t node = 0;
    std::vector<Claim> claims;
    std::vector<size_t> entries;
    int64_t expires_at = 0;
    enum { Open, Expired, Settled, Lost } stage = Open;
  };

  auto New() -> std::unique_ptr<Ledger> {
    const LedgerOptions options = {.remember_ms = 100'000'000'000, .store = store_, .durability = Durability::Lease, .lease_ms = 1'000};
    return *Ledger::Open(options, now_);
  }

  // One that ends gives back what it did not spend; one that is killed does not. What they reserved nobody can settle any more.
  void Replace(size_t node, bool kill) {
    if (!kill) ledgers_[node]->Expire(now_);
    store_->away = kill;
    ledgers_[node].reset();
    store_->away = false;
    ledgers_[node] = New();
    for (Made& made : reservations_) {
      if (made.node != node || made.stage != Made::Open || !IsLeased(made.claims)) continue;
      made.stage = Made::Lost;
      killed_ = true;
    }
    killed_ = killed_ || kill;
  }

  static auto IsLeased(const std::vector<Claim>& claims) -> bool {
    return std::none_of(claims.begin(), claims.end(), [](const Claim& claim) { return claim.terms.window == Window::Concurrent; });
  }

  auto IndexOf(const Claim& claim) const -> size_t {
    return std::find_if(accounts_.begin(), accounts_.end(), [&](const Claim& a) { return a.budget == claim.budget; }) - accounts_.begin();
  }

  static auto Try(Ledger& ledger, const std::vector<Claim>& claims, int64_t now) -> Reserved {
    const Ask ask = {.claims = claims};
    std::vector<Reading> readings(claims.size());
    RC_ASSERT(ledger.Read(ask, now, readings, {}).has_value());
    const auto reserved = ledger.Reserve(ask, readings, {}, now);
    if (!reserved) RC_FAIL(reserved.error().code + ": " + reserved.error().message);
    return *reserved;
  }

  void Reserve(const Step& step, size_t node) {
    std::vector<Claim> claims;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      if ((step.accounts >> i & 1) == 0) continue;
      claims.push_back(accounts_[i]);
      claims.back().charge = step.amount % (97 + 31 * i);
    }
    const Reserved reserved = Try(*ledgers_[node], claims, now_);
    ExpireModel();
    if (!reserved.granted()) return;
    for (const Claim& claim : claims) {
      const size_t account = IndexOf(claim);
      RC_ASSERT(model_.Used(account, now_).least - late_.Used(account, now_).least + claim.charge <= claim.limit);
    }
    Made made = {.id = std::string(reserved.id.text()), .node = node, .claims = claims, .entries = {}, .expires_at = reserved.expires_at};
    for (const Claim& claim : claims)
      made.entries.push_back(model_.Add({.account = IndexOf(claim), .time = now_, .amount = claim.charge, .reserved = claim.charge}));
    reservations_.push_back(made);
  }

  // By the one that made it; never more than was reserved: overdrafts are allowed to be more than the limit.
  void Settle(const Step& step) {
    if (reservations_.empty()) return;
    Made& made = reservations_[step.which / 3 % reservations_.size()];
    if (made.stage == Made::Lost) return;
    std::vector<Actual> actual;
    for (const Claim& claim : made.claims)
      actual.push_back({.budget = claim.budget, .amount = std::min<int64_t>(step.amount, claim.charge)});
    const auto settled = ledgers_[made.node]->Settle(made.id, Verdict::Success, actual, {}, now_);
    if (!settled) {
      // It ended, or somebody took its place.
      RC_ASSERT(made.stage != Made::Open);
      return;
    }
    RC_ASSERT(settled->repeated == (made.stage == Made::Settled));
    if (settled->repeated) return;
    for (size_t i = 0; i < made.claims.size(); ++i) {
      const bool was_released = made.stage == Made::Expired && made.claims[i].terms.unsettled == Unsettled::Release;
      if (was_released) AddLate(made, i, actual[i].amount);
      Count(made, i, actual[i].amount);
    }
    made.stage = Made::Settled;
  }

  void Count(const Made& made, size_t line, int64_t amount) {
    auto& entry = model_.at(made.entries[line]);
    entry.amount = made.claims[line].terms.window == Window::Concurrent ? 0 : amount;
    entry.open = false;
  }

  // What was released and is charged all the same: its room may have been taken meanwhile.
  void AddLate(const Made& made, size_t line, int64_t amount) {
    const auto& entry = model_.at(made.entries[line]);
    late_.Add({.account = entry.account, .time = entry.time, .amount = amount, .reserved = amount, .open = false});
  }

  void ExpireModel() {
    for (Made& made : reservations_) {
      if (made.stage != Made::Open || made.expires_at > now_) continue;
      made.stage = Made::Expired;
      for (size_t i = 0; i < made.claims.size(); ++i) {
        const bool released = made.claims[i].terms.unsettled == Unsettled::Release;
        Count(made, i, released ? 0 : made.claims[i].charge);
      }
    }
  }

  // Nobody has anything leased, so the last unit is there for whoever asks.
  void SpendTheRest(int64_t charged) {
    Claim rest = accounts_[0];
    rest.charge = rest.limit - charged;
    RC_ASSERT(Try(*ledgers_[1], {rest}, now_).granted());
    rest.charge = 1;
    RC_ASSERT(Try(*ledgers_[2], {rest}, now_).status == Reserved::Status::Exhausted);
  }

  std::vector<Claim> accounts_ = AllAccounts();
  LedgerModel model_{accounts_};
  LedgerModel late_{accounts_};
  int64_t now_ = kStart;
  std::shared_ptr<SwitchedStore> store_ = std::make_shared<SwitchedStore>();
  std::array<std::unique_ptr<Ledger>, kLedgers> ledgers_;
  std::vector<Made> reservations_;
  bool killed_ = false;
};

RC_GTEST_PROP(LeaseProperty, SeveralLedgersNeverOverAdmitAndGiveEverythingBack, ()) {
  const auto steps = *Steps();
  History history;
  for (const Step& step : steps) history.Do(step);
  history.Finish();
}

}  // namespace
}  // namespace remit::ledger
