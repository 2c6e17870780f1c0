// Symbols: what a file declares, as a tree, and what a workspace declares, by a few letters of its name.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/walk.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/schema_index.h"

namespace remit::lsp {
namespace {

// Kinds of the protocol.
enum SymbolKind : int {
  kNamespace = 3,
  kClass = 5,
  kMethod = 6,
  kProperty = 7,
  kEnum = 10,
  kFunction = 12,
  kVariable = 13,
  kEvent = 24,
  kStruct = 23
};

struct Entry {
  std::string name;
  std::string detail;
  SymbolKind kind;
  Project::Place whole;
  TextRange name_range;
  std::string container = {};
  std::vector<Entry> children = {};
};

auto KindOf(const ast::Statement& statement) -> SymbolKind {
  struct Visitor {
    auto operator()(const ast::Policy&) const { return kFunction; }
    auto operator()(const ast::Escalate&) const { return kFunction; }
    auto operator()(const ast::Restrict&) const { return kFunction; }
    auto operator()(const ast::Budget&) const { return kVariable; }
    auto operator()(const ast::Breaker&) const { return kVariable; }
    auto operator()(const ast::Assert&) const { return kProperty; }
    auto operator()(const ast::Test&) const { return kMethod; }
  };
  return std::visit(Visitor{}, statement.body);
}

auto StatementEntries(Project& project, const ProjectFile& file) -> std::vector<Entry> {
  std::vector<Entry> entries;
  const auto [first, last] = project.StatementsOf(file);
  for (uint32_t i = first; i < last; ++i) {
    const auto& statement = project.ast().statements[i];
    const auto whole = project.PlaceOf(statement.span);
    auto name_range = whole.range;
    for (const auto& annotation : statement.annotations) {
      if (project.job().interner.text(annotation.key) == "id") name_range = project.PlaceOf(annotation.span).range;
    }
    if (const auto* budget = std::get_if<ast::Budget>(&statement.body)) name_range = project.PlaceOf(budget->name_span).range;
    if (const auto* breaker = std::get_if<ast::Breaker>(&statement.body)) name_range = project.PlaceOf(breaker->name_span).range;
    entries.push_back({.name = project.ids()[i].empty() ? std::string("?") : project.ids()[i],
                       .detail = std::string(ast::StatementKeyword(statement)),
                       .kind = KindOf(statement),
                       .whole = whole,
                       .name_range = name_range});
  }
  return entries;
}

auto AttributeEntries(Project& project, const SchemaIndex& index, const schema_ast::Fragment& fragment, schema_ast::TypeExprId type)
    -> std::vector<Entry> {
  std::vector<Entry> entries;
  if (!type.has_value()) return entries;
  const auto* record = std::get_if<schema_ast::RecordType>(&fragment.type(type).node);
  for (size_t i = 0; record != nullptr && i < record->attributes.size(); ++i) {
    const auto& attribute = record->attributes[i];
    const auto place = project.PlaceOf(attribute.name.span);
    if (place.file == nullptr) continue;
    entries.push_back({.name = std::string(index.interner().text(attribute.name.text)),
                       .detail = index.Describe(index.ShapeOf(fragment, attribute.type, {})),
                       .kind = kProperty,
                       .whole = place,
                       .name_range = place.range});
  }
  return entries;
}

auto SchemaEntries(Project& project, const ProjectFile& file) -> std::vector<Entry> {
  std::vector<Entry> entries;
  if (project.schema() == nullptr) return entries;
  const SchemaIndex index(*project.schema(), project.job().interner);
  const auto add = [&](std::string name, std::string detail, SymbolKind kind, Span whole, Span name_span, std::vector<Entry> children) {
    const auto place = project.PlaceOf(whole.has_place() ? whole : name_span);
    const auto name_place = project.PlaceOf(name_span);
    if (place.file != &file || name_place.file != &file) return;
    entries.push_back({.name = std::move(name),
                       .detail = std::move(detail),
                       .kind = kind,
                       .whole = place,
                       .name_range = name_place.range,
                       .children = std::move(children)});
  };
  for (const auto& [name, entry] : index.entities()) {
    const auto& declaration = *entry.declaration;
    add(name, "entity", declaration.ids.empty() ? kClass : kEnum, declaration.span, entry.span,
        AttributeEntries(project, index, *entry.fragment, declaration.shape));
  }
  for (const auto& [name, entry] : index.common_types()) {
    const auto& declaration = *entry.declaration;
    add(name, "type", kStruct, declaration.span, declaration.name.span,
        AttributeEntries(project, index, *entry.fragment, declaration.type));
  }
  for (const auto& [name, entry] : index.actions()) {
    const auto& declaration = *entry.declaration;
    add(name, "action", kEvent, declaration.span, entry.span,
        AttributeEntries(project, index, *entry.fragment, declaration.applies_to.context));
  }
  std::ranges::stable_sort(entries, {}, [](const Entry& each) { return each.name_range.begin; });
  return entries;
}

auto EntriesOf(Project& project, const ProjectFile& file) -> std::vector<Entry> {
  switch (file.kind) {
    case FileKind::Policies: return StatementEntries(project, file);
    case FileKind::Schema: return SchemaEntries(project, file);
    case FileKind::JsonPolicies:
    case FileKind::Links:
    case FileKind::Settings: return {};
  }
  return {};
}

auto EntryJson(const Session& session, const TextDocument& document, const Entry& entry) -> Json {
  // The protocol wants the one inside of the other.
  TextRange whole = entry.whole.range;
  whole.begin = std::min(whole.begin, entry.name_range.begin);
  whole.end = std::max(whole.end, entry.name_range.end);
  Json json = {{"name", entry.name},
               {"detail", entry.detail},
               {"kind", static_cast<int>(entry.kind)},
               {"range", RangeJson(session, document, whole)},
               {"selectionRange", RangeJson(session, document, entry.name_range)}};
  if (entry.children.empty()) return json;
  auto& children = json["children"] = Json::array();
  for (const auto& child : entry.children) children.push_back(EntryJson(session, document, child));
  return json;
}

auto Lower(std::string_view text) -> std::string {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return lower;
}

// The letters of `query` in their order, as editors filter.
auto Matches(std::string_view query, std::string_view name) -> bool {
  size_t at = 0;
  for (const char c : name) {
    if (at < query.size() && c == query[at]) ++at;
  }
  return at == query.size();
}

}  // namespace

auto DocumentSymbols(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  Json symbols = Json::array();
  for (const auto& entry : EntriesOf(*target.project, *target.file)) symbols.push_back(EntryJson(session, target.document->text, entry));
  return symbols;
}

auto WorkspaceSymbols(Session& session, const Json& params) -> Answer {
  constexpr size_t kMostSymbols = 1'000;
  const auto query = Lower(params.at("query").get<std::string>());
  Json symbols = Json::array();
  for (const auto& [root, project] : session.workspace.projects()) {
    for (const auto& [path, file] : project->files()) {
      for (const auto& entry : EntriesOf(*project, file)) {
        if (symbols.size() >= kMostSymbols) return symbols;
        if (!Matches(query, Lower(entry.name))) continue;
        symbols.push_back({{"name", entry.name},
                           {"kind", static_cast<int>(entry.kind)},
                           {"containerName", entry.detail},
                           {"location", LocationJson(session, {.file = &file, .range = entry.name_range})}});
      }
    }
  }
  return symbols;
}

}  // namespace remit::lsp
