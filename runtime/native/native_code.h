// How native code is called.
//
// A *body* is one shape of policy conditions over a table of literals. A *group* is up to 64 bodies with their literals in one function:
// those whose scopes a request of one environment can meet, so that a decision of a small policy set is one call.
#pragma once

#include <cstdint>

#include "runtime/native/frame.h"

namespace remit {

// Failed: it failed, or was not compiled because it is too large; the interpreter knows which, and makes the message.
enum BodyResult : uint32_t { BodyNotSatisfied = 0, BodySatisfied = 1, BodyFailed = 2, BodyReturned = 3 };

// `literals`: those of the body, Shapes::literals_of. With BodyReturned the value is in `frame->result`.
using NativeBody = uint32_t (*)(NativeFrame* frame, const Value* literals);

// Bit i is the group's body i; a bit is set in at most one of the two.
struct GroupResult {
  uint64_t satisfied;
  uint64_t failed;  // as BodyFailed
};
using NativeGroup = GroupResult (*)(NativeFrame* frame);

inline constexpr size_t kMaxGroupBodies = 64;

}  // namespace remit
