#include "runtime/bundle/archive.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace remit::bundle {

void SymbolTable::Collect(SymbolId id) {
  if (id.value >= is_known_.size()) is_known_.resize(std::max<size_t>(id.value + size_t{1}, is_known_.size() * 2));
  if (is_known_[id.value]) return;
  is_known_[id.value] = true;
  symbols_.push_back(id);
}

void SymbolTable::Sort() {
  std::ranges::sort(symbols_);
  positions_.resize(is_known_.size());
  for (uint32_t i = 0; i < symbols_.size(); ++i) positions_[symbols_[i].value] = i;
}

auto SymbolTable::PositionOf(SymbolId id) const -> uint32_t {
  CHECK(id.value < is_known_.size() && is_known_[id.value], "a symbol that was not collected");
  return positions_[id.value];
}

}  // namespace remit::bundle
