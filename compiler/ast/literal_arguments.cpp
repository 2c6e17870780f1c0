#include "compiler/ast/literal_arguments.h"

#include "runtime/base/text.h"
#include "stdlib/regex.h"

namespace remit::ast {
namespace {

auto Clip(std::string_view text) -> std::string {
  constexpr size_t kLongest = 60;
  size_t end = 0;
  while (end < text.size() && end < kLongest) DecodeUtf8(text, end);
  return EscapeString(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

}  // namespace

auto FindLiteralProblem(const Ast& ast, const Interner& interner, const Call& call) -> std::optional<LiteralProblem> {
  const auto& builtin = GetBuiltin(call.builtin);
  if (builtin.literal_arguments == 0 || call.args.size() != builtin.signature.arity) return std::nullopt;
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (((builtin.literal_arguments >> i) & 1) == 0) continue;
    const auto& argument = ast.expr(call.args[i]);
    const auto* literal = std::get_if<StringLit>(&argument.node);
    if (literal == nullptr) {
      return LiteralProblem{
          .code = DiagnosticCode::LiteralRequired,
          .subject = std::string(builtin.name),
          .detail = "its pattern",
          .help = "patterns are compiled with the policy; `like`, `.startsWith()`, `.endsWith()` and `.containsText()` compare",
          .span = argument.span};
    }
    // A regular expression is the only kind of literal so far.
    const auto text = interner.text(literal->text);
    if (const auto regex = Regex::Compile(text); !regex) {
      return LiteralProblem{.code = DiagnosticCode::InvalidRegex,
                            .subject = Clip(text),
                            .detail = regex.error(),
                            .help = "the syntax is RE2's: https://github.com/google/re2/wiki/Syntax",
                            .span = argument.span};
    }
  }
  return std::nullopt;
}

}  // namespace remit::ast
