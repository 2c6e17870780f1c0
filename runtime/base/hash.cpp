#include "runtime/base/hash.h"

#include <random>

namespace remit {

auto HashSeed() -> uint64_t {
  static const uint64_t seed = [] {
    std::random_device random;
    return uint64_t{random()} << 32 | random();
  }();
  return seed;
}

}  // namespace remit
