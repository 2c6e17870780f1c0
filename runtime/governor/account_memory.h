// What a session's decisions have found out about budgets and will need again: what each is in the ledger's words, and where the ledger keeps accounts.
//
// Kept by the session, so that it is one thread's and needs no locks. Handles are guesses that the ledger checks under the account's lock, so an account
// that was forgotten since costs a search. A map of all accounts, the alternative, would need a bound of its own and someone to clean it up; a
// table of a fixed size just forgets what it was not asked for.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/hash.h"
#include "runtime/engine/session.h"
#include "runtime/ledger/ledger.h"

namespace remit {

// What the ledger is asked: claims in the order of a decision's. Borrows from the decision and the program.
struct LedgerAsk {
  std::vector<ledger::Claim> claims;
  std::vector<ledger::BreakerClaim> breakers;
  std::vector<ledger::Reading> readings;  // parallel to `claims`, as far as they were read
  std::vector<ledger::BreakerReading> breaker_readings;
  std::vector<ledger::AccountHandle> remembered;  // parallel to `claims`: where the accounts were said to be

  void Clear() {
    claims.clear();
    breakers.clear();
    readings.clear();
    breaker_readings.clear();
    remembered.clear();
  }
};

class AccountMemory final : public Session::Kept {
 public:
  // That of the session, which has none else. Empty if it was of another ledger or of other policies.
  static auto Of(Session& session, const ledger::Ledger& ledger) -> AccountMemory&;

  // A claim of this budget without key, charge and limit. `position` is in Program::budgets.
  auto TermsOf(uint32_t position) const -> const ledger::Claim& { return terms_[position]; }

  // One of nothing if the account is not known. Valid until `Keep`.
  auto Find(const BudgetClaim& claim) const -> const ledger::AccountHandle& {
    if (claim.key_number != 0) {
      const Numbered& known = numbered_[PlaceOf(claim.budget, claim.key_number)];
      return known.key == claim.key_number && known.budget == claim.budget ? known.handle : kUnknown;
    }
    const Known& known = known_[PlaceOf(claim.budget, claim.key)];
    return known.handle.account != nullptr && known.budget == claim.budget && known.key == claim.key ? known.handle : kUnknown;
  }
  void Keep(const BudgetClaim& claim, const ledger::AccountHandle& handle) {
    if (claim.key_number != 0) {
      numbered_[PlaceOf(claim.budget, claim.key_number)] = {.key = claim.key_number, .budget = claim.budget, .handle = handle};
    } else if (claim.key.size() <= kLongestKey) {
      Known& known = known_[PlaceOf(claim.budget, claim.key)];
      known.budget = claim.budget;
      known.key = claim.key;
      known.handle = handle;
    }
  }

  // Memory of questions, one at a time each.
  LedgerAsk to_read;
  LedgerAsk to_reserve;

 private:
  static constexpr size_t kKnown = 128;
  static constexpr size_t kLongestKey = 256;  // so that they take little memory; longer ones are looked for each time
  static constexpr ledger::AccountHandle kUnknown = {};
  struct Known {
    uint32_t budget = 0;
    std::string key;
    ledger::AccountHandle handle;
  };
  // The same where the session has a number for the key.
  struct Numbered {
    uint64_t key = 0;
    uint32_t budget = 0;
    ledger::AccountHandle handle;
  };

  static auto PlaceOf(uint32_t budget, uint64_t number) -> size_t { return (number * 31 + budget) % kKnown; }
  static auto PlaceOf(uint32_t budget, std::string_view key) -> size_t {
    return (HashText(key, budget * uint64_t{0x9E3779B97F4A7C15}) >> 20) % kKnown;
  }
  auto IsOf(const std::shared_ptr<Policies>& policies) const -> bool {
    return !policies_.owner_before(policies) && !policies.owner_before(policies_);
  }
  void Begin(const Session& session, const ledger::Ledger& ledger);

  uint64_t ledger_ = 0;  // its number; 0: none yet
  std::weak_ptr<const Policies> policies_;  // say what the positions of budgets mean
  std::vector<ledger::Claim> terms_;
  std::array<Known, kKnown> known_;
  std::array<Numbered, kKnown> numbered_;
};

}  // namespace remit
