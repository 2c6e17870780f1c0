#include "runtime/native/frame.h"

namespace remit {

auto MakeFrame(const ir::Program& program, const EvalInput& input) -> NativeFrame {
  return {.calls = GetNativeCalls(),
          .request = ToNative(input.request, input.entities.Find(input.request.principal), input.entities.Find(input.request.action),
                              input.entities.Find(input.request.resource)),
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
          .result = {},
          .state = input.state};
}

}  // namespace remit
