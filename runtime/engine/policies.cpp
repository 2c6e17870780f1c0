#include "runtime/engine/policies.h"

namespace remit {

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema)
    : program_(std::move(program)),
      schema_(std::move(schema)),
      index_(*program_),
      shapes_(FindShapes(*program_)),
      code_(shapes_.shapes.size()) {
  for (const auto& body : program_->bodies) unconditional_.push_back(body.code.front().op == ir::Op::Satisfied);
}

void Policies::Install(std::unique_ptr<NativeModule> code, std::span<const uint32_t> shapes) {
  const std::lock_guard lock(mutex_);
  if (code->left_out() > 0) may_leave_out_.store(true, std::memory_order_release);
  for (size_t i = 0; i < shapes.size(); ++i) code_[shapes[i]].store(code->body(i), std::memory_order_release);
  modules_.push_back(std::move(code));  // what it replaces stays too: somebody may be in it
}

auto Policies::footprint() const -> size_t {
  size_t bytes = program_->arena.footprint() + index_.footprint() + program_->policies.capacity() * sizeof(ir::Policy) +
                 program_->constants.capacity() * sizeof(Value) + shapes_.literals.capacity() * sizeof(Value) +
                 (shapes_.shape_of_body.capacity() + shapes_.first_literal.capacity()) * sizeof(uint32_t);
  for (const auto& body : program_->bodies) {
    bytes += sizeof(body) + body.code.capacity() * sizeof(ir::Instruction) + body.places.capacity() * sizeof(ir::SourcePlace);
  }
  for (const auto& policy : program_->policies) {
    for (const auto* test : {&policy.principal, &policy.action, &policy.resource}) bytes += test->entities.footprint();
  }
  for (const auto& group : program_->groups) bytes += sizeof(group) + group.capacity() * sizeof(ir::Variant);
  for (const auto& environment : program_->environments) {
    bytes += sizeof(environment) + environment.groups.capacity() * sizeof(uint32_t);
  }
  return bytes;
}

}  // namespace remit
