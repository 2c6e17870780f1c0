#include "compiler/schema/common_types.h"

#include "compiler/schema/find_cycles.h"
#include "compiler/schema/type_builder.h"

namespace remit {
namespace {

// Appends the common types that a type expression names.
void CollectReferences(schema_ast::TypeExprId id, SchemaPlace place, const Definitions& definitions, std::vector<uint32_t>& out) {
  const auto& node = place.fragment->type(id).node;
  if (const auto* named = std::get_if<schema_ast::NamedType>(&node)) {
    const auto found = definitions.Find(named->name.text, place.name_space, named->reference);
    if (found && std::holds_alternative<FoundCommonType>(*found)) out.push_back(std::get<FoundCommonType>(*found).index);
  } else if (const auto* set = std::get_if<schema_ast::SetType>(&node)) {
    CollectReferences(set->element, place, definitions, out);
  } else if (const auto* record = std::get_if<schema_ast::RecordType>(&node)) {
    for (const auto* attribute : EffectiveAttributes(*record)) CollectReferences(attribute->type, place, definitions, out);
  }
}

}  // namespace

auto OrderCommonTypes(const Definitions& definitions, ParseContext& context, bool& has_cycles) -> std::vector<uint32_t> {
  const auto& types = definitions.common_types();
  std::vector<std::vector<uint32_t>> references(types.size());
  for (size_t i = 0; i < types.size(); ++i) CollectReferences(types[i].decl->type, types[i].place, definitions, references[i]);

  const auto text = [&](uint32_t index) { return context.interner.text(types[index].name); };
  auto [order, cycles] = SortByDependency(references);
  for (const auto& cycle : cycles) {
    context.sink.Report(DiagnosticCode::SchemaTypeCycle, types[cycle[0]].span, text(cycle[0])).help = DescribeCycle(cycle, text);
    has_cycles = true;
  }
  return std::move(order);
}

}  // namespace remit
