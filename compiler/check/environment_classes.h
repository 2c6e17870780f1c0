// Environments that are one to a statement.
//
// A statement that never says `action` has the same types for every action with such a context, so it is looked at once for all of them. Without
// this, checking a policy that applies to everything would cost as much as there are kinds of request.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/check/schema_view.h"

namespace remit::check {

// The variables whose types the types of expressions may depend on, a bit each.
using Variables = uint8_t;
constexpr Variables kAllVariables = 15;

auto VariablesOf(const ast::Ast& ast, const std::vector<ast::ExprId>& exprs) -> Variables;

class EnvironmentClasses {
 public:
  // `environments` outlive this.
  explicit EnvironmentClasses(const std::vector<Environment>& environments) : environments_(environments) {}

  struct Partition {
    std::vector<uint32_t> class_of;  // by environment
    uint32_t count;  // classes are numbered from 0
  };
  // Environments of one class agree in these variables. Made when it is first asked for.
  auto By(Variables variables) -> const Partition&;

 private:
  const std::vector<Environment>& environments_;
  std::array<std::optional<Partition>, kAllVariables + 1> partitions_;
};

}  // namespace remit::check
