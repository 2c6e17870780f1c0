// docs/ir.md lists every operation as ops.def describes it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "runtime/ir/program.h"

namespace remit::ir {
namespace {

auto Spelling(char operand) -> std::string {
  switch (operand) {
    case 'a': return " ra";
    case 'b':
    case 'w': return " rb";
    case 'r': return " ra:n";
    case 'k': return " CONSTANT";
    case 's': return " \"symbol\"";
    case 'p': return " \"pattern\"";
    case 'x': return " \"regex\"";
    case 'q': return " (\"key\", ...)";
    case 'f': return " builtin";
    case 'n':
    case 't':
    case 'u': return " n";
    case 'y': return " field";
    case 'j': return " -> target";
  }
  return {};
}

auto Row(const OpInfo& info) -> std::string {
  std::string form = info.uses('d') ? "rd = " : "";
  form += info.mnemonic;
  for (const char operand : info.operands) form += Spelling(operand);
  return fmt::format("| `{}` | {} | {} |\n", form, info.has(Fails) ? "yes" : "no", info.doc);
}

TEST(IrDocs, ListEveryOperationInTheOrderOfTheTable) {
  std::ifstream file(std::string(REMIT_SOURCE_DIR) + "/docs/ir.md");
  std::stringstream text;
  text << file.rdbuf();
  std::string rows;
  for (size_t i = 0; i < OpCount(); ++i) rows += Row(GetOp(static_cast<Op>(i)));
  EXPECT_NE(text.str().find(rows), std::string::npos) << "docs/ir.md should end in these rows:\n" << rows;
}

}  // namespace
}  // namespace remit::ir
