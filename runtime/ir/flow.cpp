#include "runtime/ir/flow.h"

#include <fmt/format.h>

namespace remit::ir {
namespace {

constexpr size_t kMostLoops = 512;                  // inside one another
constexpr size_t kMostWordsAhead = size_t{1} << 23;  // of all states for targets ahead, 64 MiB

void Intersect(std::vector<uint64_t>& into, const std::vector<uint64_t>& other) {
  for (size_t i = 0; i < into.size(); ++i) into[i] &= other[i];
}

}  // namespace

auto Flow::Check() -> Problem {
  for (uint32_t at = 0; at < body_.code.size(); ++at) {
    if (auto it = ahead_.find(at); it != ahead_.end()) {
      if (reachable_) Intersect(it->second, assigned_);
      assigned_ = std::move(it->second);
      ahead_.erase(it);
      reachable_ = true;
    }
    if (!reachable_) return fmt::format("operation {}: no path leads here", at);
    if (auto problem = CheckOperation(at, body_.code[at])) return fmt::format("operation {}: {}", at, *problem);
  }
  if (reachable_) return "a path does not end";
  return std::nullopt;
}

auto Flow::CheckOperation(uint32_t at, const Instruction& instruction) -> Problem {
  const auto& info = GetOp(instruction.op);
  if (auto problem = CheckReads(instruction)) return problem;
  if (info.has(Ends) && !loops_.empty()) return "a body cannot end inside a loop";
  if (info.has(Closes)) return Close(at);
  if (!loops_.empty() && at + 1 == loops_.back().end) return "the last operation of a loop is `next`";
  if (info.has(Loops)) return Enter(at, instruction);
  if (info.uses('d')) Assign(instruction.dst);
  if (info.has(Branches)) {
    if (auto problem = JumpTo(instruction.imm)) return problem;
  }
  reachable_ = !info.has(Leaves);
  return std::nullopt;
}

auto Flow::CheckReads(const Instruction& instruction) const -> Problem {
  const auto unassigned = [](uint32_t index) { return fmt::format("register r{} is read before it is assigned", index); };
  for (const char operand : GetOp(instruction.op).operands) {
    if (operand == 'a' && !IsAssigned(instruction.a)) return unassigned(instruction.a);
    if (operand == 'b' && !IsAssigned(instruction.b)) return unassigned(instruction.b);
    if (operand != 'r') continue;
    for (uint32_t i = 0; i < instruction.count; ++i) {
      if (!IsAssigned(static_cast<Register>(instruction.a + i))) return unassigned(instruction.a + i);
    }
  }
  return std::nullopt;
}

auto Flow::Enter(uint32_t at, const Instruction& instruction) -> Problem {
  const uint32_t end = instruction.imm;
  if (end < at + 2) return "a loop has at least its `next`";
  if (!loops_.empty() && end >= loops_.back().end) return "a loop ends inside the loop around it";
  if (loops_.size() == kMostLoops) return "too many loops inside one another";
  if (auto it = ahead_.upper_bound(at); it != ahead_.end() && it->first < end) return "a jump leads into this loop";
  loops_.push_back({.end = end, .result = instruction.dst, .at_header = assigned_});
  Assign(instruction.b);
  return std::nullopt;
}

auto Flow::Close(uint32_t at) -> Problem {
  if (loops_.empty() || at + 1 != loops_.back().end) return "`next` stands only at the end of a loop";
  // Whatever the elements assigned is forgotten: the set may be empty.
  assigned_ = std::move(loops_.back().at_header);
  Assign(loops_.back().result);
  loops_.pop_back();
  reachable_ = true;
  return std::nullopt;
}

auto Flow::JumpTo(uint32_t target) -> Problem {
  if (!loops_.empty() && target >= loops_.back().end) return "a jump leads out of its loop";
  auto [it, is_new] = ahead_.try_emplace(target, assigned_);
  if (!is_new) Intersect(it->second, assigned_);
  if (ahead_.size() * assigned_.size() > kMostWordsAhead) return "too many jump targets for this many registers";
  return std::nullopt;
}

}  // namespace remit::ir
