#include "compiler/lower/statement_digest.h"

#include <openssl/sha.h>

#include "compiler/ast/printer.h"

namespace remit {

auto StatementDigest(const ast::Ast& ast, uint32_t statement, const Interner& interner) -> ir::TextDigest {
  const std::string text = ast::PrintStatement(ast, {statement}, interner);
  ir::TextDigest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace remit
