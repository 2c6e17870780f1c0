// The slow half of native code: what is not worth inlining runs here, by the interpreter's own handlers, so that meaning exists once.
//
// A machine is made for each call. Keeping one in the frame would save a few nanoseconds here and cost as much in every decision, most of
// which come here for nothing.
#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "runtime/eval/machine.h"
#include "runtime/native/frame.h"

namespace remit {
namespace {

using ir::Branches, ir::Closes, ir::Ends, ir::Fails, ir::Leaves, ir::Loops, ir::Pure;  // in the rows of ops.def
using Handler = eval::Step (*)(eval::Machine& machine, const ir::Instruction& instruction);

auto InputOf(NativeFrame& frame, const Request& request) -> EvalInput {
  return {.entities = *frame.entities,
          .request = request,
          .interner = *frame.interner,
          .arena = *frame.arena,
          .now = frame.has_now != 0 ? std::optional(Datetime{frame.now}) : std::nullopt,
          .max_loop_work = frame.max_loop_work,
          .state = frame.state};
}

template <ir::Op kOp, Handler kHandler>
auto RunOperation(NativeFrame* frame, Value* operands, uint32_t imm, uint32_t count) -> uint32_t {
  const Request request = {.principal = EntityUid::FromPacked(frame->request.principal),
                           .action = EntityUid::FromPacked(frame->request.action),
                           .resource = EntityUid::FromPacked(frame->request.resource),
                           .context = {frame->request.context, frame->request.context_size}};
  const EvalInput input = InputOf(*frame, request);
  static const ir::Body body = {};
  std::vector<eval::Loop> loops;
  const size_t operand_count = std::max<size_t>(count, 2);
  eval::Machine machine = {
      .program = *frame->program, .body = body, .input = input, .registers = {operands, operand_count}, .loops = loops, .is_quiet = true};
  return kHandler(machine, {.op = kOp, .dst = 0, .a = 0, .b = 1, .imm = imm, .count = count}) == eval::Step::Failed ? 0 : 1;
}

auto NoEntity() -> const Entity* {
  static const Entity entity = {.uid = {}, .attrs = {}, .tags = {}, .parents = {}, .ancestors = AncestorSet::Empty()};
  return &entity;
}

auto FindEntity(const NativeFrame* frame, uint64_t uid, uint32_t row_hint) -> const Entity* {
  const Entity* found = frame->entities->Find(Value::OfEntity(EntityUid::FromPacked(uid), row_hint));
  return found != nullptr ? found : NoEntity();
}

auto FindFieldByKey(const Field* fields, uint32_t count, uint32_t key) -> const Value* { return FindField({fields, count}, SymbolId{key}); }

auto IsBelow(const NativeFrame* frame, const Entity* descendant, uint64_t ancestor) -> uint32_t {
  return frame->entities->IsBelow(descendant, EntityUid::FromPacked(ancestor)) ? 1 : 0;
}

// Of a set of entities alone: its order is that of their uids. Without branches that nobody can foresee.
auto ContainsEntity(SetView set, uint64_t uid) -> bool {
  const Value* first = set.data();
  for (size_t left = set.size(); left > 1;) {
    const size_t half = left / 2;
    first += first[half].as_entity().packed() <= uid ? half : 0;
    left -= half;
  }
  return !set.empty() && first->as_entity().packed() == uid;
}

// Goes through the set, which takes a look at one bucket for each element, or through the ancestors, which takes a search in the set for each.
// INVARIANT: all elements are entities, as native code has seen from the first and the last.
auto IsInAny(const NativeFrame* frame, const Entity* descendant, uint64_t uid, const Value* elements, uint32_t count) -> uint32_t {
  const SetView set(elements, count);
  if (ContainsEntity(set, uid)) return 1;
  const AncestorSet* ancestors = descendant->ancestors;
  if (ancestors != nullptr && size_t{ancestors->size()} * static_cast<size_t>(std::bit_width(count)) <= count) {
    bool found = false;
    ancestors->ForEach([&](EntityUid ancestor) { found = found || ContainsEntity(set, ancestor.packed()); });
    return found ? 1 : 0;
  }
  if (ancestors != nullptr) {
    return std::ranges::any_of(set, [&](const Value& element) { return ancestors->Contains(element.as_entity().packed()); }) ? 1 : 0;
  }
  return std::ranges::any_of(set, [&](const Value& element) { return frame->entities->IsBelow(descendant, element.as_entity()); }) ? 1 : 0;
}

auto ContainsElement(const Value* elements, uint32_t count, const Value* element) -> uint32_t {
  return SetContains({elements, count}, *element) ? 1 : 0;
}

auto EqualBytes(const void* a, const void* b, uint64_t size) -> uint32_t { return std::memcmp(a, b, size) == 0 ? 1 : 0; }

// Jumps, loops and ends need a machine that goes on: native code runs them alone.
constexpr auto CallFor(uint8_t traits, OperationCall call) -> OperationCall {
  return (traits & (Branches | Leaves | Ends | Loops | Closes)) == 0 ? call : nullptr;
}

auto MakeCalls() -> NativeCalls {
  return {
      .run =
          {
#define OP(id, mnemonic, operands, traits, doc) CallFor(static_cast<uint8_t>(traits), &RunOperation<ir::Op::id, &eval::Run##id>),
#include "runtime/ir/ops.def"
#undef OP
          },
      .no_entity = NoEntity(),
      .no_ancestors = AncestorSet::Empty(),
      .find_entity = &FindEntity,
      .find_field = &FindFieldByKey,
      .is_below = &IsBelow,
      .is_in_any = &IsInAny,
      .set_contains = &ContainsElement,
      .equal_bytes = &EqualBytes,
  };
}

}  // namespace

auto GetNativeCalls() -> const NativeCalls* {
  static const NativeCalls calls = MakeCalls();
  return &calls;
}

}  // namespace remit
