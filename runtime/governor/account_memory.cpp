#include "runtime/governor/account_memory.h"

namespace remit {
namespace {

constexpr int64_t kUsualHold = 60'000;

auto ToLedger(const ir::Window& window) -> ledger::Window { return static_cast<ledger::Window>(window.kind); }
static_assert(static_cast<int>(ir::WindowKind::Concurrent) == static_cast<int>(ledger::Window::Concurrent));

auto ToClaim(const ir::Budget& budget, const Interner& interner, bool is_read) -> ledger::Claim {
  return {.budget = interner.text(budget.name),
          .terms = {.window = ToLedger(budget.window),
                    .window_ms = budget.window.duration,
                    .zone = budget.window.time_zone.has_value() ? interner.text(budget.window.time_zone) : std::string_view{},
                    .hold_ms = budget.hold == 0 ? kUsualHold : budget.hold,
                    .unsettled = budget.unsettled == ir::Unsettled::Charge ? ledger::Unsettled::Charge : ledger::Unsettled::Release},
          .observed = is_read};
}

}  // namespace

auto AccountMemory::Of(Session& session, const ledger::Ledger& ledger) -> AccountMemory& {
  auto& kept = session.kept();
  if (kept == nullptr) kept = std::make_unique<AccountMemory>();
  auto& memory = static_cast<AccountMemory&>(*kept);
  if (memory.ledger_ != ledger.number() || !memory.IsOf(session.snapshot()->policies)) [[unlikely]]
    memory.Begin(session, ledger);
  return memory;
}

// Texts are the engine's, which outlives its sessions.
void AccountMemory::Begin(const Session& session, const ledger::Ledger& ledger) {
  const Policies& policies = *session.snapshot()->policies;
  const auto& budgets = policies.program().budgets;
  ledger_ = 0;  // until all is done: memory may run out on the way
  for (Known& known : known_) known.handle = {};
  numbered_.fill({});
  terms_.clear();
  terms_.reserve(budgets.size());
  for (uint32_t i = 0; i < budgets.size(); ++i) terms_.push_back(ToClaim(budgets[i], session.symbols(), policies.IsRead(i)));
  policies_ = session.snapshot()->policies;
  ledger_ = ledger.number();
}

}  // namespace remit
