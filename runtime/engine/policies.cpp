#include "runtime/engine/policies.h"

#include <algorithm>

#include "runtime/ir/asked_entities.h"

namespace remit {
namespace {

// Nothing but loading the value and returning it; what is loaded from the context may be missing, and then it is the body that says so.
auto ToPlainClause(const std::vector<ir::Instruction>& code) -> PlainClause {
  const auto returns = [&](size_t i) { return code[i].op == ir::Op::Return && code[i].a == code[i - 1].dst; };
  if (code.size() == 2 && returns(1)) {
    if (code[0].op == ir::Op::Const) return {.kind = PlainClause::Constant, .at = code[0].imm};
    if (code[0].op == ir::Op::Principal) return {.kind = PlainClause::Principal};
    if (code[0].op == ir::Op::Action) return {.kind = PlainClause::Action};
    if (code[0].op == ir::Op::Resource) return {.kind = PlainClause::Resource};
  }
  const bool is_field =
      code.size() == 3 && returns(2) && code[0].op == ir::Op::Context && code[1].op == ir::Op::GetAttr && code[1].a == code[0].dst;
  return is_field ? PlainClause{.kind = PlainClause::ContextField, .at = code[1].imm} : PlainClause{};
}

}  // namespace

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema)
    : Policies(program, std::move(schema), FindShapes(*program)) {}

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema, Shapes shapes)
    : Policies(program, std::move(schema), PolicyIndex(*program), std::move(shapes)) {}

Policies::Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema, PolicyIndex index, Shapes shapes)
    : program_(std::move(program)),
      schema_(std::move(schema)),
      index_(std::move(index)),
      shapes_(std::move(shapes)),
      code_(shapes_.shapes.size()),
      module_of_shape_(shapes_.shapes.size()) {
  asks_of_values_ = std::ranges::any_of(shapes_.shapes, [&](const Shape& shape) { return ir::AsksOfValues(program_->bodies[shape.body]); });
  unconditional_.reserve(program_->bodies.size());
  for (const uint32_t shape : shapes_.shape_of_body) {  // bodies of one shape begin alike: the others need not be looked at
    unconditional_.push_back(program_->bodies[shapes_.shapes[shape].body].code.front().op == ir::Op::Satisfied);
  }
  FindPlainClauses();
  is_read_.resize(program_->budgets.size());
  if (is_read_.empty()) return;
  for (const auto& body : program_->bodies) {
    for (const auto& i : body.code) {
      if (i.op == ir::Op::ReadBudget) is_read_[i.imm] = true;
    }
  }
}

void Policies::FindPlainClauses() {
  const auto look_at = [&](uint32_t body) {
    if (body == ir::kNoBody) return;
    const PlainClause clause = ToPlainClause(program_->bodies[body].code);
    if (clause.kind == PlainClause::None) return;
    if (body >= plain_.size()) plain_.resize(body + 1);
    plain_[body] = clause;
  };
  for (const auto& budget : program_->budgets) {
    look_at(budget.limit);
    look_at(budget.charge);
    for (const uint32_t body : budget.per) look_at(body);
  }
  for (const auto& breaker : program_->breakers) {
    for (const uint32_t body : breaker.per) look_at(body);
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
                 (shapes_.shape_of_body.capacity() + shapes_.first_literal.capacity()) * sizeof(uint32_t) +
                 plain_.capacity() * sizeof(PlainClause);
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
