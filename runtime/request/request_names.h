// The names of requests that the engine does not know: an overlay over the engine's, kept from one request to the next.
//
// Names of former requests do no harm while they are few, a request that names what a former one did finds it, and making an overlay for each request takes
// longer than all that is looked up in it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "runtime/base/interner.h"
#include "runtime/base/same_text.h"
#include "runtime/request/known_references.h"

namespace remit {

class RequestNames {
 public:
  // Call between requests. INVARIANT: the snapshot is pinned before, so that every symbol of the snapshot is one of `engine_names`; where the engine has
  // learnt names since, the overlay no longer begins where they end, and is made anew.
  void Begin(const Interner& engine_names) {
    if (names_ && before_ == engine_names.size() && !IsMuch()) return;
    references_.Clear();
    names_.emplace(&engine_names);
    before_ = names_->size();
    usual_.fill({});
  }
  // The overlay; there is one after `Begin`.
  auto operator*() -> Interner& { return *names_; }
  // For reading into them: JsonOptions::references.
  auto references() -> json::KnownReferences* { return &references_; }
  void Release() {
    names_.reset();
    references_.Release();
  }

  // Interner::Find of a name that request after request has: a type, an action. None if the name is not known; whoever interns it then need not say so.
  auto FindUsual(std::string_view text) -> SymbolId {
    if (text.empty()) return names_->Find(text);
    Usual& usual = usual_[(text.size() ^ static_cast<uint8_t>(text.back())) % usual_.size()];
    if (usual.id.has_value() && SameText(usual.text, text)) [[likely]]
      return usual.id;
    const SymbolId id = names_->Find(text);
    if (id.has_value()) usual = {.text = names_->text(id), .id = id};
    return id;
  }

 private:
  auto IsMuch() const -> bool {
    constexpr uint32_t kFew = 256;
    constexpr size_t kFewBytes = size_t{64} << 10;
    return names_->size() - before_ > kFew || names_->footprint() > kFewBytes;
  }

  struct Usual {
    std::string_view text = {};  // the interner's
    SymbolId id = {};
  };

  std::optional<Interner> names_;
  json::KnownReferences references_;  // of `names_`
  uint32_t before_ = 0;  // their number when the overlay was made
  std::array<Usual, 16> usual_ = {};
};

}  // namespace remit
