// Jumps and the places where they meet.
//
// A target's edges are all known when it is reached, since jumps go forward: registers that differ between them become phis at once, and
// what all edges know stays known.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

void BodyToLlvm::GoTo(llvm::BasicBlock* block) {
  b().CreateBr(block);
  Unreachable();
}

void BodyToLlvm::FailUnless(llvm::Value* i1) {
  if (const auto* known = llvm::dyn_cast<llvm::ConstantInt>(i1)) {
    if (known->isZero()) Fail();
    return;
  }
  auto* next = f_.NewBlock("ok");
  f_.BranchLikely(i1, next, ends_.failed);
  Continue(next);
}

// The target's block, with an edge from here.
auto BodyToLlvm::EdgeTo(uint32_t target) -> llvm::BasicBlock* {
  auto& join = joins_[target];
  if (join.block == nullptr) join.block = f_.NewBlock("join");
  Edge edge = {.from = b().GetInsertBlock(), .live = {}};
  for (const auto index : live_[target]) edge.live.push_back(reg(index));
  join.edges.push_back(std::move(edge));
  return join.block;
}

void BodyToLlvm::JumpTo(uint32_t target) { GoTo(EdgeTo(target)); }

void BodyToLlvm::ArriveAt(uint32_t at) {
  const auto it = joins_.find(at);
  if (it == joins_.end()) return;
  if (is_reachable_) JumpTo(at);
  const Join join = std::move(it->second);
  joins_.erase(it);
  Continue(join.block);
  is_reachable_ = true;
  registers_.assign(registers_.size(), {});
  const auto& live = live_[at];
  for (size_t i = 0; i < live.size(); ++i) reg(live[i]) = Merge(join.edges, i);
}

namespace {

template <typename Edges>
auto MergeWord(Builder& b, const Edges& edges, size_t position, llvm::Value* SsaValue::* word) -> llvm::Value* {
  llvm::Value* first = edges[0].live[position].*word;
  bool all_same = true;
  for (const auto& edge : edges) {
    if (edge.live[position].*word == nullptr) return nullptr;
    all_same &= edge.live[position].*word == first;
  }
  if (all_same) return first;
  auto* phi = b.CreatePHI(first->getType(), static_cast<unsigned>(edges.size()));
  for (const auto& edge : edges) phi->addIncoming(edge.live[position].*word, edge.from);
  return phi;
}

}  // namespace

auto BodyToLlvm::Merge(const std::vector<Edge>& edges, size_t position) -> SsaValue {
  SsaValue merged = edges[0].live[position];
  for (const auto& edge : edges) {
    const auto& value = edge.live[position];
    if (!value.is_assigned()) return {};
    if (value.entity_type != merged.entity_type) merged.entity_type = {};
    if (value.layout != merged.layout) merged.layout = {};
    if (value.variable != merged.variable) merged.variable = Variable::None;
    if (value.expected_kind != merged.expected_kind) merged.expected_kind = {};
  }
  merged.kind = MergeWord(b(), edges, position, &SsaValue::kind);
  merged.size = MergeWord(b(), edges, position, &SsaValue::size);
  merged.bits = MergeWord(b(), edges, position, &SsaValue::bits);
  merged.entity = MergeWord(b(), edges, position, &SsaValue::entity);
  return merged;
}

}  // namespace remit::jit
