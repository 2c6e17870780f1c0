// The code of one body, operation by operation, in SSA form.
//
// No type is trusted: each operation tests the kinds of its operands, and what was tested is known from then on, so that most tests fold
// away as the code is made. What is not worth inlining calls the interpreter's handler of the operation. Memory for each register, promoted
// by LLVM afterwards, was the simpler way; it hides every kind until the optimiser has run, and at the quick level there is none.
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/jit/field_lookup.h"
#include "compiler/jit/liveness.h"
#include "compiler/jit/request_variables.h"
#include "runtime/ir/program.h"
#include "runtime/native/native_compiler.h"

namespace remit::jit {

// Where a body goes when it ends. `returned`: its value has been stored in the frame.
struct Ends {
  llvm::BasicBlock* satisfied;
  llvm::BasicBlock* not_satisfied;
  llvm::BasicBlock* failed;
  llvm::BasicBlock* returned;
};

// Whether the body is small enough for native code: compile time grows with operations times registers.
auto FitsNativeCode(const ir::Body& body) -> bool;

class BodyToLlvm {
 public:
  // `literals`: the table of a shape; null: constants are built in. `shared`: of the group, or null.
  BodyToLlvm(FunctionBuilder& function, const ir::Program& program, const ir::Body& body, const Environment& environment,
             llvm::Value* literals, const SharedAttributes* shared)
      : f_(function),
        program_(program),
        body_(body),
        environment_(environment),
        literals_(literals),
        shared_(shared),
        registers_(body.registers) {}

  // Builds the body from where the builder is.
  void Emit(const Ends& ends);

 private:
  using Instruction = ir::Instruction;

  // What a jump takes along: the registers that are live at its target, in the order of LiveRegisters.
  struct Edge {
    llvm::BasicBlock* from;
    std::vector<SsaValue> live;
  };
  struct Join {
    llvm::BasicBlock* block = nullptr;
    std::vector<Edge> edges;
  };
  struct Loop {
    const Instruction* header;
    llvm::BasicBlock* again;
    llvm::BasicBlock* exit;
    llvm::Value* index;  // cells
    llvm::Value* answer;
    std::vector<std::pair<ir::Register, llvm::Value*>> carried = {};  // registers that the loop writes, in cells
    std::vector<SsaValue> at_header = {};
  };
#define OP(id, mnemonic, operands, traits, doc) void Emit##id(const Instruction& i);
#include "runtime/ir/ops.def"
#undef OP
  void EmitOperation(uint32_t at, const Instruction& instruction);
  void Dispatch(const Instruction& instruction);

  // ---- joins.cpp: control flow in SSA form
  void ArriveAt(uint32_t at);
  auto EdgeTo(uint32_t target) -> llvm::BasicBlock*;
  void JumpTo(uint32_t target);
  auto Merge(const std::vector<Edge>& edges, size_t position) -> SsaValue;
  void Unreachable() { is_reachable_ = false; }
  void GoTo(llvm::BasicBlock* block);
  // Goes on in a new block where `i1` holds, and fails elsewhere.
  void FailUnless(llvm::Value* i1);
  void Fail() { GoTo(ends_.failed); }
  void Continue(llvm::BasicBlock* block) { b().SetInsertPoint(block); }

  // ---- kinds.cpp: tests and what they prove
  auto IsKind(const SsaValue& value, Kind kind) -> llvm::Value*;
  // The register's value, which is of the kind from here on. If it cannot be, the code ends here.
  auto Require(ir::Register index, Kind kind) -> const SsaValue&;
  auto LengthOf(const SsaValue& value) -> llvm::Value*;
  auto AsBool(const SsaValue& value) -> llvm::Value*;

  // ---- slow_path.cpp
  // The operation's own handler on the operands; fails as it does.
  auto RunHandler(const Instruction& i, std::span<const SsaValue> operands, llvm::Value* imm) -> SsaValue;
  auto RunHandler(const Instruction& i, std::span<const SsaValue> operands) -> SsaValue { return RunHandler(i, operands, Imm(i)); }
  auto Imm(const Instruction& i) -> llvm::Value* { return ir::GetOp(i.op).uses('s') ? f_.Symbol({i.imm}) : f_.I32(i.imm); }
  void SetFromHandler(const Instruction& i, std::span<const SsaValue> operands, std::optional<Kind> result = {});
  void SetBinaryFromHandler(const Instruction& i, std::optional<Kind> result);
  void SetPredicate(const Instruction& i, llvm::Value* i1) { reg(i.dst) = f_.OfBool(i1); }

  // ---- literals.cpp
  auto Literal(const Instruction& i) -> SsaValue;
  auto LiteralIndex(const Instruction& i) -> llvm::Value*;
  auto BuiltIn(uint32_t constant) -> SsaValue;

  // ---- attributes.cpp
  // Another way to an operation's result.
  struct OtherWay {
    SsaValue object;  // as it is known on both
    SsaValue result;
    llvm::BasicBlock* end;
  };
  auto Else(const Instruction& i) -> std::optional<OtherWay>;
  void Meet(const Instruction& i, const std::optional<OtherWay>& other);
  auto FieldsOf(ir::Register object) -> Fields;
  auto FieldsOfEntity(ir::Register object) -> Fields;
  auto SharedOf(const Instruction& i) const -> const SharedAttribute*;

  // ---- entities.cpp
  auto EntityOf(ir::Register index) -> llvm::Value*;
  auto EntityHere(ir::Register index) -> llvm::Value*;
  auto IsBelow(llvm::Value* entity, llvm::Value* uid) -> llvm::Value*;
  auto AskIsBelow(llvm::Value* entity, llvm::Value* uid) -> llvm::Value*;
  auto IsInEntity(ir::Register descendant, const SsaValue& ancestor) -> llvm::Value*;
  auto IsInAny(ir::Register descendant, const SsaValue& set) -> llvm::Value*;

  // ---- collections.cpp
  // Whether `test`, given a pointer to an element, is true for any of `count`. Stops at the first.
  template <typename Test>
  auto AnyElement(llvm::Value* elements, llvm::Value* count, Test test) -> llvm::Value*;
  auto ContainsWord(const SsaValue& set, const SsaValue& element) -> llvm::Value*;

  // ---- comparison.cpp
  auto Equal(const Instruction& i) -> llvm::Value*;
  auto EqualOfKind(const Instruction& i, Kind kind) -> llvm::Value*;
  void EmitOrder(const Instruction& i, llvm::CmpInst::Predicate predicate);
  void EmitArithmetic(const Instruction& i, llvm::Intrinsic::ID intrinsic);

  // ---- loops.cpp
  void EmitLoop(const Instruction& i, bool answer);
  void Pay(llvm::Value* i64);
  void PayForOperands(const Instruction& i);
  auto CarriedRegisters(const Instruction& header, uint32_t at) const -> std::vector<ir::Register>;

  // ---- control.cpp
  void EmitJumpIf(const Instruction& i, bool wanted);

  auto b() -> Builder& { return f_.b(); }
  auto reg(ir::Register index) -> SsaValue& { return registers_[index]; }

  FunctionBuilder& f_;
  const ir::Program& program_;
  const ir::Body& body_;
  const Environment& environment_;
  llvm::Value* literals_;
  const SharedAttributes* shared_;
  Ends ends_ = {};
  std::vector<SsaValue> registers_;
  LiveRegisters live_;
  std::unordered_map<uint32_t, Join> joins_;  // by target, those ahead
  std::vector<Loop> loops_;
  llvm::Value* loop_work_ = nullptr;  // memory; null: the body has no loops
  uint32_t next_literal_ = 0;
  uint32_t at_ = 0;
  uint32_t skip_to_ = 0;  // operations before this are not needed
  bool is_reachable_ = true;
};

}  // namespace remit::jit
