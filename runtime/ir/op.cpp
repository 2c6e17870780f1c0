#include "runtime/ir/op.h"

#include <array>

namespace remit::ir {
namespace {

constexpr auto kOps = std::to_array<OpInfo>({
#define OP(id, mnemonic, operands, traits, doc) OpInfo{mnemonic, operands, static_cast<uint8_t>(traits), doc},
#include "runtime/ir/ops.def"
#undef OP
});

}  // namespace

auto GetOp(Op op) -> const OpInfo& { return kOps[static_cast<size_t>(op)]; }

auto OpName(Op op) -> std::string_view { return GetOp(op).mnemonic; }

auto FindOp(std::string_view mnemonic) -> std::optional<Op> {
  for (size_t i = 0; i < kOps.size(); ++i) {
    if (kOps[i].mnemonic == mnemonic) return static_cast<Op>(i);
  }
  return std::nullopt;
}

auto OpCount() -> size_t { return kOps.size(); }

}  // namespace remit::ir
