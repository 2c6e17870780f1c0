#include "runtime/native/frame.h"

namespace remit {

auto MakeFrame(const ir::Program& program, const EvalInput& input) -> NativeFrame {
  return {.calls = GetNativeCalls(),
          .principal = input.request.principal.packed(),
          .action = input.request.action.packed(),
          .resource = input.request.resource.packed(),
          .principal_entity = input.entities.Find(input.request.principal),
          .action_entity = input.entities.Find(input.request.action),
          .resource_entity = input.entities.Find(input.request.resource),
          .context = input.request.context.data(),
          .context_size = input.request.context.size(),
          .constants = program.constants.data(),
          .max_loop_work = input.max_loop_work,
          .program = &program,
          .entities = &input.entities,
          .entity_nodes = input.entities.rows().nodes(),
          .entity_capacity = input.entities.rows().capacity(),
          .interner = &input.interner,
          .arena = &input.arena,
          .now = input.now ? input.now->millis : 0,
          .has_now = input.now ? 1U : 0U,
          .result = {}};
}

}  // namespace remit
