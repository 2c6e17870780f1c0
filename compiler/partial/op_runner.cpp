#include "compiler/partial/op_runner.h"

#include <algorithm>

#include "runtime/eval/machine.h"

namespace remit::partial {

OpRunner::OpRunner(const EntityStore& entities, const Interner& interner, Arena& arena)
    : input_{.entities = entities, .request = request_, .interner = interner, .arena = arena} {
  program_.bodies.resize(1);
  program_.patterns.resize(1);
}

auto OpRunner::Run(ir::Op op, std::span<const Value> operands, Span place, uint32_t imm) -> RunResult {
  const auto count = op == ir::Op::Call ? static_cast<uint32_t>(operands.size()) : 0;
  const ir::Register second = operands.size() > 1 && count == 0 ? 1 : 0;
  auto& body = program_.bodies.Writable(0);
  body.code = {{.op = op, .dst = 0, .a = 0, .b = second, .imm = imm, .count = count}, {.op = ir::Op::Return, .a = 0}};
  registers_.assign(operands.begin(), operands.end());
  registers_.resize(std::max<size_t>(registers_.size(), 1));

  std::vector<eval::Loop> loops;
  eval::Machine machine = {.program = program_, .body = body, .input = input_, .registers = registers_, .loops = loops};
  if (eval::Run(machine) != eval::Step::Failed) return machine.result;
  machine.error.span_file = place.file.value;
  machine.error.span_begin = place.begin;
  machine.error.span_end = place.end;
  return std::unexpected(std::move(machine.error));
}

auto OpRunner::RunLike(const Value& text, const std::vector<ast::PatternElement>& pattern, Span place) -> RunResult {
  program_.patterns[0].clear();
  for (const auto& element : pattern) {
    program_.patterns[0].push_back(element.wildcard ? std::nullopt : std::optional(element.literal));
  }
  return Run(ir::Op::Like, {&text, 1}, place);
}

}  // namespace remit::partial
