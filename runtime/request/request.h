// A request as the engines read it: interned, borrowing its context from an arena of the caller's.
#pragma once

#include "runtime/value/value.h"

namespace remit {

struct Request {
  EntityUid principal;
  EntityUid action;
  EntityUid resource;
  RecordView context;
};

}  // namespace remit
