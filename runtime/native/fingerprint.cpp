// What native code has built in about the runtime, as one number.
#include "runtime/native/image.h"
#include "stdlib/builtin.h"

namespace remit {
namespace {

class Fingerprint {
 public:
  void Add(uint64_t word) {
    hash_ = (hash_ ^ word) * 0x9E3779B97F4A7C15U;
    hash_ ^= hash_ >> 32;
  }
  void Add(std::string_view text) {
    Add(text.size());
    for (const char c : text) Add(static_cast<uint64_t>(static_cast<unsigned char>(c)));
  }
  auto value() const -> uint64_t { return hash_; }

 private:
  uint64_t hash_ = 0xCBF29CE484222325U;
};

void AddLayout(Fingerprint& fingerprint) {
  for (const size_t place : {offsetof(NativeFrame, calls),
                             offsetof(NativeFrame, request.principal),
                             offsetof(NativeFrame, request.action),
                             offsetof(NativeFrame, request.resource),
                             offsetof(NativeFrame, request.principal_entity),
                             offsetof(NativeFrame, request.action_entity),
                             offsetof(NativeFrame, request.resource_entity),
                             offsetof(NativeFrame, request.context),
                             offsetof(NativeFrame, request.context_size),
                             offsetof(NativeFrame, constants),
                             offsetof(NativeFrame, max_loop_work),
                             offsetof(NativeFrame, entity_nodes),
                             offsetof(NativeFrame, entity_capacity),
                             offsetof(NativeFrame, now),
                             offsetof(NativeFrame, has_now),
                             offsetof(NativeFrame, result),
                             offsetof(NativeFrame, state),
                             offsetof(StateView, budgets),
                             offsetof(StateView, breakers),
                             offsetof(BudgetState, values),
                             sizeof(BudgetState),
                             offsetof(BreakerState, is_open),
                             sizeof(BreakerState),
                             offsetof(NativeCalls, run),
                             offsetof(NativeCalls, no_entity),
                             offsetof(NativeCalls, no_ancestors),
                             offsetof(NativeCalls, find_entity),
                             offsetof(NativeCalls, find_field),
                             offsetof(NativeCalls, is_below),
                             offsetof(NativeCalls, is_in_any),
                             offsetof(NativeCalls, set_contains),
                             offsetof(NativeCalls, equal_bytes),
                             offsetof(Entity, attrs),
                             offsetof(Entity, ancestors),
                             sizeof(Value),
                             sizeof(Field),
                             size_t{EntityRows::kChunkBits},
                             size_t{EntityRows::kNodeBits}}) {
    fingerprint.Add(place);
  }
  fingerprint.Add(AncestorSet::kMultiplier);
  fingerprint.Add(AncestorSet::kBucketSlots);
  fingerprint.Add(uint64_t{AncestorSet::kShiftBits});
}

}  // namespace

auto NativeFingerprint() -> uint64_t {
  constexpr uint64_t kRevision = 5;  // of what code means by all this; raised when that changes and nothing below does
  static const uint64_t value = [] {
    Fingerprint fingerprint;
    fingerprint.Add(kRevision);
    AddLayout(fingerprint);
    for (size_t op = 0; op < ir::OpCount(); ++op) {
      fingerprint.Add(ir::GetOp(static_cast<ir::Op>(op)).mnemonic);
      fingerprint.Add(ir::GetOp(static_cast<ir::Op>(op)).operands);
    }
    for (const auto& builtin : AllBuiltins()) fingerprint.Add(builtin.key);
    for (int kind = 0; kind <= static_cast<int>(Kind::Semver); ++kind) fingerprint.Add(KindName(static_cast<Kind>(kind)));
    return fingerprint.value();
  }();
  return value;
}

}  // namespace remit
