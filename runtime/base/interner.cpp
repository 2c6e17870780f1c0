#include "runtime/base/interner.h"

#include "runtime/base/check.h"

namespace remit {

auto Interner::Intern(std::string_view text) -> SymbolId {
  if (auto known = Find(text); known.has_value()) {
    return known;
  }
  const SymbolId id{size()};
  const auto copy = bytes_.CopyString(text);
  texts_.push_back(copy);
  ids_.emplace(copy, id);
  return id;
}

auto Interner::Find(std::string_view text) const -> SymbolId {
  if (parent_ != nullptr) {
    if (auto known = parent_->Find(text); known.has_value()) {
      return known;
    }
  }
  auto it = ids_.find(text);
  return it == ids_.end() ? SymbolId{} : it->second;
}

auto Interner::text(SymbolId id) const -> std::string_view {
  if (id.value < base_) {
    return parent_->text(id);
  }
  CHECK(id.value - base_ < texts_.size(), "symbol of another interner");
  return texts_[id.value - base_];
}

}  // namespace remit
