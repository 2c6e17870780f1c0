// Random histories on a ledger and on the model: never over-admit, never leak.
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

struct Step {
  enum Kind : uint8_t { Reserve, Repeat, Settle, Again, Extend, Advance, Expire } kind;
  uint8_t accounts;  // a set of them
  uint16_t amount;
  uint16_t which;
};

void showValue(const Step& step, std::ostream& out) {
  out << "{" << int{step.kind} << "," << int{step.accounts} << "," << step.amount << "," << step.which << "}";
}

auto Steps() -> rc::Gen<std::vector<Step>> {
  const auto kind = rc::gen::weightedElement<Step::Kind>({{8, Step::Reserve},
                                                          {1, Step::Repeat},
                                                          {6, Step::Settle},
                                                          {1, Step::Again},
                                                          {1, Step::Extend},
                                                          {5, Step::Advance},
                                                          {1, Step::Expire}});
  const auto step =
      rc::gen::construct<Step>(kind, rc::gen::inRange<uint8_t>(1, 64), rc::gen::inRange<uint16_t>(0, 400), rc::gen::arbitrary<uint16_t>());
  return rc::gen::container<std::vector<Step>>(step);
}

auto Account(std::string_view name, int64_t limit, const Terms& terms) -> Claim {
  return {.budget = name, .key = "k", .charge = 0, .limit = limit, .terms = terms};
}

auto AllAccounts() -> std::vector<Claim> {
  return {Account("life", 20'000, {.hold_ms = 50'000}),
          Account("day", 1'500, {.window = Window::Day, .zone = "Europe/Berlin", .hold_ms = 5'000'000, .unsettled = Unsettled::Release}),
          Account("hour", 900, {.window = Window::Hour, .hold_ms = 20'000}),
          Account("slide", 800, {.window = Window::Sliding, .window_ms = 600'000, .hold_ms = 300'000, .unsettled = Unsettled::Release}),
          Account("refill", 700, {.window = Window::Refill, .window_ms = 300'007, .hold_ms = 40'000}),
          Account("slots", 1'000, {.window = Window::Concurrent, .hold_ms = 40'000})};
}

// A history: the ledger, the model, and what ties them together.
class History {
 public:
  // One ledger, or two that share a store and take turns.
  explicit History(bool stored) {
    const LedgerOptions options = {.remember_ms = 100'000'000'000, .store = stored ? std::make_shared<MemoryStore>() : nullptr};
    for (int i = 0; i < (stored ? 2 : 1); ++i) ledgers_.push_back(*Ledger::Open(options, kStart));
  }

  void Do(const Step& step) {
    switch (step.kind) {
      case Step::Reserve: Reserve(step); break;
      case Step::Repeat: Repeat(step); break;
      case Step::Settle: Settle(step); break;
      case Step::Again: Again(step); break;
      case Step::Extend: Extend(step); break;
      case Step::Advance: now_ += int64_t{step.amount} * (step.which % 8 == 0 ? 10'000 : 100); break;
      case Step::Expire: Next().Expire(now_); break;
    }
    ExpireModel();
    Compare();
  }

  // Everything is settled or expired: what is counted is what was charged.
  void End() {
    for (size_t i = 0; i < reservations_.size(); i += 2)
      Settle({.kind = Step::Settle, .accounts = 1, .amount = 3, .which = static_cast<uint16_t>(i)});
    now_ += 10'000'000;
    for (const auto& ledger : ledgers_) ledger->Expire(now_);
    ExpireModel();
    std::map<std::string, int64_t> charged;
    for (const auto& entry : model_.entries()) charged[std::string(accounts_[entry.account].budget)] += entry.amount;
    for (const AccountStatus& row : Next().Budgets(now_)) {
      RC_ASSERT(row.reserved == 0);
      RC_ASSERT(row.total_charged == charged[row.budget]);
      if (row.window == Window::Lifetime) RC_ASSERT(row.used == row.total_charged);
      if (row.window == Window::Concurrent || row.window == Window::Refill) RC_ASSERT(row.used == 0);
    }
  }

 private:
  struct Made {
    std::string id;
    std::string request_id;
    std::vector<Claim> claims;
    std::vector<size_t> entries;
    int64_t expires_at = 0;
    enum { Open, Expired, Settled } stage = Open;
    Verdict verdict = Verdict::Success;
  };

  // What a ledger reserved is expired by that ledger, unless it is gone.
  auto Next() -> Ledger& {
    if (ledgers_.size() > 1) {
      for (const auto& ledger : ledgers_) ledger->Expire(now_);
    }
    return *ledgers_[++turn_ / 3 % ledgers_.size()];
  }

  auto ClaimsOf(const Step& step) const -> std::vector<Claim> {
    std::vector<Claim> claims;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      if ((step.accounts >> i & 1) == 0) continue;
      claims.push_back(accounts_[i]);
      claims.back().charge = step.amount % (97 + 31 * i);
      claims.back().observed = step.which % 2 == 0;
    }
    return claims;
  }

  auto IndexOf(const Claim& claim) const -> size_t {
    return std::find_if(accounts_.begin(), accounts_.end(), [&](const Claim& a) { return a.budget == claim.budget; }) - accounts_.begin();
  }

  void Reserve(const Step& step) {
    Made made = {.id = {}, .request_id = "request" + std::to_string(reservations_.size()), .claims = ClaimsOf(step), .entries = {}};
    const Ask ask = {.request_id = made.request_id, .claims = made.claims};
    std::vector<Reading> readings(made.claims.size());
    RC_ASSERT(Next().Read(ask, now_, readings, {}).has_value());
    const auto reserved = Next().Reserve(ask, readings, {}, now_);
    RC_ASSERT(reserved.has_value());
    bool must_refuse = false;
    bool may_refuse = false;
    for (const Claim& claim : made.claims) {
      const auto used = model_.Used(IndexOf(claim), now_);
      must_refuse |= used.least + claim.charge > claim.limit;
      may_refuse |= used.most + claim.charge > claim.limit;
    }
    RC_ASSERT(reserved->status == Reserved::Status::Granted || reserved->status == Reserved::Status::Exhausted);
    RC_ASSERT(!(reserved->granted() && must_refuse));
    RC_ASSERT(reserved->granted() || may_refuse);
    if (!reserved->granted()) return;
    made.id = reserved->id.text();
    made.expires_at = reserved->expires_at;
    for (const Claim& claim : made.claims)
      made.entries.push_back(model_.Add({.account = IndexOf(claim), .time = now_, .amount = claim.charge, .reserved = claim.charge}));
    reservations_.push_back(made);
    RC_ASSERT(!model_.PoursTooMuch(4));
  }

  auto Pick(const Step& step) -> Made* { return reservations_.empty() ? nullptr : &reservations_[step.which % reservations_.size()]; }

  void Repeat(const Step& step) {
    const Made* made = Pick(step);
    if (made == nullptr) return;
    const auto again = Next().Recall(made->request_id, {});
    RC_ASSERT(again.has_value() && again->status == Reserved::Status::Repeated && std::string_view(again->id.text()) == made->id);
  }

  // What an amount leaves of a claim.
  static auto Final(const Claim& claim, int64_t amount) -> int64_t { return claim.terms.window == Window::Concurrent ? 0 : amount; }

  void Settle(const Step& step) {
    Made* made = Pick(step);
    if (made == nullptr) return;
    const auto verdict = static_cast<Verdict>(step.which / 7 % 3);
    std::vector<Actual> actual;
    if (verdict != Verdict::NotDispatched) {
      for (const Claim& claim : made->claims) {
        // Never more than reserved where the model looks at what pours: overdrafts may pour more.
        const int64_t most = claim.terms.window == Window::Refill ? claim.charge : 2 * claim.charge;
        if (step.which % 3 != 0) actual.push_back({.budget = claim.budget, .amount = std::min<int64_t>(step.amount, most)});
      }
    }
    const auto settled = Next().Settle(made->id, verdict, actual, {}, now_);
    RC_ASSERT(settled.has_value());
    RC_ASSERT(settled->repeated == (made->stage == Made::Settled));
    ExpireModel();
    if (settled->repeated) {
      RC_ASSERT(settled->verdict == made->verdict);
      return;
    }
    for (size_t i = 0; i < made->claims.size(); ++i) {
      int64_t amount = verdict == Verdict::NotDispatched ? 0 : made->claims[i].charge;
      for (const Actual& item : actual) {
        if (item.budget == made->claims[i].budget) amount = item.amount;
      }
      auto& entry = model_.at(made->entries[i]);
      entry.amount = Final(made->claims[i], amount);
      entry.open = false;
    }
    made->stage = Made::Settled;
    made->verdict = verdict;
  }

  void Again(const Step& step) {
    Made* made = Pick(step);
    if (made == nullptr || made->stage != Made::Settled) return;
    const auto settled = Next().Settle(made->id, Verdict::NotDispatched, {}, {}, now_);
    RC_ASSERT(settled.has_value() && settled->repeated && settled->verdict == made->verdict);
  }

  void Extend(const Step& step) {
    Made* made = Pick(step);
    if (made == nullptr) return;
    const auto extended = Next().Extend(made->id, step.amount * 1000, now_);
    ExpireModel();
    RC_ASSERT(extended.has_value() == (made->stage == Made::Open));
    if (extended) made->expires_at = *extended;
  }

  void ExpireModel() {
    for (Made& made : reservations_) {
      if (made.stage != Made::Open || made.expires_at > now_) continue;
      made.stage = Made::Expired;
      for (size_t i = 0; i < made.claims.size(); ++i) {
        auto& entry = model_.at(made.entries[i]);
        if (made.claims[i].terms.unsettled == Unsettled::Release) entry.amount = 0;
        entry.amount = Final(made.claims[i], entry.amount);
        entry.open = false;
      }
    }
  }

  void Compare() {
    std::vector<Reading> readings(accounts_.size());
    RC_ASSERT(Next().Read({.claims = accounts_}, now_, readings, {}).has_value());
    for (size_t i = 0; i < accounts_.size(); ++i) {
      const auto expected = model_.Used(i, now_);
      RC_ASSERT(readings[i].used >= (accounts_[i].terms.window == Window::Refill ? 0 : expected.least));
      RC_ASSERT(readings[i].used <= expected.most);
    }
  }

  std::vector<Claim> accounts_ = AllAccounts();
  LedgerModel model_{accounts_};
  std::vector<std::unique_ptr<Ledger>> ledgers_;
  size_t turn_ = 0;
  std::vector<Made> reservations_;
  int64_t now_ = kStart;
};

RC_GTEST_PROP(LedgerProperty, NeverOverAdmitsAndNeverLeaks, ()) {
  const auto steps = *Steps();
  History history(false);
  for (const Step& step : steps) history.Do(step);
  history.End();
}

RC_GTEST_PROP(LedgerProperty, TwoLedgersOnOneStoreAreOne, ()) {
  const auto steps = *Steps();
  History history(true);
  for (const Step& step : steps) history.Do(step);
  history.End();
}

// Clocks that jump both ways. A sliding window counts by the latest time it has seen: time that passed before a clock was put back did pass.
RC_GTEST_PROP(LedgerProperty, JumpingClocksDoNotOverAdmit, ()) {
  const auto jumps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-40, 40));
  Ledger ledger;
  int64_t now = kStart + int64_t{4000} * 3'600'000;
  const Claim life = Account("life", 30, {});
  const Claim slide = Account("slide", 5, {.window = Window::Sliding, .window_ms = 3'600'000});
  int64_t latest = 0;
  int64_t life_taken = 0;
  std::vector<int64_t> slides;
  for (const int jump : jumps) {
    now += jump * int64_t{600'000};
    latest = std::max(latest, now);
    for (Claim claim : {life, slide}) {
      claim.charge = 1;
      Reading reading;
      RC_ASSERT(ledger.Read({.claims = {&claim, 1}}, now, {&reading, 1}, {}).has_value());
      const auto reserved = ledger.Reserve({.claims = {&claim, 1}}, {&reading, 1}, {}, now);
      RC_ASSERT(reserved.has_value());
      if (!reserved->granted()) continue;
      RC_ASSERT(ledger.Settle(reserved->id.text(), Verdict::Success, {}, {}, now).has_value());
      if (claim.budget == "life") ++life_taken;
      if (claim.budget == "slide") slides.push_back(latest);
    }
    RC_ASSERT(life_taken <= life.limit);
    const auto in_window = std::count_if(slides.begin(), slides.end(), [&](int64_t time) { return time > latest - 3'600'000; });
    RC_ASSERT(in_window <= slide.limit);
  }
}

}  // namespace
}  // namespace remit::ledger
