// Completion, as the protocol has it.
#include "compiler/lsp/completer.h"
#include "compiler/lsp/features.h"

namespace remit::lsp {

auto Complete(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  const auto offset = OffsetOf(session, target, params);
  Completer completer(view, *target.file, offset, session.has_snippets);
  auto items = completer.Run();
  const auto range = RangeJson(session, target.document->text, {.begin = completer.begin(), .end = offset});
  Json list = Json::array();
  for (const auto& item : items) {
    const bool is_snippet = session.has_snippets && !item.snippet.empty();
    const auto& text = is_snippet ? item.snippet : item.insert.empty() ? item.label : item.insert;
    Json json = {{"label", item.label}, {"kind", static_cast<int>(item.kind)}, {"textEdit", {{"range", range}, {"newText", text}}}};
    if (is_snippet) json["insertTextFormat"] = 2;
    if (!item.detail.empty()) json["detail"] = item.detail;
    if (!item.documentation.empty()) json["documentation"] = Markup(item.documentation);
    list.push_back(std::move(json));
  }
  return Json{{"isIncomplete", list.size() >= kMostItems}, {"items", std::move(list)}};
}

}  // namespace remit::lsp
