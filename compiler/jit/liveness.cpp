#include "compiler/jit/liveness.h"

namespace remit::jit {
namespace {

class Pass {
 public:
  explicit Pass(const ir::Body& body) : body_(body), live_(body.registers, false) {}

  auto Run() -> LiveRegisters {
    for (uint32_t at = 0; at < body_.code.size(); ++at) {
      const auto& instruction = body_.code[at];
      const auto& info = ir::GetOp(instruction.op);
      if (info.has(ir::Branches)) found_.try_emplace(instruction.imm);
      if (info.has(ir::Loops)) header_of_[instruction.imm - 1] = at;
    }
    for (auto at = static_cast<uint32_t>(body_.code.size()); at-- > 0;) Step(at, body_.code[at]);
    return std::move(found_);
  }

 private:
  void Step(uint32_t at, const ir::Instruction& instruction) {
    const auto& info = ir::GetOp(instruction.op);
    if (info.has(ir::Closes)) {
      behind_loops_.push_back(live_);
      for (uint32_t inside = header_of_[at] + 1; inside < at; ++inside) Read(body_.code[inside]);
    } else if (info.has(ir::Leaves)) {
      live_.assign(live_.size(), false);
    }
    if (info.has(ir::Branches)) {
      for (const auto index : found_[instruction.imm]) live_[index] = true;
    }
    if (info.has(ir::Loops)) {
      // The set may be empty.
      for (size_t i = 0; i < live_.size(); ++i) live_[i] = live_[i] || behind_loops_.back()[i];
      behind_loops_.pop_back();
    } else if (info.uses('d')) {
      live_[instruction.dst] = false;
    }
    Read(instruction);
    if (const auto it = found_.find(at); it != found_.end()) it->second = Collect();
  }

  void Read(const ir::Instruction& instruction) {
    VisitReads(instruction, [&](ir::Register index) { live_[index] = true; });
  }

  auto Collect() const -> std::vector<ir::Register> {
    std::vector<ir::Register> registers;
    for (size_t i = 0; i < live_.size(); ++i) {
      if (live_[i]) registers.push_back(static_cast<ir::Register>(i));
    }
    return registers;
  }

  const ir::Body& body_;
  std::vector<bool> live_;
  std::unordered_map<uint32_t, uint32_t> header_of_;  // of each `next`
  std::vector<std::vector<bool>> behind_loops_;        // live there, of the loops around
  LiveRegisters found_;
};

}  // namespace

auto FindLiveRegisters(const ir::Body& body) -> LiveRegisters { return Pass(body).Run(); }

}  // namespace remit::jit
