// Names in the code of an image: symbols and uids as words of a table, which whoever loads the image fills with the numbers of its own.
//
// Code for this process has the numbers built in. In an image they would have to be those of the engine that loads it, and an engine that has been
// running for a while knows other symbols already. Relocating every instruction that has one, the alternative, needs the same table and a list
// of places besides; what is saved is an operand in memory, in a line of the cache that decisions keep there.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "runtime/native/image.h"

namespace remit::jit {

class ImageNames {
 public:
  // The word's position, in the order in which code asks: the same code makes the same table.
  auto Find(ImageName name) -> uint32_t;
  auto words() const -> const std::vector<ImageName>& { return words_; }

  // What the table is called in object files. It is in no object file: its place is the image's.
  static constexpr const char* kTable = "remit_names";

 private:
  std::vector<ImageName> words_;
  std::unordered_map<uint64_t, uint32_t> positions_;
};

}  // namespace remit::jit
