// Texts of keys that are one entity, which most keys are: printed once, and numbered, so that whoever keeps something by key need not compare texts.
//
// Only for entities whose names last as long as this does; those of a request's own names are printed each time. A table of a fixed size that forgets
// what it was not asked for, since requests choose their principals.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "runtime/value/value.h"

namespace remit::eval {

class KeyMemory {
 public:
  static constexpr uint64_t kEmptyKey = 1;  // the number of the key without text

  struct Kept {
    uint64_t uid = 0;
    uint64_t number = 0;  // 0: none. No two texts ever have the same
    std::string text;
  };

  // `print(text)` appends the text of `uid`.
  template <typename Print>
  auto Find(EntityUid uid, const Print& print) -> const Kept& {
    const uint64_t packed = uid.packed();
    Kept& kept = kept_[(packed * 0x9E3779B97F4A7C15) >> (64 - kBits)];
    if (kept.number != 0 && kept.uid == packed) [[likely]]
      return kept;
    kept.number = 0;  // until all is done: memory may run out on the way
    kept.text.clear();
    if (kept.text.capacity() > kLongest) kept.text.shrink_to_fit();
    print(kept.text);
    kept.uid = packed;
    kept.number = ++last_;
    return kept;
  }

 private:
  static constexpr int kBits = 6;
  static constexpr size_t kLongest = 256;  // longer ones give their memory back

  uint64_t last_ = kEmptyKey;
  std::array<Kept, size_t{1} << kBits> kept_;
};

}  // namespace remit::eval
