#include "runtime/engine/prepared_request.h"

namespace remit {

PreparedRequest::PreparedRequest(const Request& request, bool conforms) : request_(request), conforms_(conforms) {
  if (request.context.empty()) return;
  arena_ = std::make_unique<Arena>();
  request_.context = CopyValue(*arena_, Value::OfSortedRecord(request.context)).as_record();
}

}  // namespace remit
