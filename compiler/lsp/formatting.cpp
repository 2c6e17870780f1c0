// Formatting: of a whole file as `remit format` does it, or of the statements that a range touches.
#include "compiler/driver/format.h"
#include "compiler/driver/schema_documents.h"
#include "compiler/lsp/features.h"

namespace remit::lsp {
namespace {

auto OptionsOf(const Json& params) -> ast::FormatOptions {
  ast::FormatOptions options;
  const auto size = params.value("/options/tabSize"_json_pointer, int64_t{2});
  options.indent = static_cast<uint32_t>(std::clamp<int64_t>(size, 1, 16));
  return options;
}

auto Formatted(FileKind kind, const std::string& name, std::string_view text, const ast::FormatOptions& options)
    -> std::optional<std::string> {
  CompileJob job;
  switch (kind) {
    case FileKind::Policies: return FormatPolicies(job, name, std::string(text), options);
    case FileKind::Schema: return FormatSchemaFile(job, name, std::string(text), options);
    case FileKind::JsonPolicies:
    case FileKind::Links:
    case FileKind::Settings: break;
  }
  return std::nullopt;
}

auto WholeLineEnd(std::string_view text) -> std::string_view {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

// Text that cannot be read stays as it is.
auto Format(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto text = target.document->text.text();
  const auto formatted = Formatted(target.document->kind, target.document->key, text, OptionsOf(params));
  if (!formatted) return Json();
  if (*formatted == text) return Json::array();
  const TextRange all = {.begin = 0, .end = static_cast<uint32_t>(text.size())};
  return Json::array({{{"range", RangeJson(session, target.document->text, all)}, {"newText", *formatted}}});
}

auto FormatRange(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  if (target.document->kind == FileKind::Schema) return Format(session, params);
  const auto& document = target.document->text;
  const auto wanted = ReadRange(session, document, params.at("range"));
  Json edits = Json::array();
  for (const auto& piece : target.file->pieces) {
    const bool is_touched = piece->range.begin < std::max(wanted.end, wanted.begin + 1) && wanted.begin < piece->range.end;
    if (!is_touched || piece->statements == 0) continue;
    auto text = document.text().substr(piece->range.begin, piece->range.end - piece->range.begin);
    // Empty lines between statements are the file's.
    const auto first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const auto body = WholeLineEnd(text.substr(first));
    const auto formatted = Formatted(FileKind::Policies, target.document->key, body, OptionsOf(params));
    if (!formatted || WholeLineEnd(*formatted) == body) continue;
    const auto begin = piece->range.begin + static_cast<uint32_t>(first);
    const TextRange range = {.begin = begin, .end = begin + static_cast<uint32_t>(body.size())};
    edits.push_back({{"range", RangeJson(session, document, range)}, {"newText", std::string(WholeLineEnd(*formatted))}});
  }
  return edits;
}

}  // namespace remit::lsp
