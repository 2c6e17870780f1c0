#include "compiler/partial/partial_request.h"

namespace remit::partial {

auto UnknownContext(const Schema& schema, const ActionDecl& action) -> PartialContext {
  PartialContext context;
  for (const auto& field : schema.type(action.context).fields) context.unknown.push_back(field.key);
  return context;
}

}  // namespace remit::partial
