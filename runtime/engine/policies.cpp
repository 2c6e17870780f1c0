#include "runtime/engine/policies.h"

#include <algorithm>

#include "runtime/eval/stateful_row.h"
#include "runtime/ir/asked_entities.h"

namespace remit {

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema)
    : Policies(program, std::move(schema), FindShapes(*program)) {}

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema, Shapes shapes)
    : Policies(program, std::move(schema), PolicyIndex(*program), std::move(shapes)) {}

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema, PolicyIndex index, Shapes shapes)
    : program_(std::move(program)),
      schema_(std::move(schema)),
      index_(std::move(index)),
      shapes_(std::move(shapes)),
      plain_(*program_),
      code_(shapes_.shapes.size()),
      module_of_shape_(shapes_.shapes.size()) {
  asks_of_values_ = std::ranges::any_of(shapes_.shapes, [&](const Shape& shape) { return ir::AsksOfValues(program_->bodies[shape.body]); });
  unconditional_.reserve(program_->bodies.size());
  for (const uint32_t shape : shapes_.shape_of_body) {  // bodies of one shape begin alike: the others need not be looked at
    unconditional_.push_back(eval::IsUnconditional(program_->bodies[shapes_.shapes[shape].body]));
  }
}

Policies::Policies(ir::Amended amended, const Policies& former)
    : Policies(std::make_shared<const ir::Program>(std::move(amended.program)), amended, former) {}

Policies::Policies(const std::shared_ptr<const ir::Program>& program, const ir::Amended& amended, const Policies& former)
    : Policies(program, former.schema_, PolicyIndex(*program, former.index_, amended.stays),
               FindShapes(*program, former.shapes_, amended.former_bodies)) {
  const std::lock_guard lock(former.mutex_);
  may_leave_out_.store(former.may_leave_out(), std::memory_order_release);
  for (size_t shape = 0; shape < shapes_.shapes.size(); ++shape) {
    const uint32_t body = amended.former_bodies[shapes_.shapes[shape].body];
    if (body == ir::Amended::kNew) continue;
    const uint32_t former_shape = former.shapes_.shape_of_body[body];
    code_[shape].store(former.code_[former_shape].load(std::memory_order_acquire), std::memory_order_release);
    module_of_shape_[shape] = former.module_of_shape_[former_shape];
  }
}

void Policies::Install(std::unique_ptr<NativeModule> code, std::span<const uint32_t> shapes) {
  const std::lock_guard lock(mutex_);
  if (code->left_out() > 0) may_leave_out_.store(true, std::memory_order_release);
  const std::shared_ptr<const NativeModule> module = std::move(code);
  for (size_t i = 0; i < shapes.size(); ++i) {
    code_[shapes[i]].store(module->body(i), std::memory_order_release);
    auto& own = module_of_shape_[shapes[i]];
    if (own != nullptr && (replaced_.empty() || replaced_.back() != own)) replaced_.push_back(own);
    own = module;
  }
}

auto Policies::footprint() const -> size_t {
  size_t bytes = program_->arena.footprint() + index_.footprint() + program_->policies.capacity() * sizeof(ir::Policy) +
                 program_->constants.capacity() * sizeof(Value) + shapes_.literals.capacity() * sizeof(Value) +
                 (shapes_.shape_of_body.capacity() + shapes_.first_literal.capacity()) * sizeof(uint32_t) + plain_.footprint();
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
