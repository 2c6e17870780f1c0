#include "runtime/engine/prepared_request.h"

namespace remit {

PreparedRequest::PreparedRequest(const Request& request, std::shared_ptr<const Schema> schema)
    : request_(request), schema_(std::move(schema)) {
  if (request.context.empty()) return;
  arena_ = std::make_unique<Arena>();
  request_.context = CopyValue(*arena_, Value::OfSortedRecord(request.context)).as_record();
}

void PreparedRequest::SetSchema(std::shared_ptr<const Schema> schema) {
  schema_ = std::move(schema);
  snapshot_ = UINT64_MAX;
}

}  // namespace remit
