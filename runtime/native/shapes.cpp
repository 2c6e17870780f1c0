// One pass: each body is hashed with its literals left out and compared with the first body of the same hash.
#include "runtime/native/shapes.h"

#include <algorithm>
#include <unordered_map>

namespace remit {
namespace {

auto Mix(uint64_t hash, uint64_t word) -> uint64_t {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29);
}

// What a literal leaves in the shape: a constant its kind, a pattern nothing.
auto ShapeOfImm(const ir::Program& program, const ir::Instruction& instruction) -> uint32_t {
  if (!UsesLiteral(instruction)) return instruction.imm;
  return instruction.op == ir::Op::Const ? static_cast<uint32_t>(program.constants[instruction.imm].kind()) : 0;
}

auto HashShape(const ir::Program& program, const ir::Body& body) -> uint64_t {
  uint64_t hash = body.registers;
  for (const auto& instruction : body.code) {
    hash = Mix(hash, (uint64_t{static_cast<uint8_t>(instruction.op)} << 48) | (uint64_t{instruction.dst} << 32) |
                         (uint64_t{instruction.a} << 16) | instruction.b);
    hash = Mix(hash, (uint64_t{ShapeOfImm(program, instruction)} << 32) | instruction.count);
  }
  return hash;
}

auto SameShape(const ir::Program& program, const ir::Body& a, const ir::Body& b) -> bool {
  return a.registers == b.registers && std::ranges::equal(a.code, b.code, [&](const ir::Instruction& x, const ir::Instruction& y) {
           return x.op == y.op && x.dst == y.dst && x.a == y.a && x.b == y.b && x.count == y.count &&
                  ShapeOfImm(program, x) == ShapeOfImm(program, y);
         });
}

class Finder {
 public:
  explicit Finder(const ir::Program& program) : program_(program) {}

  auto Run(const Shapes& former, std::span<const uint32_t> former_bodies) -> Shapes {
    former_ = &former;
    former_bodies_ = former_bodies;
    shape_of_former_.assign(former.shapes.size(), kNone);
    return Run();
  }

  auto Run() -> Shapes {
    found_.shape_of_body.reserve(program_.bodies.size());
    found_.first_literal.reserve(program_.bodies.size());
    for (uint32_t body = 0; body < program_.bodies.size(); ++body) {
      const auto first = static_cast<uint32_t>(found_.literals.size());
      found_.first_literal.push_back(first);
      if (const uint32_t shape = KnownShapeOf(body); shape != kNone) {
        found_.shape_of_body.push_back(shape);
        const auto& code = program_.bodies[body].code;
        for (const uint32_t at : uses_[shape]) found_.literals.push_back(LiteralOf(program_, code[at]));
        continue;
      }
      for (const auto& instruction : program_.bodies[body].code) {
        if (UsesLiteral(instruction)) found_.literals.push_back(LiteralOf(program_, instruction));
      }
      found_.shape_of_body.push_back(ShapeOf(body, static_cast<uint32_t>(found_.literals.size()) - first));
    }
    found_.literals.shrink_to_fit();
    return std::move(found_);
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  // Of a body that was there before, if another one of its shape was met.
  auto KnownShapeOf(uint32_t body) const -> uint32_t {
    if (former_ == nullptr || former_bodies_[body] == kNone) return kNone;
    return shape_of_former_[former_->shape_of_body[former_bodies_[body]]];
  }

  auto ShapeOf(uint32_t body, uint32_t literals) -> uint32_t {
    const uint32_t shape = Search(body, literals);
    if (former_ != nullptr && former_bodies_[body] != kNone) shape_of_former_[former_->shape_of_body[former_bodies_[body]]] = shape;
    return shape;
  }

  auto Search(uint32_t body, uint32_t literals) -> uint32_t {
    const auto hash = HashShape(program_, program_.bodies[body]);
    const auto [begin, end] = by_hash_.equal_range(hash);
    // Whoever makes hashes collide gets more shapes, not a longer search.
    uint32_t tries = 8;
    for (auto it = begin; it != end && tries > 0; ++it, --tries) {
      if (SameShape(program_, program_.bodies[found_.shapes[it->second].body], program_.bodies[body])) return it->second;
    }
    const auto shape = static_cast<uint32_t>(found_.shapes.size());
    found_.shapes.push_back({.body = body, .literals = literals});
    by_hash_.emplace(hash, shape);
    if (former_ != nullptr) uses_.push_back(UsesOf(program_.bodies[body]));
    return shape;
  }

  static auto UsesOf(const ir::Body& body) -> std::vector<uint32_t> {
    std::vector<uint32_t> uses;
    for (uint32_t at = 0; at < body.code.size(); ++at) {
      if (UsesLiteral(body.code[at])) uses.push_back(at);
    }
    return uses;
  }

  const ir::Program& program_;
  Shapes found_;
  std::vector<std::vector<uint32_t>> uses_;  // by shape, if there is `former_`: the operations that use literals
  std::unordered_multimap<uint64_t, uint32_t> by_hash_;
  const Shapes* former_ = nullptr;
  std::span<const uint32_t> former_bodies_;
  std::vector<uint32_t> shape_of_former_;  // by shape of `former_`; none: not met so far
};

}  // namespace

auto FindShapes(const ir::Program& program) -> Shapes { return Finder(program).Run(); }

auto FindShapes(const ir::Program& program, const Shapes& former, std::span<const uint32_t> former_bodies) -> Shapes {
  return Finder(program).Run(former, former_bodies);
}

auto UsesLiteral(const ir::Instruction& instruction) -> bool {
  return instruction.op == ir::Op::Const || instruction.op == ir::Op::Like || instruction.op == ir::Op::Matches;
}

auto LiteralOf(const ir::Program& program, const ir::Instruction& instruction) -> Value {
  return instruction.op == ir::Op::Const ? program.constants[instruction.imm] : Value::OfLong(instruction.imm);
}

}  // namespace remit
