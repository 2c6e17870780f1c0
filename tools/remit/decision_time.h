// `--now`, and the clock where it is not given: the one place of the command line that looks at a clock.
#pragma once

#include "runtime/value/value.h"
#include "tools/remit/verb.h"

namespace remit::cli {

// The time to decide at.
class DecisionTime {
 public:
  // Adds `--now DATETIME` to the verb.
  void AddOption(CLI::App& verb);

  // The given time, or the clock's: to be read once for each request.
  auto Read() const -> Datetime;

 private:
  std::optional<Datetime> given_;
};

}  // namespace remit::cli
