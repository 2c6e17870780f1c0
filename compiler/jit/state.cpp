// The state of budgets and breakers: loads from the tables of the frame, which are filled before anything reads them. What does not apply fails, and
// tables may be shorter than the program says: without a ledger they are empty.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {
namespace {

// One of StateView's tables.
struct Table {
  uint64_t span;  // offset in the frame
  uint64_t row_bytes;
  uint64_t applies;  // offset in a row
  const char* data_name;
  const char* size_name;
};

constexpr Table kBudgets = {.span = offsetof(NativeFrame, state) + offsetof(StateView, budgets),
                            .row_bytes = sizeof(BudgetState),
                            .applies = offsetof(BudgetState, applies),
                            .data_name = "budgets",
                            .size_name = "budget_count"};
constexpr Table kBreakers = {.span = offsetof(NativeFrame, state) + offsetof(StateView, breakers),
                             .row_bytes = sizeof(BreakerState),
                             .applies = offsetof(BreakerState, applies),
                             .data_name = "breakers",
                             .size_name = "breaker_count"};

auto HasRow(FunctionBuilder& f, const Table& table, uint32_t index) -> llvm::Value* {
  auto* size = f.FrameWord(f.b().getInt64Ty(), table.span + kSpanSize, table.size_name);
  return f.b().CreateICmpUGT(size, f.I64(index));
}

auto RowOf(FunctionBuilder& f, const Table& table, uint32_t index) -> llvm::Value* {
  return f.At(f.FrameWord(f.PtrType(), table.span + kSpanData, table.data_name), index * table.row_bytes);
}

auto IsTrue(FunctionBuilder& f, llvm::Value* row, uint64_t offset) -> llvm::Value* {
  return f.b().CreateICmpNE(f.Load(f.b().getInt8Ty(), row, offset), f.b().getInt8(0));
}

auto Applies(FunctionBuilder& f, const Table& table, uint32_t index) -> llvm::Value* {
  auto* has_row = HasRow(f, table, index);
  auto* absent = f.b().GetInsertBlock();
  auto* present = f.NewBlock("state");
  auto* next = f.NewBlock("applies");
  f.Branch(has_row, present, next);
  f.b().SetInsertPoint(present);
  auto* applies = IsTrue(f, RowOf(f, table, index), table.applies);
  f.b().CreateBr(next);
  f.b().SetInsertPoint(next);
  return f.Phi({{f.Bool(false), absent}, {applies, present}});
}

}  // namespace

// A long or a decimal.
void BodyToLlvm::EmitReadBudget(const Instruction& i) {
  FailUnless(HasRow(f_, kBudgets, i.imm));
  auto* row = RowOf(f_, kBudgets, i.imm);
  FailUnless(IsTrue(f_, row, kBudgets.applies));
  reg(i.dst) = f_.LoadValue(f_.At(row, offsetof(BudgetState, values) + i.count * sizeof(Value)));
}

void BodyToLlvm::EmitIsOpen(const Instruction& i) {
  FailUnless(HasRow(f_, kBreakers, i.imm));
  auto* row = RowOf(f_, kBreakers, i.imm);
  FailUnless(IsTrue(f_, row, kBreakers.applies));
  SetPredicate(i, IsTrue(f_, row, offsetof(BreakerState, is_open)));
}

void BodyToLlvm::EmitHasBudget(const Instruction& i) { SetPredicate(i, Applies(f_, kBudgets, i.imm)); }
void BodyToLlvm::EmitHasBreaker(const Instruction& i) { SetPredicate(i, Applies(f_, kBreakers, i.imm)); }

// Of a `trip`, which is hardly ever asked, and then by the interpreter.
void BodyToLlvm::EmitCalls(const Instruction& i) { SetFromHandler(i, {}, Kind::Long); }
void BodyToLlvm::EmitFailures(const Instruction& i) { SetFromHandler(i, {}, Kind::Long); }

}  // namespace remit::jit
