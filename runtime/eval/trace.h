// Whoever wants to know what the interpreter runs: coverage of policies.
//
// Told of operations as they are run, with their places in the source, and asked nothing. The thread says who is told: whoever decides may be
// far from whoever measures, with engines and ledgers in between that have nothing to do with it.
#pragma once

#include <cstdint>

#include "runtime/ir/program.h"

namespace remit {

class EvalTrace {
 public:
  enum class End : uint8_t { Satisfied, NotSatisfied, Returned, Failed };

  virtual ~EvalTrace() = default;

  // A body begins. It may begin again before it ends (see eval::ElementOrder): then only the last time counts.
  virtual void Begin(const ir::Body& body) = 0;
  // An operation was run and wrote `written`. Called only for operations that write a register.
  virtual void Ran(const ir::SourcePlace& place, const Value& written) = 0;
  // The body ended; `place`: of the operation that failed, if one did.
  virtual void Finish(End end, const ir::SourcePlace& place) = 0;
};

// While it lives, `trace` is told of all that this thread interprets; null: nobody is.
class TraceScope {
 public:
  explicit TraceScope(EvalTrace* trace);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  auto operator=(const TraceScope&) -> TraceScope& = delete;

  // Whether this thread tells anybody: what need not be interpreted then is, too.
  static auto IsTold() -> bool;

 private:
  EvalTrace* outer_;
};

}  // namespace remit
