#include "compiler/schema/resolve.h"

#include <algorithm>

#include "compiler/schema/common_types.h"
#include "compiler/schema/definitions.h"
#include "compiler/schema/find_cycles.h"
#include "compiler/schema/suggestions.h"
#include "compiler/schema/type_builder.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using schema_ast::Name;

// In the order of symbols.
template <typename T>
auto Unique(std::vector<T> list) -> std::vector<T> {
  std::ranges::sort(list);
  const auto repeated = std::ranges::unique(list);
  list.erase(repeated.begin(), repeated.end());
  return list;
}

class Resolver {
 public:
  Resolver(const Definitions& definitions, ParseContext& context)
      : definitions_(definitions), context_(context), types_(definitions, context, schema_) {}

  auto Resolve() -> std::optional<Schema> {
    for (const uint32_t index : OrderCommonTypes(definitions_, context_, has_errors_)) types_.BuildCommonType(index);
    for (const auto& entity : definitions_.entities()) {
      if (!is_too_large_) AddEntityType(entity);
    }
    for (const auto& action : definitions_.actions()) {
      if (!is_too_large_) AddAction(action);
    }
    if (!is_too_large_) CheckActionCycles();
    if (has_errors_ || is_too_large_ || types_.has_errors() || definitions_.has_errors()) return std::nullopt;
    return std::move(schema_);
  }

 private:
  // Types declared together follow one another, and what the declaration says is resolved once.
  void AddEntityType(const DeclaredEntity& declared) {
    const bool is_same = !schema_.entity_types.empty() && declared.decl == last_entity_decl_;
    EntityTypeDecl entity = is_same ? schema_.entity_types.back() : ResolveEntityType(declared);
    last_entity_decl_ = declared.decl;
    entity.name = declared.name;
    CountEntries(entity.parents.size() + entity.enumerated_ids.size(), declared.span);
    schema_.entity_type_index.emplace(entity.name, static_cast<uint32_t>(schema_.entity_types.size()));
    schema_.entity_types.push_back(std::move(entity));
  }

  auto ResolveEntityType(const DeclaredEntity& declared) -> EntityTypeDecl {
    const auto& decl = *declared.decl;
    EntityTypeDecl entity;
    entity.attributes = BuildRecord(decl.shape, declared.place, "the shape", context_.interner.text(declared.name));
    if (decl.tags.has_value()) entity.tags = types_.Build(decl.tags, declared.place);
    entity.parents = Unique(ResolveEntities(decl.parents, declared.place.name_space));
    for (const auto& id : decl.ids) entity.enumerated_ids.push_back(id.text);
    entity.enumerated_ids = Unique(std::move(entity.enumerated_ids));
    return entity;
  }

  void AddAction(const DeclaredAction& declared) {
    const bool is_same = !schema_.actions.empty() && declared.decl == last_action_decl_;
    ActionDecl action = is_same ? schema_.actions.back() : ResolveAction(declared);
    last_action_decl_ = declared.decl;
    action.uid = declared.uid;
    CountEntries(action.parents.size() + action.principal_types.size() + action.resource_types.size(), declared.span);
    schema_.action_index.emplace(action.uid.packed(), static_cast<uint32_t>(schema_.actions.size()));
    schema_.actions.push_back(std::move(action));
  }

  auto ResolveAction(const DeclaredAction& declared) -> ActionDecl {
    const auto& decl = *declared.decl;
    ActionDecl action;
    action.context =
        BuildRecord(decl.applies_to.context, declared.place, "the context", EscapeString(context_.interner.text(declared.uid.id)));
    action.principal_types = Unique(ResolveEntities(decl.applies_to.principals, declared.place.name_space));
    action.resource_types = Unique(ResolveEntities(decl.applies_to.resources, declared.place.name_space));
    action.parents = Unique(ResolveParents(decl, declared.place.name_space));
    return action;
  }

  // `a, b, .. in [x, y, ..]` says in little text what takes a lot of memory.
  void CountEntries(size_t count, Span span) {
    constexpr size_t kMostEntries = 10'000'000;
    entries_ += count;
    if (entries_ <= kMostEntries || is_too_large_) return;
    context_.sink.Report(DiagnosticCode::SchemaTooLarge, span, kMostEntries);
    is_too_large_ = true;
  }

  // `id` none: an empty record.
  auto BuildRecord(schema_ast::TypeExprId id, SchemaPlace place, std::string_view what, std::string_view whose) -> TypeId {
    if (!id.has_value()) return types_.EmptyRecord();
    const TypeId type = types_.Build(id, place);
    if (schema_.type(type).kind != Kind::Record) {
      context_.sink.Report(DiagnosticCode::SchemaNotARecord, place.fragment->type(id).span, what, whose);
      has_errors_ = true;
    }
    return type;
  }

  auto ResolveEntities(const std::vector<Name>& names, SymbolId name_space) -> std::vector<SymbolId> {
    std::vector<SymbolId> resolved;
    for (const auto& name : names) {
      if (const SymbolId entity = types_.ResolveEntity(name, name_space); entity.has_value()) resolved.push_back(entity);
    }
    return resolved;
  }

  auto ResolveParents(const schema_ast::ActionDecl& decl, SymbolId name_space) -> std::vector<EntityUid> {
    std::vector<EntityUid> parents;
    for (const auto& ref : decl.parents) {
      if (const auto found = definitions_.FindAction(ref, name_space)) {
        parents.push_back(definitions_.actions()[*found].uid);
      } else {
        ReportUnknownAction(ref);
      }
    }
    return parents;
  }

  void ReportUnknownAction(const schema_ast::ActionRef& ref) {
    const auto id = EscapeString(context_.interner.text(ref.id));
    const auto shown = ref.type.text.has_value() ? fmt::format("{}::\"{}\"", context_.interner.text(ref.type.text), id) : id;
    auto& diagnostic = context_.sink.Report(DiagnosticCode::SchemaUnknownAction, ref.span, shown);
    if (context_.sink.dropped_count() == 0) diagnostic.help = SuggestAction(ref, definitions_, context_.interner);
    has_errors_ = true;
  }

  void CheckActionCycles() {
    const auto text = [&](uint32_t index) { return FormatEntityUid(definitions_.actions()[index].uid, context_.interner); };
    std::vector<std::vector<uint32_t>> edges(schema_.actions.size());
    for (size_t i = 0; i < edges.size(); ++i) {
      for (const auto parent : schema_.actions[i].parents) edges[i].push_back(schema_.action_index.at(parent.packed()));
    }
    for (const auto& cycle : SortByDependency(edges).cycles) {
      context_.sink.Report(DiagnosticCode::SchemaActionCycle, definitions_.actions()[cycle[0]].span, text(cycle[0])).help =
          DescribeCycle(cycle, text);
      has_errors_ = true;
    }
  }

  const Definitions& definitions_;
  ParseContext& context_;
  Schema schema_;
  TypeBuilder types_;
  const schema_ast::EntityDecl* last_entity_decl_ = nullptr;
  const schema_ast::ActionDecl* last_action_decl_ = nullptr;
  size_t entries_ = 0;
  bool is_too_large_ = false;
  bool has_errors_ = false;
};

}  // namespace

auto ResolveSchema(const std::vector<schema_ast::Fragment>& fragments, ParseContext& context) -> std::optional<Schema> {
  Definitions definitions(context);
  definitions.Collect(fragments);
  return Resolver(definitions, context).Resolve();
}

}  // namespace remit
