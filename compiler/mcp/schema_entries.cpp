#include "compiler/mcp/schema_entries.h"

#include <fmt/format.h>

#include <unordered_set>

#include "runtime/base/text.h"

namespace remit::mcp {
namespace {

using schema_ast::TypeExprId;

class Lister {
 public:
  Lister(const schema_ast::Fragment& fragment, const Interner& interner) : fragment_(fragment), interner_(interner) {}

  auto Run() && -> SchemaEntries {
    for (const auto& declarations : fragment_.namespaces) Declare(declarations);
    for (const auto& declarations : fragment_.namespaces) {
      prefix_ = declarations.name.text.has_value() ? Text(declarations.name.text) + "::" : "";
      for (const auto& decl : declarations.entities) {
        for (const auto& name : decl.names) Entity(decl, name);
      }
      for (const auto& decl : declarations.common_types) CommonType(decl);
      for (const auto& decl : declarations.actions) {
        for (const auto& name : decl.names) Action(decl, name);
      }
    }
    return std::move(entries_);
  }

 private:
  // In full, as names in the namespace find it.
  void Declare(const schema_ast::Namespace& declarations) {
    const auto prefix = declarations.name.text.has_value() ? Text(declarations.name.text) + "::" : "";
    for (const auto& decl : declarations.entities) {
      for (const auto& name : decl.names) declared_.insert(prefix + Text(name.text));
    }
    for (const auto& decl : declarations.common_types) declared_.insert(prefix + Text(decl.name.text));
  }

  auto Full(const schema_ast::Name& name) const -> std::string {
    static constexpr std::string_view kBuiltin = "__cedar::";
    auto text = Text(name.text);
    if (text.starts_with(kBuiltin)) return text.substr(kBuiltin.size());
    return text.find(':') == std::string::npos && declared_.contains(prefix_ + text) ? prefix_ + text : text;
  }

  auto Text(SymbolId id) const -> std::string { return std::string(interner_.text(id)); }
  void Add(std::string name, std::string text, Span span) {
    entries_.insert_or_assign(std::move(name), SchemaEntry{.text = std::move(text), .span = span});
  }

  void Annotations(const std::string& owner, const std::vector<ast::Annotation>& annotations) {
    for (const auto& [key, value, span] : annotations)
      Add(fmt::format("{} @{}", owner, Text(key)), QuoteString(value ? Text(*value) : ""), span);
  }

  void Entity(const schema_ast::EntityDecl& decl, const schema_ast::Name& name) {
    const auto owner = fmt::format("entity {}{}", prefix_, Text(name.text));
    Add(owner, decl.ids.empty() ? "an entity type" : "an enumeration", name.span);
    Annotations(owner, decl.annotations);
    for (const auto& id : decl.ids) Add(fmt::format("{} {}", owner, QuoteString(Text(id.text))), "a value", id.span);
    for (const auto& parent : decl.parents) Add(fmt::format("{} in {}", owner, Full(parent)), "a parent", parent.span);
    if (decl.shape.has_value()) Members(owner, decl.shape);
    if (decl.tags.has_value()) Add(owner + " tags", TypeText(decl.tags), name.span);
  }

  void CommonType(const schema_ast::CommonTypeDecl& decl) {
    const auto owner = fmt::format("type {}{}", prefix_, Text(decl.name.text));
    const bool record = std::holds_alternative<schema_ast::RecordType>(fragment_.type(decl.type).node);
    Add(owner, record ? "a record" : TypeText(decl.type), decl.name.span);
    Annotations(owner, decl.annotations);
    Members(owner, decl.type);
  }

  void Action(const schema_ast::ActionDecl& decl, const schema_ast::Name& name) {
    const auto owner = fmt::format("{}Action::{}", prefix_, QuoteString(Text(name.text)));
    const bool group = decl.applies_to.principals.empty();
    Add(owner, group ? "a group" : "an action", name.span);
    Annotations(owner, decl.annotations);
    for (const auto& parent : decl.parents) Add(fmt::format("{} in {}", owner, QuoteString(Text(parent.id))), "a group", parent.span);
    for (const auto& type : decl.applies_to.principals) Add(fmt::format("{} principal {}", owner, Full(type)), "allowed", type.span);
    for (const auto& type : decl.applies_to.resources) Add(fmt::format("{} resource {}", owner, Full(type)), "allowed", type.span);
    if (decl.applies_to.context.has_value()) Members(owner + " context", decl.applies_to.context);
  }

  // Attributes, each with its type; records inside of it as well.
  void Members(const std::string& owner, TypeExprId id) {
    const auto* record = std::get_if<schema_ast::RecordType>(&fragment_.type(id).node);
    if (record == nullptr) return;
    for (const auto& attribute : record->attributes) {
      const auto name = fmt::format("{}.{}", owner, Text(attribute.name.text));
      Add(name, fmt::format("{}{}", TypeText(attribute.type), attribute.required ? "" : ", optional"), attribute.name.span);
      Annotations(name, attribute.annotations);
      Members(name, attribute.type);
    }
  }

  auto TypeText(TypeExprId id) const -> std::string {
    return std::visit([&](const auto& node) { return NodeText(node); }, fragment_.type(id).node);
  }
  auto NodeText(const schema_ast::NamedType& type) const -> std::string { return Full(type.name); }
  static auto NodeText(const schema_ast::BuiltinType& type) -> std::string { return std::string(KindName(type.kind)); }
  auto NodeText(const schema_ast::SetType& type) const -> std::string { return fmt::format("Set<{}>", TypeText(type.element)); }
  static auto NodeText(const schema_ast::RecordType&) -> std::string { return "a record"; }

  const schema_ast::Fragment& fragment_;
  const Interner& interner_;
  std::string prefix_ = {};
  std::unordered_set<std::string> declared_ = {};
  SchemaEntries entries_ = {};
};

}  // namespace

auto ListEntries(const schema_ast::Fragment& fragment, const Interner& interner) -> SchemaEntries {
  return Lister(fragment, interner).Run();
}

}  // namespace remit::mcp
