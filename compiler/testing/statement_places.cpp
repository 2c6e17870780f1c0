#include "compiler/testing/statement_places.h"

#include <fmt/format.h>

namespace remit::tests {

StatementPlaces::StatementPlaces(const ast::Ast& ast, const std::vector<std::string>& ids, const ir::Program& program,
                                 const SourceManager& sources, const Interner& interner)
    : ast_(ast), program_(program), sources_(sources), interner_(interner) {
  for (uint32_t i = 0; i < ids.size(); ++i) statement_of_.emplace(ids[i], i);
  for (const auto& link : ast.links) {
    const auto found = statement_of_.find(std::string(interner.text(link.template_id)));
    if (found != statement_of_.end()) link_ids_.emplace(std::string(interner.text(link.new_id)), found->second);
  }
}

auto StatementPlaces::PlaceOf(Span span) const -> std::string {
  if (!span.has_place()) return {};
  const auto& file = sources_.file(span.file);
  const auto place = file.locate(span.begin);
  return fmt::format("{}:{}:{}", file.name(), place.line, place.column);
}

auto StatementPlaces::Describe(uint32_t policy) const -> std::string {
  const std::string id{IdOf(policy)};
  const auto statement = statement_of_.find(id);
  const auto link = link_ids_.find(id);
  Span span;
  if (statement != statement_of_.end()) span = ast_.statements[statement->second].span;
  if (link != link_ids_.end()) span = ast_.statements[link->second].span;
  const auto place = PlaceOf(span);
  const auto effect = ir::EffectName(program_.policies[policy].effect);
  return place.empty() ? fmt::format("{} `{}`", effect, id) : fmt::format("{} `{}` ({})", effect, id, place);
}

auto StatementPlaces::ids() const -> std::vector<std::string_view> {
  std::vector<std::string_view> ids;
  for (const auto& [id, statement] : statement_of_) {
    if (!std::holds_alternative<ast::Test>(ast_.statements[statement].body)) ids.push_back(id);
  }
  for (const auto& [id, statement] : link_ids_) ids.push_back(id);
  return ids;
}

}  // namespace remit::tests
