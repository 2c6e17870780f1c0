#include "runtime/capi/engine_state.h"

namespace remit::capi {

void EngineState::SetTexts(const std::shared_ptr<Policies>& policies, std::shared_ptr<const PolicyTexts> texts) {
  const std::lock_guard lock(texts_mutex_);
  std::erase_if(texts_, [](const Kept& kept) { return kept.policies.expired(); });
  texts_.push_back({.policies = policies, .texts = std::move(texts)});
}

auto EngineState::TextsOf(const Policies& policies) const -> std::shared_ptr<const PolicyTexts> {
  const std::lock_guard lock(texts_mutex_);
  for (const auto& kept : texts_) {
    if (kept.policies.lock().get() == &policies) return kept.texts;
  }
  return nullptr;
}

}  // namespace remit::capi
