// Budgets, breakers, approvals and quarantine as a test says them, one a line:
//
//   budget NAME USED KEY        breaker NAME open KEY        approved STATEMENT-ID        quarantined TYPE::"ID"        away
#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "runtime/eval/world.h"
#include "runtime/ir/program.h"
#include "runtime/request/entity_uid_text.h"

namespace remit {

class MemoryWorld final : public World {
 public:
  MemoryWorld(const ir::Program& program, Interner& interner, const std::string& text) : program_(program), interner_(interner) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) AddLine(line);
  }

  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> override {
    if (is_away_) return std::unexpected(Error{.code = "ledger-away", .message = "the ledger cannot be asked", .pointer = {}, .help = {}});
    for (auto& claim : budgets) {
      const auto it = used_.find(std::pair(std::string(interner_.text(program_.budgets[claim.budget].name)), claim.key));
      claim.used = it == used_.end() ? 0 : it->second;
    }
    for (auto& claim : breakers) {
      claim.is_open = open_.contains(std::pair(std::string(interner_.text(program_.breakers[claim.breaker].name)), claim.key));
    }
    return {};
  }
  auto IsApproved(const WantedApproval& wanted) -> bool override {
    return approved_.contains(std::string(interner_.text(program_.policies[wanted.policy].id)));
  }
  auto quarantined() -> std::span<const EntityUid> override { return quarantined_; }

 private:
  void AddLine(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    std::string name;
    words >> what;
    if (what == "away") is_away_ = true;
    if (what == "quarantined") quarantined_.push_back(*ParseEntityUidText(Rest(words), interner_));
    if (what == "approved") approved_.insert(Rest(words));
    if (what == "budget") {
      int64_t used = 0;
      words >> name >> used;
      used_[{name, Rest(words)}] = used;
    }
    if (what == "breaker") {
      std::string state;
      words >> name >> state;
      open_.insert({name, Rest(words)});
    }
  }
  static auto Rest(std::istringstream& words) -> std::string {
    std::string rest;
    std::getline(words >> std::ws, rest);
    return rest;
  }

  const ir::Program& program_;
  Interner& interner_;
  std::map<std::pair<std::string, std::string>, int64_t> used_;
  std::set<std::pair<std::string, std::string>> open_;
  std::set<std::string> approved_;
  std::vector<EntityUid> quarantined_;
  bool is_away_ = false;
};

}  // namespace remit
