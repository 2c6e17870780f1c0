// The bodies of a program as it grows. Specialised bodies that come out equal are one.
#pragma once

#include <unordered_map>

#include "runtime/ir/program.h"

namespace remit {

class BodyTable {
 public:
  // `program` outlives this and has no bodies.
  explicit BodyTable(ir::Program& program) : program_(program) {}

  // A body of its own. Returns its position, as does Share.
  auto Add(ir::Body body) -> uint32_t;
  // A body with this code and these places, there already or new.
  auto Share(ir::Body body) -> uint32_t;

 private:
  ir::Program& program_;
  std::unordered_multimap<size_t, uint32_t> by_hash_;
};

}  // namespace remit
