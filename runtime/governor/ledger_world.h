// A ledger and presented grants as what a decision depends on, and what of them it was told.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "runtime/governor/account_memory.h"
#include "runtime/governor/governor.h"

namespace remit {

// Whether the ledger is asked before policies are evaluated, or not before something is reserved: budgets that no policy reads can wait.
enum class Asking : uint8_t { First, WhenReserving };

// Neither copied nor moved: it has memory of its own.
class LedgerWorld final : public World {
 public:
  // `facts` may be null: then nothing is approved.
  LedgerWorld(const GovernorParts& parts, AccountMemory& memory, const Policies& policies, const GovernedRequest& request,
              const approval::RequestFacts* facts, int64_t now, Asking asking);

  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> override;
  auto IsApproved(const WantedApproval& wanted) -> bool override;
  auto quarantined() -> std::span<const EntityUid> override { return quarantined_; }

  // What is to be reserved; until it is made again, by whatever world the session has.
  auto MakeAsk(const Decision& decision) const -> LedgerAsk&;
  // Whether there are claims of which nothing was read: `used` of them is 0, and none counted as exhausted for what others use.
  auto has_unread() const -> bool { return has_unread_; }
  // What the ledger said of `ask`, which is that of the decision.
  void Tell(Decision& decision, const LedgerAsk& ask);
  // From here on claims are what `ask` had, with these readings, and no others: the accounts are held and the ledger must not be asked.
  void Hold(const Decision& decision, std::span<const ledger::Reading> budgets, std::span<const ledger::BreakerReading> breakers);
  // Of approvals that covered something. One for each statement.
  auto coverages() const -> std::vector<approval::Coverage>;

  // Why a wanted approval is not covered. Null: nothing was presented.
  auto WhyNot(const WantedApproval& wanted) const -> const Error*;
  // All that presented grants lifted.
  auto covered() const -> std::vector<CoveredCap>;

  auto ToWanted(const WantedApproval& wanted) const -> approval::Wanted;

 private:
  struct KnownBudget {
    uint32_t budget;
    std::string_view key;
    ledger::Reading reading;
  };
  struct KnownBreaker {
    uint32_t breaker;
    std::string_view key;
    ledger::BreakerReading reading;
  };
  struct Covered {
    WantedApproval wanted;
    approval::Coverage coverage;
  };

  auto FindKnown(const BudgetClaim& claim) const -> const KnownBudget*;
  auto FindKnown(const BreakerClaim& claim) const -> const KnownBreaker*;
  auto Keep(std::string_view text) const -> std::string_view;
  void Add(LedgerAsk& ask, const BudgetClaim& claim) const;
  void Add(LedgerAsk& ask, const BreakerClaim& claim) const;
  auto ToLedger(const BreakerClaim& claim) const -> ledger::BreakerClaim;
  auto DigestOf(uint32_t policy) const -> const ir::TextDigest&;

  // Of what follows, and of what is asked: usually there is no more of it, and nothing is allocated.
  static constexpr size_t kUsualMemory = 4096;
  std::array<std::byte, kUsualMemory> buffer_;
  mutable std::pmr::monotonic_buffer_resource memory_{buffer_.data(), buffer_.size()};

  auto IsUnread(std::span<const BudgetClaim> budgets, std::span<const BreakerClaim> breakers) const -> bool;

  const GovernorParts& parts_;
  AccountMemory& accounts_;
  const Policies& policies_;
  const ir::Program& program_;
  const GovernedRequest& request_;
  const approval::RequestFacts* facts_;
  int64_t now_;
  Asking asking_;
  bool has_unread_ = false;
  bool is_held_ = false;
  std::pmr::vector<KnownBudget> budgets_{&memory_};
  std::pmr::vector<KnownBreaker> breakers_{&memory_};
  std::vector<Covered> approvals_;
  std::vector<EntityUid> quarantined_;
};

}  // namespace remit
