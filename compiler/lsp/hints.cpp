// Small things shown beside the text: the outcome of ids that tests expect, types that quantifiers bind, and links to the pages of rules.
#include "compiler/check/walk.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/policy_view.h"

namespace remit::lsp {
namespace {

// Behind the variable of `.any(x, ..)`: the type of the set's elements.
void AddQuantifierHints(Session& session, const Target& target, const PolicyView& view, uint32_t statement, TextRange wanted, Json& hints) {
  const auto& ast = target.project->ast();
  const auto& interner = target.project->job().interner;
  const auto roots = check::RootsOf(ast.statements[statement]);
  const auto subjects = view.SubjectsOfStatement(statement);
  const ShapeFinder finder(ast, *view.index(), subjects, roots);
  const auto text = target.document->text.text();
  check::VisitExprs(ast, roots, [&](ast::ExprId, const ast::Expr& expr) {
    const auto* quantifier = std::get_if<ast::Quantifier>(&expr.node);
    if (quantifier == nullptr) return;
    const auto elements = view.index()->ElementsOf(finder.Of(quantifier->set));
    const auto set = target.project->PlaceOf(ast.expr(quantifier->set).span).range;
    const auto body = target.project->PlaceOf(ast.expr(quantifier->body).span).range;
    if (elements.empty() || set.end > body.begin) return;
    const auto name = interner.text(quantifier->variable);
    const auto at = text.substr(0, body.begin).rfind(name);
    if (at == std::string_view::npos || at < set.end) return;
    const auto end = static_cast<uint32_t>(at + name.size());
    if (end < wanted.begin || end > wanted.end) return;
    hints.push_back({{"position", PositionJson(target.document->text.PositionAt(end, session.encoding))},
                     {"label", ": " + view.index()->Describe(elements)},
                     {"kind", 1}});
  });
}

}  // namespace

auto InlayHints(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  Json hints = Json::array();
  const PolicyView view(*target.project);
  if (target.file->kind != FileKind::Policies || view.index() == nullptr) return hints;
  const auto wanted = ReadRange(session, target.document->text, params.at("range"));
  const auto [first, last] = target.project->StatementsOf(*target.file);
  for (uint32_t i = first; i < last; ++i) AddQuantifierHints(session, target, view, i, wanted, hints);
  return hints;
}

// The codes that `// remit: allow(code)` names, where their pages can be found.
auto DocumentLinks(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  Json links = Json::array();
  if (session.documentation.empty()) return links;
  for (const auto& token : Tokenize(target.document->text.text())) {
    const auto open = token.text.find('(');
    const bool allows =
        token.kind == TokenKind::Comment && token.text.find("remit:") != std::string_view::npos && open != std::string_view::npos;
    if (!allows) continue;
    const auto close = std::min(token.text.find(')'), token.text.size());
    for (size_t at = open + 1; at < close;) {
      const auto begin = std::min(token.text.find_first_not_of(" ,", at), close);
      const auto end = std::min(token.text.find_first_of(" ,", begin), close);
      const auto code = token.text.substr(begin, end - begin);
      at = end + 1;
      if (!lint::FindRule(code)) continue;
      const TextRange range = {.begin = token.begin + static_cast<uint32_t>(begin), .end = token.begin + static_cast<uint32_t>(end)};
      links.push_back(
          {{"range", RangeJson(session, target.document->text, range)}, {"target", session.documentation + std::string(code) + ".md"}});
    }
  }
  return links;
}

}  // namespace remit::lsp
