// One function an answer: what of the protocol is served, a file each. `session` is up to date; `null` where there is nothing to say.
//
// Parameters that are not what the protocol says throw nlohmann's exceptions, which end where requests are handled.
#pragma once

#include "compiler/lsp/session.h"

namespace remit::lsp {

auto DiagnosticsJson(Session& session, const Document& document) -> Json;

auto Hover(Session& session, const Json& params) -> Answer;
auto Complete(Session& session, const Json& params) -> Answer;
auto SignatureHelp(Session& session, const Json& params) -> Answer;
auto Definition(Session& session, const Json& params) -> Answer;
auto References(Session& session, const Json& params) -> Answer;
auto Highlights(Session& session, const Json& params) -> Answer;
auto PrepareRename(Session& session, const Json& params) -> Answer;
auto Rename(Session& session, const Json& params) -> Answer;
auto DocumentSymbols(Session& session, const Json& params) -> Answer;
auto WorkspaceSymbols(Session& session, const Json& params) -> Answer;
auto Format(Session& session, const Json& params) -> Answer;
auto FormatRange(Session& session, const Json& params) -> Answer;
auto FoldingRanges(Session& session, const Json& params) -> Answer;
auto SelectionRanges(Session& session, const Json& params) -> Answer;
auto SemanticTokens(Session& session, const Json& params) -> Answer;
// Against the answer before, if that is the one the client has; else all.
auto SemanticTokensDelta(Session& session, const Json& params) -> Answer;
auto SemanticTokensRange(Session& session, const Json& params) -> Answer;
auto SemanticTokensLegend() -> Json;
auto InlayHints(Session& session, const Json& params) -> Answer;
auto CodeActions(Session& session, const Json& params) -> Answer;
auto CodeLenses(Session& session, const Json& params) -> Answer;
auto DocumentLinks(Session& session, const Json& params) -> Answer;

// `remit.runTest`: {"uri", "title"} to {"passed", "report"}.
auto RunTestCommand(Session& session, const Json& argument) -> Answer;
// `remit.explainRule`: {"code"} to {"markdown"}.
auto ExplainRuleCommand(const Json& argument) -> Answer;

}  // namespace remit::lsp
