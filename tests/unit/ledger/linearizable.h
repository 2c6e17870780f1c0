// Whether a recorded history of one budget could have happened one operation after the other (Wing and Gong's search).
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace remit::ledger {

struct Operation {
  enum Kind : uint8_t { Reserve, Refused, GiveBack, Read } kind = Reserve;
  int64_t amount = 0;  // reserved, refused or given back; of a read, what it saw
  int64_t invoked = 0;
  int64_t answered = 0;
};

class Linearizability {
 public:
  // At most 64 operations.
  Linearizability(std::vector<Operation> history, int64_t limit) : history_(std::move(history)), limit_(limit) {}

  auto Holds() -> bool { return Search(0, 0); }

 private:
  auto Search(uint64_t done, int64_t used) -> bool {
    if (done == (history_.size() == 64 ? ~uint64_t{0} : (uint64_t{1} << history_.size()) - 1)) return true;
    if (!seen_.insert({done, used}).second) return false;
    int64_t first_answer = INT64_MAX;  // nothing that began after it can come before it
    for (size_t i = 0; i < history_.size(); ++i) {
      if ((done >> i & 1) == 0) first_answer = std::min(first_answer, history_[i].answered);
    }
    for (size_t i = 0; i < history_.size(); ++i) {
      const Operation& operation = history_[i];
      if ((done >> i & 1) != 0 || operation.invoked > first_answer) continue;
      int64_t after = used;
      if (Happens(operation, after) && Search(done | uint64_t{1} << i, after)) return true;
    }
    return false;
  }

  auto Happens(const Operation& operation, int64_t& used) const -> bool {
    switch (operation.kind) {
      case Operation::Reserve: used += operation.amount; return used <= limit_;
      case Operation::Refused: return used + operation.amount > limit_;
      case Operation::GiveBack: used -= operation.amount; return true;
      case Operation::Read: return used == operation.amount;
    }
    return false;
  }

  std::vector<Operation> history_;
  int64_t limit_;
  std::set<std::pair<uint64_t, int64_t>> seen_;
};

}  // namespace remit::ledger
