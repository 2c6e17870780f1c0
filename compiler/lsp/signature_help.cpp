// Signature help: the parameters of the innermost call around the cursor, found by its brackets.
#include <algorithm>

#include "compiler/lsp/features.h"
#include "compiler/lsp/signatures.h"
#include "compiler/lsp/tokens.h"

namespace remit::lsp {

auto SignatureHelp(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto offset = OffsetOf(session, target, params);
  auto tokens = Tokenize(target.document->text.text().substr(0, offset));
  std::erase_if(tokens, [](const Token& each) { return each.kind == TokenKind::Comment; });
  size_t depth = 0;
  size_t commas = 0;
  for (size_t i = tokens.size(); i-- > 0;) {
    const auto& token = tokens[i];
    if (token.Is(";")) break;
    if (token.Is(")") || token.Is("]") || token.Is("}")) ++depth;
    if (token.Is(",") && depth == 0) ++commas;
    const bool opens = token.Is("(") || token.Is("[") || token.Is("{");
    if (!opens) continue;
    if (depth > 0) {
      --depth;
      continue;
    }
    if (!token.Is("(") || i == 0 || tokens[i - 1].kind != TokenKind::Word) break;
    const bool is_method = i >= 2 && tokens[i - 2].Is(".");
    const auto signature = FindSignature(tokens[i - 1].text, is_method);
    if (!signature) break;
    Json parameters = Json::array();
    for (const auto& each : signature->parameters) parameters.push_back({{"label", each}});
    return Json{
        {"signatures",
         Json::array(
             {{{"label", signature->label}, {"documentation", Markup(signature->documentation)}, {"parameters", std::move(parameters)}}})},
        {"activeSignature", 0},
        {"activeParameter", std::min(commas, std::max<size_t>(signature->parameters.size(), 1) - 1)}};
  }
  return Json();
}

}  // namespace remit::lsp
