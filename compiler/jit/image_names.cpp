#include "compiler/jit/image_names.h"

namespace remit::jit {

auto ImageNames::Find(ImageName name) -> uint32_t {
  const auto [known, is_new] = positions_.try_emplace(name.word(), static_cast<uint32_t>(words_.size()));
  if (is_new) words_.push_back(name);
  return known->second;
}

}  // namespace remit::jit
