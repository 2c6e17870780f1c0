// Definition, references, highlights and rename: one list of occurrences behind all four.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/lsp/features.h"
#include "compiler/lsp/policy_view.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

auto PlaceJson(Session& session, const Occurrence& each) -> Json { return LocationJson(session, {.file = each.file, .range = each.range}); }

// All that a place means, everywhere.
auto AllAt(const PolicyView& view, const Target& target, uint32_t offset) -> std::vector<Occurrence> {
  std::set<std::string> keys;
  for (const auto& each : view.At(*target.file, offset)) keys.insert(each.key);
  std::vector<Occurrence> all;
  for (const auto& key : keys) {
    auto more = view.OccurrencesOf(key);
    std::ranges::move(more, std::back_inserter(all));
  }
  return all;
}

// The statement that an id, a budget or a breaker names without an `@id`: it has no place of its own then.
auto IsSame(const Occurrence& a, const Occurrence& b) -> bool { return a.file == b.file && a.range == b.range; }

void DropRepetitions(std::vector<Occurrence>& all) {
  std::vector<Occurrence> kept;
  for (auto& each : all) {
    if (std::ranges::none_of(kept, [&](const Occurrence& other) { return IsSame(each, other); })) kept.push_back(std::move(each));
  }
  all = std::move(kept);
}

auto Fail(std::string message) -> std::unexpected<Failure> {
  return std::unexpected(Failure{.code = ErrorCode::RequestFailed, .message = std::move(message)});
}

auto KindOf(const Occurrence& occurrence) -> std::string_view {
  return std::string_view(occurrence.key).substr(0, occurrence.key.find(':'));
}

// Entities are data: other systems know them by their ids.
auto CanBeRenamed(const Occurrence& occurrence) -> bool { return KindOf(occurrence) != "entity"; }

// The text that stands for a new name at a place. A type keeps its namespaces: only its last word is renamed.
auto NewText(const Occurrence& occurrence, const std::string& name) -> std::string {
  return occurrence.is_quoted ? QuoteString(name) : name;
}

// The last word of `A::B::C`: what is renamed of a type, or of the reference to an action in a schema.
auto RenamedRange(const Occurrence& occurrence) -> TextRange {
  const auto text = occurrence.file->document->text().substr(occurrence.range.begin, occurrence.range.end - occurrence.range.begin);
  const auto tokens = Tokenize(text);
  if (tokens.empty()) return occurrence.range;
  return {.begin = occurrence.range.begin + tokens.back().begin, .end = occurrence.range.end};
}

auto IsQuotedAt(const Occurrence& occurrence, TextRange range) -> bool {
  return occurrence.file->document->text().substr(range.begin).starts_with('"');
}

// An empty message: it may be called so.
auto WhyNot(const Occurrence& occurrence, const std::string& name) -> std::string {
  const auto kind = KindOf(occurrence);
  const bool is_free_text = kind == "id" || kind == "action" || kind == "attribute";
  if (name.empty()) return "a name is not empty";
  if (FindInvalidUtf8(name)) return "a name is text";
  if (is_free_text || IsIdentifier(name)) return {};
  return fmt::format("`{}` is no name: letters, digits and `_`, beginning with no digit, and no reserved word", name);
}

}  // namespace

auto Definition(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  auto all = AllAt(view, target, OffsetOf(session, target, params));
  std::erase_if(all, [](const Occurrence& each) { return !each.is_declaration; });
  DropRepetitions(all);
  Json places = Json::array();
  for (const auto& each : all) places.push_back(PlaceJson(session, each));
  return places;
}

auto References(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  auto all = AllAt(view, target, OffsetOf(session, target, params));
  const bool with_declaration = params.value("/context/includeDeclaration"_json_pointer, true);
  DropRepetitions(all);
  Json places = Json::array();
  for (const auto& each : all) {
    if (with_declaration || !each.is_declaration) places.push_back(PlaceJson(session, each));
  }
  return places;
}

auto Highlights(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  const auto here = view.At(*target.file, OffsetOf(session, target, params));
  Json highlights = Json::array();
  std::vector<Occurrence> all;
  for (auto& each : view.OccurrencesIn(*target.file)) {
    if (std::ranges::any_of(here, [&](const Occurrence& other) { return other.key == each.key; })) all.push_back(std::move(each));
  }
  DropRepetitions(all);
  for (const auto& each : all) {
    highlights.push_back({{"range", RangeJson(session, target.document->text, each.range)}, {"kind", each.is_declaration ? 3 : 2}});
  }
  return highlights;
}

auto PrepareRename(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const PolicyView view(*target.project);
  for (const auto& each : view.At(*target.file, OffsetOf(session, target, params))) {
    if (!CanBeRenamed(each)) continue;
    auto range = RenamedRange(each);
    const auto text = target.document->text.text().substr(range.begin, range.end - range.begin);
    const auto placeholder = text.starts_with('"') ? TextOfString(text) : std::string(text);
    return Json{{"range", RangeJson(session, target.document->text, range)}, {"placeholder", placeholder}};
  }
  return Json();
}

// An attribute that several types declare is renamed in all of them: the policy could not be right otherwise.
auto Rename(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  const auto name = params.at("newName").get<std::string>();
  const PolicyView view(*target.project);
  auto all = AllAt(view, target, OffsetOf(session, target, params));
  std::erase_if(all, [](const Occurrence& each) { return !CanBeRenamed(each); });
  if (all.empty()) return Fail("nothing here has a name that can be changed");
  if (auto why = WhyNot(all[0], name); !why.empty()) return Fail(std::move(why));
  // What is declared nowhere, or is shipped, is nobody's to rename.
  const bool needs_declaration = KindOf(all[0]) != "id";
  if (needs_declaration && std::ranges::none_of(all, &Occurrence::is_declaration)) return Fail("no file of the project declares this");
  DropRepetitions(all);
  std::map<std::string, Json> edits;
  for (const auto& each : all) {
    auto* document = session.workspace.FindByKey(each.file->path);
    const auto range = RenamedRange(each);
    const bool is_quoted = IsQuotedAt(each, range);
    // A bare word that can no longer be one is quoted, where that is allowed.
    const bool needs_quotes = !is_quoted && !IsIdentifier(name);
    if (needs_quotes && each.file->kind == FileKind::Policies && KindOf(each) == "attribute") {
      return Fail(fmt::format("`{}` cannot stand behind `.`: some policies would have to be written anew", name));
    }
    auto text = NewText({.is_quoted = is_quoted || needs_quotes}, name);
    auto& list = edits.try_emplace(document->uri, Json::array()).first->second;
    list.push_back({{"range", RangeJson(session, document->text, range)}, {"newText", std::move(text)}});
  }
  Json changes = Json::object();
  for (auto& [uri, list] : edits) changes[uri] = std::move(list);
  return Json{{"changes", std::move(changes)}};
}

}  // namespace remit::lsp
