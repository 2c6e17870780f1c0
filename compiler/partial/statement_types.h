// The types of one statement's expressions in one environment, kept: folding the same statement for many requests asks for them again.
#pragma once

#include <vector>

#include "compiler/check/check.h"

namespace remit::partial {

class StatementTypes {
 public:
  StatementTypes() = default;
  StatementTypes(const ast::Ast& ast, check::TypedPolicySet& typed, uint32_t statement, uint32_t environment);

  // None where the checker never went: what is to the left decides.
  auto Of(ast::ExprId id) const -> check::TypeRef {
    const bool is_ours = id.value >= first_ && id.value - first_ < types_.size();
    return is_ours ? types_[id.value - first_] : check::TypeRef{};
  }

 private:
  uint32_t first_ = 0;  // expressions of a statement are neighbours in the tree
  std::vector<check::TypeRef> types_;
};

}  // namespace remit::partial
