// A program with some of its policies replaced, taken out or added, in time that grows with what is copied and not with what is compiled.
//
// A service with 10,000 policies changes one of them: parsing, checking and lowering the others again would take a hundred times longer than all else. Large
// programs share the bodies that stay; those that go stay too until they are as many as the others, and then what is still used is copied, literals with it, as
// small programs are each time: so a program that is amended for years does not grow. Native code has the numbers of record keys built in: these keep them.
#pragma once

#include <span>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::ir {

struct Amended {
  Program program;
  // Of each body the base's that it is, operation by operation, but for the numbers of literals; kNew: of the added ones.
  std::vector<uint32_t> former_bodies;
  // Of each policy whether it is the base's policy of the same position.
  std::vector<bool> stays;

  static constexpr uint32_t kNew = UINT32_MAX;
};

// `added` replaces what has the same id, in its place, and otherwise comes last; what has an id of `removed` goes. Both programs are verified, of one
// interner, and compiled with the same schema or without one. Errors: "other-environments" if their environments differ; "state-is-read" if a statement that
// stays reads a budget or breaker that goes or comes with another text: it was checked against that one; "name-twice" if two budgets or two
// breakers would have one name.
auto Amend(const Program& base, std::span<const SymbolId> removed, const Program& added) -> Expected<Amended>;

}  // namespace remit::ir
