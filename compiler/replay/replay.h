// Recorded decisions made again, from what was recorded that they read, and held against what was recorded that they said.
//
// What is compared is bytes: outcome, statements, errors with their messages, obligations, claims. Requests that were refused, that got the answer of an
// earlier one, or of which only a digest is known, cannot be made again, and are told apart from those that come out differently.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/decide.h"
#include "runtime/audit/record_view.h"

namespace remit {

struct Replayed {
  enum class Verdict : uint8_t { Same, Different, NotReplayable };
  Verdict verdict = Verdict::Same;
  std::string why = {};  // unless it is the same
  std::string recorded = {};  // if it is different: what was said then and now, as JSON
  std::string recomputed = {};
};

struct ReplayOptions {
  bool any_version = false;  // of the policies: decided by those that are given, whichever were recorded
  std::string version = {};  // of the policies that are given, in hexadecimal digits; empty: not known, and not compared
};

// `record` is a decision's. Masked values are in their places again, or the decision may come out differently.
auto Replay(const audit::RecordView& record, RequestDecider& decider, const PolicyEnvironment& environment, const ReplayOptions& options)
    -> Replayed;

}  // namespace remit
