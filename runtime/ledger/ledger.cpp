// Opening, reading and listing accounts. Reserving, settling and expiring have files of their own.
#include "runtime/ledger/ledger.h"

#include <algorithm>

#include "runtime/ledger/ledger_state.h"
#include "runtime/ledger/store_link.h"

namespace remit::ledger {

auto Names::Intern(std::string_view name) -> const std::string* {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(name);
  return found != names_.end() ? &*found : &*names_.emplace(name).first;
}

namespace {

auto NextNumber() -> uint64_t {
  static std::atomic<uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

Ledger::State::State(const LedgerOptions& ledger_options)
    : options(ledger_options),
      number(NextNumber()),
      accounts(ledger_options.max_accounts),
      breakers(ledger_options.max_accounts),
      reservations(ledger_options.remembered) {}
Ledger::State::~State() = default;

Ledger::Ledger(const LedgerOptions& options) : state_(std::make_unique<State>(options)) {}
Ledger::~Ledger() {
  if (state_->link != nullptr) state_->link->GiveBack(0, true);
}

auto Ledger::Open(const LedgerOptions& options, int64_t now) -> Expected<std::unique_ptr<Ledger>> {
  if (!IsTime(now)) return InvalidTime(now);
  auto ledger = std::make_unique<Ledger>(options);
  if (options.store == nullptr) return ledger;
  State& state = *ledger->state_;
  state.link = std::make_unique<StoreLink>(state, options.store);
  if (auto adopted = state.link->AdoptAll(); !adopted) return std::unexpected(std::move(adopted.error()));
  return ledger;
}

auto Ledger::quarantine() -> Quarantine& { return state_->quarantine; }
auto Ledger::number() const -> uint64_t { return state_->number; }
auto Ledger::NextExpiry() const -> int64_t { return state_->next_expiry.load(std::memory_order_acquire); }

// ---- what may be asked --------------------------------------------------------------------------------------------------------

auto InvalidTime(int64_t now) -> std::unexpected<Error> {
  return Fail("invalid-time", "the time `" + std::to_string(now) + "` is before the epoch or after the year 9999");
}

auto InvalidAsk(const Ask& ask) -> std::unexpected<Error> {
  const auto negative = std::find_if(ask.claims.begin(), ask.claims.end(), [](const Claim& claim) { return claim.charge < 0; });
  if (ask.claims.size() > kMaxClaims || ask.breakers.size() > kMaxClaims || negative == ask.claims.end()) {
    return Fail("too-many-claims", "a request has at most " + std::to_string(kMaxClaims) + " budgets and as many breakers");
  }
  return Fail("negative-charge", "the charge of budget `" + std::string(negative->budget) + "` is negative");
}

// ---- opening ------------------------------------------------------------------------------------------------------------------

namespace {

auto ZoneOf(const Claim& claim) -> Expected<const TimeZone*> {
  switch (claim.terms.window) {
    case Window::Lifetime:
    case Window::Concurrent: return nullptr;
    case Window::Sliding:
    case Window::Refill:
      if (claim.terms.window_ms > 0) return nullptr;
      return Fail("invalid-window", "the window of budget `" + std::string(claim.budget) + "` is not positive");
    case Window::Hour:
    case Window::Day:
    case Window::Week:
    case Window::Month: break;
  }
  return FindTimeZone(claim.terms.zone);
}

auto TooManyAccounts(std::string_view name) -> std::unexpected<Error> {
  return Fail("too-many-accounts", "there is no room for another account of `" + std::string(name) + "`");
}

}  // namespace

auto Ledger::State::OpenAccount(const Claim& claim) -> Expected<SlotTable<Account>::Found> {
  const Identity identity = IdentityOf(claim);
  if (const auto found = accounts.Find(identity); found.slot != nullptr) return found;
  const auto zone = ZoneOf(claim);
  if (!zone) return std::unexpected(zone.error());
  const std::string* name = names.Intern(claim.budget);
  const auto opened = accounts.Open(identity, [&] { return Account(name, claim, *zone, horizon.load(std::memory_order_acquire)); });
  if (opened.slot == nullptr) return TooManyAccounts(claim.budget);
  return opened;
}

auto Ledger::State::OpenBreaker(const BreakerClaim& claim) -> Expected<SlotTable<BreakerAccount>::Found> {
  const Identity identity = IdentityOf(claim);
  if (const auto found = breakers.Find(identity); found.slot != nullptr) return found;
  if (claim.terms.window_ms <= 0)
    return Fail("invalid-window", "the window of breaker `" + std::string(claim.breaker) + "` is not positive");
  const std::string* name = names.Intern(claim.breaker);
  const auto opened = breakers.Open(identity, [&] { return BreakerAccount(name, claim, horizon.load(std::memory_order_acquire)); });
  if (opened.slot == nullptr) return TooManyAccounts(claim.breaker);
  return opened;
}

// ---- reading ------------------------------------------------------------------------------------------------------------------

auto ReadAccount(AccountSlot& slot, const Claim& claim, uint32_t generation, int64_t now) -> Reading {
  Account& account = *slot.body;
  const Place place = account.PlaceAt(now);
  account.SetLimit(claim.limit);
  return {.used = account.Used(place),
          .reserved = account.counter.At(place).reserved + account.lease.reserved,
          .window_end = account.counter.End(place),
          .handle = {&slot, generation}};
}

auto ReadBreaker(BreakerSlot& slot, const BreakerClaim& claim, uint32_t generation, int64_t now) -> BreakerReading {
  BreakerAccount& account = *slot.body;
  account.touched = std::max(account.touched, now);
  account.state.SetTerms(claim.terms);
  account.state.Advance(std::max(now, account.not_before));
  return {.state = account.state.state(),
          .blocked = account.state.blocked(),
          .calls = account.state.calls(),
          .failures = account.state.failures(),
          .handle = {&slot, generation}};
}

auto Ledger::Read(const Ask& ask, int64_t now, std::span<Reading> budgets, std::span<BreakerReading> breakers) -> Expected<void> {
  if (!IsTime(now)) return InvalidTime(now);
  if (!IsValid(ask)) return InvalidAsk(ask);
  state_->ExpireIfDue(now);
  LockedAccounts locked;
  if (auto done = locked.Lock(*state_, ask, {}, {}); !done) return done;
  if (state_->link != nullptr) {
    if (auto loaded = state_->link->Refresh(locked, ask, now); !loaded) return loaded;
  }
  for (const auto& pick : locked.budgets()) budgets[pick.index] = ReadAccount(*pick.slot, ask.claims[pick.index], pick.generation, now);
  for (const auto& pick : locked.breakers()) breakers[pick.index] = ReadBreaker(*pick.slot, ask.breakers[pick.index], pick.generation, now);
  return {};
}

// ---- listing ------------------------------------------------------------------------------------------------------------------

auto Ledger::Budgets(int64_t now) -> std::vector<AccountStatus> {
  if (!IsTime(now)) return {};
  state_->ExpireIfDue(now);
  if (state_->link != nullptr) [[maybe_unused]]
    const auto loaded = state_->link->LoadAll();
  std::vector<AccountStatus> rows;
  state_->accounts.ForEach([&](Account& account) {
    const Place place = account.counter.PlaceAt(std::max(now, account.not_before));
    const Tally tally = account.counter.At(place);
    rows.push_back({.budget = *account.budget,
                    .key = account.key,
                    .window = account.window,
                    .used = account.Used(place),
                    .reserved = tally.reserved + account.lease.reserved,
                    .limit = account.limit,
                    .approved = account.approved,
                    .overdraft = AddSaturated(account.overdraft, account.lease.overdraft),
                    .total_charged = AddSaturated(account.total_charged, account.lease.total_charged),
                    .window_end = account.counter.End(place),
                    .granted = state_->link == nullptr ? kForever : account.lease.At(place)});
  });
  std::sort(rows.begin(), rows.end(),
            [](const AccountStatus& a, const AccountStatus& b) { return std::tie(a.budget, a.key) < std::tie(b.budget, b.key); });
  return rows;
}

auto Ledger::Breakers(int64_t now) -> std::vector<BreakerStatus> {
  if (!IsTime(now)) return {};
  if (state_->link != nullptr) [[maybe_unused]]
    const auto loaded = state_->link->LoadAll();
  std::vector<BreakerStatus> rows;
  state_->breakers.ForEach([&](BreakerAccount& account) {
    account.state.Advance(std::max(now, account.not_before));
    rows.push_back({.breaker = *account.breaker,
                    .key = account.key,
                    .state = account.state.state(),
                    .calls = account.state.calls(),
                    .failures = account.state.failures(),
                    .open_until = account.state.state() == BreakerState::Open ? account.state.open_until() : 0});
  });
  std::sort(rows.begin(), rows.end(),
            [](const BreakerStatus& a, const BreakerStatus& b) { return std::tie(a.breaker, a.key) < std::tie(b.breaker, b.key); });
  return rows;
}

}  // namespace remit::ledger
