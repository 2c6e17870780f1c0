#include "compiler/schema/definitions.h"

#include "compiler/schema/builtin_types.h"
#include "runtime/base/text.h"

namespace remit {

using schema_ast::ActionDecl;
using schema_ast::CommonTypeDecl;
using schema_ast::EntityDecl;
using schema_ast::Fragment;
using schema_ast::Name;
using schema_ast::Reference;

namespace {

auto MentionsCedar(std::string_view name) -> bool {
  while (true) {
    const size_t end = name.find("::");
    if (name.substr(0, end) == "__cedar") return true;
    if (end == std::string_view::npos) return false;
    name.remove_prefix(end + 2);
  }
}

}  // namespace

Definitions::Definitions(ParseContext& context) : context_(context), action_word_(context.interner.Intern("Action")) {}

auto Definitions::Qualify(SymbolId name_space, std::string_view name) -> SymbolId {
  if (!name_space.has_value()) return context_.interner.Intern(name);
  return context_.interner.Intern(fmt::format("{}::{}", context_.interner.text(name_space), name));
}

auto Definitions::FindQualified(SymbolId name_space, std::string_view name) const -> SymbolId {
  if (!name_space.has_value()) return context_.interner.Find(name);
  return context_.interner.Find(fmt::format("{}::{}", context_.interner.text(name_space), name));
}

// ---- collecting ----------------------------------------------------------------------------------------------------

void Definitions::Collect(const std::vector<Fragment>& fragments) {
  for (const auto& fragment : fragments) {
    for (const auto& name_space : fragment.namespaces) CollectNamespace(fragment, name_space);
  }
  CheckTypeShadowing();
  CheckActionShadowing();
  for (const auto& type : BuiltinTypes()) {
    builtins_.emplace(context_.interner.Intern(fmt::format("__cedar::{}", type.name)), type.kind);
    const SymbolId bare = context_.interner.Intern(type.name);
    if (!common_index_.contains(bare) && !entity_index_.contains(bare)) builtins_.emplace(bare, type.kind);
  }
}

void Definitions::CollectNamespace(const Fragment& fragment, const schema_ast::Namespace& name_space) {
  const SchemaPlace place = {.fragment = &fragment, .name_space = name_space.name.text};
  if (place.name_space.has_value()) {
    const auto text = context_.interner.text(place.name_space);
    if (MentionsCedar(text)) Report(DiagnosticCode::SchemaReservedNamespace, name_space.name.span, text);
  }
  for (const auto& type : name_space.common_types) AddCommonType(type, place);
  for (const auto& entity : name_space.entities) {
    for (const auto& name : entity.names) AddEntity(entity, name, place);
  }
  for (const auto& action : name_space.actions) {
    for (const auto& name : action.names) AddAction(action, name, place);
  }
}

void Definitions::AddCommonType(const CommonTypeDecl& decl, SchemaPlace place) {
  const auto bare = context_.interner.text(decl.name.text);
  if (IsReservedTypeName(bare)) {
    Report(DiagnosticCode::SchemaReservedTypeName, decl.name.span, bare).help = "it names a type that is built in";
    return;
  }
  if (MentionsCedar(bare)) {
    Report(DiagnosticCode::SchemaReservedNamespace, decl.name.span, bare);
    return;
  }
  const SymbolId name = Qualify(place.name_space, bare);
  const auto [known, is_new] = common_index_.try_emplace(name, static_cast<uint32_t>(common_types_.size()));
  if (!is_new) {
    ReportDuplicate("the common type", context_.interner.text(name), decl.name.span, common_types_[known->second].span);
    return;
  }
  common_types_.push_back({.name = name, .span = decl.name.span, .place = place, .decl = &decl});
}

void Definitions::AddEntity(const EntityDecl& decl, const Name& name, SchemaPlace place) {
  const auto bare = context_.interner.text(name.text);
  const SymbolId full = Qualify(place.name_space, bare);
  if (name.text == action_word_) {
    Report(DiagnosticCode::SchemaActionEntityType, name.span, context_.interner.text(full)).help = "declare actions with `action`";
    return;
  }
  if (MentionsCedar(bare)) {
    Report(DiagnosticCode::SchemaReservedNamespace, name.span, bare);
    return;
  }
  const auto [known, is_new] = entity_index_.try_emplace(full, static_cast<uint32_t>(entities_.size()));
  if (!is_new) {
    ReportDuplicate("the entity type", context_.interner.text(full), name.span, entities_[known->second].span);
    return;
  }
  entities_.push_back({.name = full, .span = name.span, .place = place, .decl = &decl});
}

void Definitions::AddAction(const ActionDecl& decl, const Name& name, SchemaPlace place) {
  const EntityUid uid = {.type = Qualify(place.name_space, "Action"), .id = name.text};
  const auto [known, is_new] = action_index_.try_emplace(uid.packed(), static_cast<uint32_t>(actions_.size()));
  if (!is_new) {
    ReportDuplicate("the action", EscapeString(context_.interner.text(name.text)), name.span, actions_[known->second].span);
    return;
  }
  action_types_.insert(uid.type);
  actions_.push_back({.uid = uid, .span = name.span, .place = place, .decl = &decl});
}

void Definitions::ReportDuplicate(std::string_view what, std::string_view name, Span second, Span first) {
  const auto& file = context_.sources.file(first.file);
  Report(DiagnosticCode::SchemaDuplicateDeclaration, second, what, name).help =
      fmt::format("the first declaration is at {}:{}", file.name(), file.locate(first.begin).line);
}

// A declaration of the unnamed namespace must be reachable from everywhere: nothing in any namespace may have its bare name.
void Definitions::CheckTypeShadowing() {
  struct Shadow {
    SymbolId name;
    Span span;
  };
  std::unordered_map<SymbolId, Shadow> shadows;  // by bare name
  for (const auto& type : common_types_) {
    if (type.place.name_space.has_value()) shadows.try_emplace(type.decl->name.text, Shadow{type.name, type.span});
  }
  for (const auto& entity : entities_) {
    if (!entity.place.name_space.has_value()) continue;
    const auto full = context_.interner.text(entity.name);
    shadows.try_emplace(context_.interner.Find(full.substr(full.rfind("::") + 2)), Shadow{entity.name, entity.span});
  }
  const auto check = [&](SymbolId name, SchemaPlace place) {
    const auto found = place.name_space.has_value() ? shadows.end() : shadows.find(name);
    if (found == shadows.end()) return;
    const auto& [shadow, span] = found->second;
    Report(DiagnosticCode::SchemaShadowing, span, context_.interner.text(shadow), context_.interner.text(name)).help =
        "rename one of them: a name of the unnamed namespace must mean the same everywhere";
    shadows.erase(found);
  };
  for (const auto& type : common_types_) check(type.name, type.place);
  for (const auto& entity : entities_) check(entity.name, entity.place);
}

void Definitions::CheckActionShadowing() {
  std::unordered_map<SymbolId, const DeclaredAction*> shadows;  // by id
  for (const auto& action : actions_) {
    if (action.place.name_space.has_value()) shadows.try_emplace(action.uid.id, &action);
  }
  for (const auto& action : actions_) {
    const auto found = action.place.name_space.has_value() ? shadows.end() : shadows.find(action.uid.id);
    if (found == shadows.end()) continue;
    Report(DiagnosticCode::SchemaShadowing, found->second->span, FormatEntityUid(found->second->uid, context_.interner),
           FormatEntityUid(action.uid, context_.interner))
        .help = "rename one of them: an action of the unnamed namespace must mean the same everywhere";
  }
}

// ---- finding -------------------------------------------------------------------------------------------------------

auto Definitions::FindExact(SymbolId name, Reference reference) const -> std::optional<FoundType> {
  if (!name.has_value()) return std::nullopt;
  if (reference != Reference::Entity) {
    if (const auto it = common_index_.find(name); it != common_index_.end()) return FoundCommonType{it->second};
    if (const auto it = builtins_.find(name); it != builtins_.end()) return it->second;
  }
  if (reference != Reference::Common && (entity_index_.contains(name) || action_types_.contains(name))) return FoundEntityType{name};
  return std::nullopt;
}

auto Definitions::Find(SymbolId name, SymbolId name_space, Reference reference) const -> std::optional<FoundType> {
  const auto text = context_.interner.text(name);
  if (name_space.has_value() && !text.contains("::")) {
    if (auto found = FindExact(FindQualified(name_space, text), reference)) return found;
  }
  return FindExact(name, reference);
}

auto Definitions::FindAction(const schema_ast::ActionRef& ref, SymbolId name_space) const -> std::optional<uint32_t> {
  const SymbolId type = ref.type.text.has_value() ? ref.type.text : action_word_;
  const auto text = context_.interner.text(type);
  const auto find = [&](SymbolId full) -> std::optional<uint32_t> {
    if (!full.has_value()) return std::nullopt;
    const auto it = action_index_.find(EntityUid{.type = full, .id = ref.id}.packed());
    return it == action_index_.end() ? std::nullopt : std::optional{it->second};
  };
  if (name_space.has_value() && !text.contains("::")) {
    if (const auto found = find(FindQualified(name_space, text))) return found;
  }
  return find(type);
}

}  // namespace remit
