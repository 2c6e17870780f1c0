// Strings to dense ids, so that names, types and entity ids compare as integers.
//
// The engine's interner is append-only. Strings seen only in a request go to an overlay of the request's own, whose
// ids start where the parent ended when the overlay was made: callers cannot grow the engine, and every string still
// has exactly one id as seen through the overlay.
//
// Thread rule: `Intern` needs exclusive access; `Find` and `text` on an interner nobody is appending to are free.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/ids.h"

namespace remit {

using SymbolId = Id<struct SymbolTag>;

class Interner {
 public:
  Interner() = default;
  // An overlay over `parent`, which must outlive it and must not grow meanwhile.
  explicit Interner(const Interner* parent) : parent_(parent), base_(parent->size()) {}
  Interner(const Interner&) = delete;
  auto operator=(const Interner&) -> Interner& = delete;
  Interner(Interner&&) = default;
  auto operator=(Interner&&) -> Interner& = default;

  auto Intern(std::string_view text) -> SymbolId;
  // None if the string was never interned.
  auto Find(std::string_view text) const -> SymbolId;
  // Valid as long as the interner that owns the string.
  auto text(SymbolId id) const -> std::string_view;
  auto size() const -> uint32_t { return base_ + static_cast<uint32_t>(texts_.size()); }

 private:
  const Interner* parent_ = nullptr;
  uint32_t base_ = 0;
  Arena bytes_;
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, SymbolId> ids_;
};

}  // namespace remit
