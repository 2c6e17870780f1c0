#include "compiler/parse/cst_parser.h"

#include <algorithm>

namespace remit::grammar {

void CstNodes::AddBlock() {
  blocks_.push_back(std::make_unique<std::byte[]>(kBlock));
  left_ = kBlock;
}

// Of a large tree's memory one block stays.
void CstNodes::reset() {
  constexpr size_t kKeep = 4096;
  for (auto* node : nodes_) std::destroy_at(node);
  nodes_.clear();
  if (nodes_.capacity() > kKeep) nodes_.shrink_to_fit();
  blocks_.resize(std::min<size_t>(blocks_.size(), 1));
  left_ = blocks_.empty() ? 0 : kBlock;
}

}  // namespace remit::grammar
