// From rows of a program back to the statements they came from, for whoever explains.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/source_file.h"
#include "runtime/ir/program.h"

namespace remit::tests {

class StatementPlaces {
 public:
  // All but `ids` outlive this; `ids` is parallel to the statements.
  StatementPlaces(const ast::Ast& ast, const std::vector<std::string>& ids, const ir::Program& program, const SourceManager& sources,
                  const Interner& interner);

  auto IdOf(uint32_t policy) const -> std::string_view { return interner_.text(program_.policies[policy].id); }
  // `all` (refunds.remit:3:1)
  auto Describe(uint32_t policy) const -> std::string;
  // refunds.remit:3:1, or nothing.
  auto PlaceOf(Span span) const -> std::string;
  auto program() const -> const ir::Program& { return program_; }
  auto interner() const -> const Interner& { return interner_; }
  auto Has(const std::string& id) const -> bool { return statement_of_.contains(id) || link_ids_.contains(id); }
  auto ids() const -> std::vector<std::string_view>;

 private:
  const ast::Ast& ast_;
  const ir::Program& program_;
  const SourceManager& sources_;
  const Interner& interner_;
  std::unordered_map<std::string, uint32_t> statement_of_;  // by id
  std::unordered_map<std::string, uint32_t> link_ids_;      // to the template's statement
};

}  // namespace remit::tests
