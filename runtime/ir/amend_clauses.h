// The clauses of an amended program: those of the rows that stay and of the rows that come, ascending by row again.
//
// Bodies say by position whose state they read, so positions are known before bodies are copied. A budget that comes with the text it had is the one
// that was there: whoever changes a statement that reads it has to write it down again, or the statement does not compile.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::ir {

// The position in the amended program of what is gone.
inline constexpr uint32_t kNowhere = UINT32_MAX;

// Where the budgets and breakers of a program are in the amended one.
struct StatePositions {
  std::vector<uint32_t> budgets = {};
  std::vector<uint32_t> breakers = {};
};

class ClauseMerger {
 public:
  // The rows say where each policy of a program is in the amended one. All is borrowed.
  ClauseMerger(const Program& base, const std::vector<uint32_t>& base_rows, const Program& added, const std::vector<uint32_t>& added_rows);

  auto of_base() const -> const StatePositions& { return of_base_; }
  auto of_added() const -> const StatePositions& { return of_added_; }

  // `body_of(is_base, body)` copies a body, which is there, and says where it is.
  using BodyOf = std::function<uint32_t(bool is_base, uint32_t body)>;
  void Copy(Program& to, const BodyOf& body_of) const;

 private:
  // A clause of the amended program and where it comes from.
  struct Placed {
    uint32_t row;
    bool is_base;
    uint32_t index;
  };

  template <typename Clauses>
  auto Order(std::vector<Clauses> Program::* table) const -> std::vector<Placed>;
  template <typename State>
  void Place(std::vector<State> Program::* table, std::vector<uint32_t>& of_base, std::vector<uint32_t>& of_added) const;
  template <typename Clauses>
  void CopyTable(std::vector<Clauses> Program::* table, Program& to, const BodyOf& body_of) const;

  const Program& base_;
  const std::vector<uint32_t>& base_rows_;
  const Program& added_;
  const std::vector<uint32_t>& added_rows_;
  StatePositions of_base_;
  StatePositions of_added_;
};

}  // namespace remit::ir
