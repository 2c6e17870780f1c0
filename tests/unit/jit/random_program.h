// Random decision programs: every operation on values of every kind, with branches and loops. Most operations fail on most kinds, so that
// constants are chosen to fit more often than not.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "runtime/ir/tables.h"
#include "tests/unit/eval/harness.h"

namespace remit {

class RandomProgram {
 public:
  RandomProgram(uint32_t seed, Interner& interner, std::vector<Value> values)
      : random_(seed), interner_(interner), values_(std::move(values)), tables_(program_) {}

  auto Make(uint32_t bodies) -> ir::Program {
    for (uint32_t i = 0; i < bodies; ++i) {
      body_ = {};
      body_.registers = kRegisters;
      assigned_.clear();
      AddStatements(3);
      AddEnd();
      program_.bodies.push_back(std::move(body_));
    }
    return std::move(program_);
  }

 private:
  static constexpr ir::Register kRegisters = 8;
  using Op = ir::Op;

  auto Below(size_t limit) -> uint32_t { return std::uniform_int_distribution<uint32_t>(0, static_cast<uint32_t>(limit - 1))(random_); }
  template <typename T>
  auto Pick(const std::vector<T>& from) -> T {
    return from[Below(from.size())];
  }
  auto Emit(const ir::Instruction& instruction) -> uint32_t {
    body_.code.push_back(instruction);
    return static_cast<uint32_t>(body_.code.size() - 1);
  }
  void Land(uint32_t jump) { body_.code[jump].imm = static_cast<uint32_t>(body_.code.size()); }

  // A register that is assigned.
  auto Read() -> ir::Register {
    if (assigned_.empty() || Below(3) == 0) return Load();
    return Pick(assigned_);
  }
  auto Write() -> ir::Register { return static_cast<ir::Register>(Below(kRegisters)); }
  void Assigned(ir::Register index) {
    if (std::ranges::find(assigned_, index) == assigned_.end()) assigned_.push_back(index);
  }

  auto Load() -> ir::Register {
    const auto to = Write();
    switch (Below(8)) {
      case 0: Emit({.op = Op::Principal, .dst = to}); break;
      case 1: Emit({.op = Op::Resource, .dst = to}); break;
      case 2: Emit({.op = Op::Context, .dst = to}); break;
      case 3: Emit({.op = Pick(std::vector{Op::Action, Op::Now}), .dst = to}); break;
      default: Emit({.op = Op::Const, .dst = to, .imm = tables_.Constant(Pick(values_))});
    }
    Assigned(to);
    return to;
  }

  void AddConst(ir::Register to, const Value& value) {
    Emit({.op = Op::Const, .dst = to, .imm = tables_.Constant(value)});
    Assigned(to);
  }

  // A register with a bool, mostly.
  auto Condition() -> ir::Register {
    const auto a = Read();
    const auto b = Read();
    const auto to = Write();
    switch (Below(6)) {
      case 0: Emit({.op = Op::NotEq, .dst = to, .a = a, .b = b}); break;
      case 1: Emit({.op = Op::HasAttr, .dst = to, .a = a, .imm = Key()}); break;
      case 2: return a;
      default: Emit({.op = Op::Eq, .dst = to, .a = a, .b = b});
    }
    Assigned(to);
    return to;
  }

  auto Key() -> uint32_t { return interner_.Intern(Pick(std::vector<std::string_view>{"x", "s", "r", "a", "b", "n", "nope"})).value; }

  void AddBinary() {
    static const std::vector<Op> ops = {Op::Add,      Op::Sub,         Op::Mul,         Op::Eq,     Op::NotEq, Op::Less,  Op::LessEq,
                                        Op::Greater,  Op::GreaterEq,   Op::In,          Op::In,     Op::Union, Op::Merge, Op::Contains,
                                        Op::Contains, Op::ContainsAll, Op::ContainsAny, Op::GetTag, Op::HasTag};
    const auto a = Read();
    const auto b = Read();
    const auto to = Write();
    Emit({.op = Pick(ops), .dst = to, .a = a, .b = b});
    Assigned(to);
  }

  void AddUnary() {
    static const std::vector<Op> ops = {Op::Move,    Op::Not,     Op::Neg, Op::Size, Op::IsEmpty, Op::GetAttr,
                                        Op::GetAttr, Op::HasAttr, Op::Is,  Op::Like, Op::Matches};
    const auto a = Read();
    const auto to = Write();
    ir::Instruction i = {.op = Pick(ops), .dst = to, .a = a};
    if (i.op == Op::GetAttr || i.op == Op::HasAttr) i.imm = Key();
    if (i.op == Op::Is) i.imm = interner_.Intern(Pick(std::vector<std::string_view>{"U", "R", "G"})).value;
    if (i.op == Op::Like) i.imm = tables_.AddPattern({std::nullopt, interner_.Intern("x")});
    if (i.op == Op::Matches) i.imm = tables_.AddRegex(interner_.Intern("[a-x]+"), *Regex::Compile("[a-x]+"));
    Emit(i);
    Assigned(to);
  }

  void AddMany() {
    const auto a = Read();
    const uint32_t count = Below(3);
    for (uint32_t k = 0; k < count; ++k) AddConst(static_cast<ir::Register>(k), Pick(values_));
    const auto to = Write();
    switch (Below(3)) {
      case 0: Emit({.op = Op::Set, .dst = to, .a = 0, .count = count}); break;
      case 1: {
        std::vector<SymbolId> keys;
        for (const auto* key : {"a", "b"}) {
          if (keys.size() < count) keys.push_back(interner_.Intern(key));
        }
        Emit({.op = Op::Record, .dst = to, .a = 0, .imm = tables_.RecordKeys(keys), .count = count});
        break;
      }
      default: {
        const auto& builtin = AllBuiltins()[Below(AllBuiltins().size())];
        if (builtin.is_operation || builtin.signature.arity != 1) return AddBinary();
        Emit({.op = Op::Call, .dst = to, .a = a, .imm = static_cast<uint32_t>(builtin.id), .count = 1});
      }
    }
    Assigned(to);
  }

  void AddIf(uint32_t depth) {
    const auto condition = Condition();
    const auto before = assigned_;
    const auto skip = Emit({.op = Pick(std::vector{Op::JumpIfTrue, Op::JumpIfFalse}), .a = condition});
    AddStatements(depth - 1);
    const auto leave = Emit({.op = Op::Jump});
    auto after = assigned_;
    assigned_ = before;
    Land(skip);
    AddStatements(depth - 1);
    std::erase_if(after, [&](ir::Register index) { return std::ranges::find(assigned_, index) == assigned_.end(); });
    assigned_ = std::move(after);
    AddUnary();  // the branch that fell through needs somewhere to meet the other
    Land(leave);
    assigned_ = before;
  }

  void AddLoop(uint32_t depth) {
    const auto set = Write();
    AddConst(set, Pick(sets()));
    const auto before = assigned_;
    const auto result = Write();
    const auto loop = Emit({.op = Pick(std::vector{Op::Any, Op::All}), .dst = result, .a = set, .b = Write()});
    Assigned(body_.code[loop].b);
    AddStatements(depth - 1);
    const auto answer = Condition();
    Emit({.op = Op::Next, .a = answer});
    Land(loop);
    assigned_ = before;
    Assigned(result);
  }

  auto sets() const -> std::vector<Value> {
    std::vector<Value> found;
    for (const auto& value : values_) {
      if (value.is(Kind::Set)) found.push_back(value);
    }
    return found;
  }

  void AddStatements(uint32_t depth) {
    for (uint32_t i = 0; i < 1 + Below(4); ++i) {
      switch (Below(depth > 0 ? 9 : 6)) {
        case 0:
        case 1: AddUnary(); break;
        case 2:
        case 3:
        case 4: AddBinary(); break;
        case 5: AddMany(); break;
        case 6: AddLoop(depth); break;
        case 7: Emit({.op = Op::AssertBool, .a = Condition()}); break;
        default: AddIf(depth);
      }
    }
  }

  void AddEnd() {
    if (Below(3) == 0) {
      Emit({.op = Op::Return, .a = Read()});
      return;
    }
    const auto skip = Emit({.op = Op::JumpIfFalse, .a = Condition()});
    Emit({.op = Op::Satisfied});
    Land(skip);
    Emit({.op = Op::NotSatisfied});
  }

  std::mt19937 random_;
  Interner& interner_;
  std::vector<Value> values_;
  ir::Program program_;
  ir::Tables tables_;
  ir::Body body_;
  std::vector<ir::Register> assigned_;
};

}  // namespace remit
