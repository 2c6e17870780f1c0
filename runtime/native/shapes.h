// Which bodies differ in nothing but literals.
//
// Policies are mostly written by filling in forms, so a hundred thousand of them have few shapes. Native code is made for shapes and reads
// literals (constants, patterns, regular expressions) from a table that each body has of its own. The kind of a constant is part of the
// shape, so that tests of kinds fold; so are attributes and types, since code for any attribute would be a search.
#pragma once

#include <span>
#include <vector>

#include "runtime/ir/program.h"

namespace remit {

struct Shape {
  uint32_t body = 0;      // the first that has it, position in Program::bodies
  uint32_t literals = 0;  // how many each of its bodies has
};

struct Shapes {
  std::vector<uint32_t> shape_of_body;    // position in `shapes`
  std::vector<uint32_t> first_literal;    // of each body, position in `literals`
  std::vector<Value> literals;            // patterns and regular expressions are longs: their positions in the program's tables
  std::vector<Shape> shapes;

  // In the order in which operations use them.
  auto literals_of(uint32_t body) const -> const Value* { return literals.data() + first_literal[body]; }
};

// Constants are borrowed from the program.
auto FindShapes(const ir::Program& program) -> Shapes;
// The same of a program that came of one whose shapes are known: `former_bodies` is ir::Amended's. Bodies from there are not compared again.
auto FindShapes(const ir::Program& program, const Shapes& former, std::span<const uint32_t> former_bodies) -> Shapes;

// Whether the operation's imm is a literal.
auto UsesLiteral(const ir::Instruction& instruction) -> bool;
// Of such an operation.
auto LiteralOf(const ir::Program& program, const ir::Instruction& instruction) -> Value;

}  // namespace remit
