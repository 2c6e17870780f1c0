// The clauses of Remit's statements in the text form: what stands behind a row's body.
#pragma once

#include <string>
#include <string_view>

#include "runtime/ir/program.h"
#include "runtime/ir/text_reader.h"

namespace remit::ir {

auto BudgetFieldName(BudgetField field) -> std::string_view;
// The field's number.
auto ParseBudgetField(TextReader& reader) -> uint32_t;

// Of the row `policy`, each with a space in front.
void PrintClauses(const Program& program, uint32_t policy, const Interner& interner, std::string& out);
// Of the row that is added to the program next.
void ParseClauses(TextReader& reader, Interner& interner, Effect effect, Program& program);

}  // namespace remit::ir
