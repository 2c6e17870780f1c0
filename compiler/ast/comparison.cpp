#include "compiler/ast/comparison.h"

namespace remit::ast {

auto Negated(BinaryOp op) -> std::optional<BinaryOp> {
  switch (op) {
    case BinaryOp::Eq: return BinaryOp::NotEq;
    case BinaryOp::NotEq: return BinaryOp::Eq;
    case BinaryOp::Less: return BinaryOp::GreaterEq;
    case BinaryOp::LessEq: return BinaryOp::Greater;
    case BinaryOp::Greater: return BinaryOp::LessEq;
    case BinaryOp::GreaterEq: return BinaryOp::Less;
    case BinaryOp::And:
    case BinaryOp::Or:
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul:
    case BinaryOp::In:
    case BinaryOp::Contains:
    case BinaryOp::ContainsAll:
    case BinaryOp::ContainsAny:
    case BinaryOp::GetTag:
    case BinaryOp::HasTag: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace remit::ast
