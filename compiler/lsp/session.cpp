#include "compiler/lsp/session.h"

namespace remit::lsp {

auto TargetOf(Session& session, const Json& params) -> Target {
  auto* document = session.workspace.Find(params.at("textDocument").at("uri").get<std::string>());
  if (document == nullptr) return {};
  const bool is_shown = document->kind == FileKind::Policies || document->kind == FileKind::Schema;
  if (document->project == nullptr || !is_shown) return {.document = document};
  return {.document = document, .project = document->project, .file = document->project->FindFile(document->key)};
}

auto OffsetOf(const Session& session, const Target& target, const Json& params) -> uint32_t {
  return target.document->text.OffsetAt(ReadPosition(params.at("position")), session.encoding);
}

auto PositionJson(Position position) -> Json { return {{"line", position.line}, {"character", position.character}}; }

auto RangeJson(const Session& session, const TextDocument& document, TextRange range) -> Json {
  return {{"start", PositionJson(document.PositionAt(range.begin, session.encoding))},
          {"end", PositionJson(document.PositionAt(range.end, session.encoding))}};
}

auto ReadPosition(const Json& json) -> Position {
  const auto number = [&](const char* name) {
    const auto value = json.at(name).get<int64_t>();
    return static_cast<uint32_t>(std::clamp<int64_t>(value, 0, UINT32_MAX));
  };
  return {.line = number("line"), .character = number("character")};
}

auto ReadRange(const Session& session, const TextDocument& document, const Json& json) -> TextRange {
  const auto begin = document.OffsetAt(ReadPosition(json.at("start")), session.encoding);
  const auto end = document.OffsetAt(ReadPosition(json.at("end")), session.encoding);
  return {.begin = std::min(begin, end), .end = std::max(begin, end)};
}

auto LocationJson(Session& session, const Project::Place& place) -> Json {
  const auto* document = session.workspace.FindByKey(place.file->path);
  return {{"uri", document->uri}, {"range", RangeJson(session, document->text, place.range)}};
}

auto Markup(std::string markdown) -> Json { return {{"kind", "markdown"}, {"value", std::move(markdown)}}; }

}  // namespace remit::lsp
