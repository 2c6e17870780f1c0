#include "compiler/driver/decide.h"

#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"

namespace remit {

auto RequestDecider::Decide(std::string_view json, std::optional<Datetime> now, bool validate) -> Expected<RequestAnswer> {
  arena_.Reset();
  Interner overlay(&environment_.interner);
  const JsonOptions options{.limits = limits_, .schema = environment_.schema, .validate_request = validate};
  auto document = ReadRequest(json, overlay, arena_, options, &environment_.entities);
  if (!document) return std::unexpected(document.error());

  const Request& request = document->request;
  const EntityStore& entities = document->entities ? *document->entities : environment_.entities;
  return RequestAnswer{
      .request_id = document->id,
      .principal = FormatEntityUid(request.principal, overlay),
      .action = FormatEntityUid(request.action, overlay),
      .resource = FormatEntityUid(request.resource, overlay),
      .decision = remit::Decide(environment_.program, {.entities = entities,
                                                       .request = request,
                                                       .interner = overlay,
                                                       .arena = arena_,
                                                       .now = now,
                                                       .max_loop_work = limits_.max_loop_work}),
  };
}

}  // namespace remit
