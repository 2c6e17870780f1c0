// What budgets and breakers say without computing: `limit { 8 }`, `per { principal }`, `charge { context.cost }`.
//
// Most clauses do, and running a body, even a native one, takes longer than looking. Found once for a program. What cannot be had so (a field that the
// context does not have, a charge of another kind) is left to the bodies: they say what is wrong, and there is one place that knows.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/ir/program.h"
#include "runtime/request/request.h"

namespace remit::eval {

struct PlainClause {
  enum Kind : uint32_t { None, Constant, Principal, Action, Resource, ContextField };
  Kind kind = None;
  uint32_t at = 0;  // the constant, or the field's name
};

// False: the clause is not plain, or the context has no such field.
inline auto LookUp(const PlainClause& clause, const ir::Program& program, const Request& request, Value& value) -> bool {
  switch (clause.kind) {
    case PlainClause::None: break;
    case PlainClause::Constant: value = program.constants[clause.at]; return true;
    case PlainClause::Principal: value = Value::OfEntity(request.principal); return true;
    case PlainClause::Action: value = Value::OfEntity(request.action); return true;
    case PlainClause::Resource: value = Value::OfEntity(request.resource); return true;
    case PlainClause::ContextField:
      const Value* field = FindField(request.context, SymbolId{clause.at});
      if (field == nullptr) break;
      value = *field;
      return true;
  }
  return false;
}

// Of an amount: a long, or a decimal in units of 0.0001. `kind` is one of the two; false: the value is of another.
inline auto UnitsOf(const Value& value, Kind kind, int64_t& units) -> bool {
  if (!value.is(kind)) return false;
  units = kind == Kind::Long ? value.as_long() : value.as_decimal().units;
  return true;
}

// A budget whose clauses are all plain, with a limit that is written out.
struct PlainBudget {
  static constexpr size_t kMostPer = 2;

  bool is_plain = false;  // else nothing of the rest counts, but `is_read`
  bool is_read = false;  // some policy, or another budget, reads its state: what it read must still be so where it is reserved
  uint8_t per_count = 0;
  Kind kind = Kind::Long;  // of the limit: Long or Decimal
  PlainClause charge = {};  // None: `units`
  std::array<PlainClause, kMostPer> per = {};
  int64_t units = 1;
  int64_t limit = 0;
};

class PlainClauses {
 public:
  explicit PlainClauses(const ir::Program& program);

  // None of a body that is not a clause of a budget or a breaker.
  auto OfBody(uint32_t body) const -> PlainClause { return body < by_body_.size() ? by_body_[body] : PlainClause{}; }
  // Parallel to the program's budgets.
  auto budgets() const -> std::span<const PlainBudget> { return budgets_; }
  auto footprint() const -> size_t { return by_body_.capacity() * sizeof(PlainClause) + budgets_.capacity() * sizeof(PlainBudget); }

 private:
  void LookAt(const ir::Program& program, uint32_t body);
  auto ToPlain(const ir::Program& program, const ir::Budget& budget) const -> PlainBudget;

  std::vector<PlainClause> by_body_;  // up to the last clause that is plain
  std::vector<PlainBudget> budgets_;
};

}  // namespace remit::eval
