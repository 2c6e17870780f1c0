// What a request comes to, and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/value/outcome.h"

namespace remit {

// One policy that could not be evaluated on one request. Not an exception: its neighbours still count.
struct EvalError {
  uint32_t policy = 0;   // position in ir::Program::policies
  std::string code;      // stable: "type-error", "integer-overflow", "entity-missing", ...
  std::string message;
  uint32_t span_file = UINT32_MAX;  // place in the source, where the program has a source map
  uint32_t span_begin = 0;
  uint32_t span_end = 0;
  std::string help;                 // may be empty: what exists, or what may have been meant

  friend auto operator==(const EvalError&, const EvalError&) -> bool = default;
};

// Borrows nothing.
struct Decision {
  Outcome outcome = Outcome::Deny;
  std::vector<uint32_t> determining;  // positions in ir::Program::policies, ascending
  std::vector<EvalError> errors;      // ascending by policy
  auto allowed() const -> bool { return outcome == Outcome::Execute; }

  friend auto operator==(const Decision&, const Decision&) -> bool = default;
};

}  // namespace remit
