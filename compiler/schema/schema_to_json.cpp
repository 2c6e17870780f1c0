#include "compiler/schema/schema_to_json.h"

#include <algorithm>

#include "compiler/schema/builtin_types.h"
#include "compiler/schema/json_text.h"
#include "compiler/schema/type_builder.h"

namespace remit {
namespace {

using schema_ast::Annotation;
using schema_ast::Attribute;
using schema_ast::Name;
using schema_ast::Reference;

// The one name of a common type that JSON reads as something else. The other words of its types cannot be declared.
constexpr std::string_view kEntityOrCommon = "EntityOrCommon";

class JsonWriter {
 public:
  explicit JsonWriter(const Interner& interner) : interner_(interner) {}

  auto Write(const std::vector<MergedNamespace>& schema) -> std::string {
    out_.OpenObject();
    for (const auto& name_space : schema) {
      out_.Key(name_space.name.has_value() ? Text(name_space.name) : "");
      WriteNamespace(name_space);
    }
    out_.Close();
    return out_.Take();
  }

 private:
  auto Text(SymbolId id) const -> std::string_view { return interner_.text(id); }

  void WriteNamespace(const MergedNamespace& name_space) {
    const auto has_types = [](const NamespacePart& part) { return !part.declarations->common_types.empty(); };
    out_.OpenObject();
    if (std::ranges::any_of(name_space.parts, has_types)) {
      out_.Key("commonTypes");
      out_.OpenObject();
      ForEachPart(name_space, [&](const schema_ast::Namespace& part) {
        for (const auto& decl : part.common_types) WriteCommonType(decl);
      });
      out_.Close();
    }
    out_.Key("entityTypes");
    out_.OpenObject();
    ForEachPart(name_space, [&](const schema_ast::Namespace& part) {
      for (const auto& decl : part.entities) {
        for (const Name& name : decl.names) WriteEntity(name, decl);
      }
    });
    out_.Close();
    out_.Key("actions");
    out_.OpenObject();
    ForEachPart(name_space, [&](const schema_ast::Namespace& part) {
      for (const auto& decl : part.actions) {
        for (const Name& name : decl.names) WriteAction(name, decl);
      }
    });
    out_.Close();
    WriteAnnotations(name_space.annotations);
    out_.Close();
  }

  template <typename Visit>
  void ForEachPart(const MergedNamespace& name_space, Visit visit) {
    for (const auto& part : name_space.parts) {
      fragment_ = part.fragment;
      visit(*part.declarations);
    }
  }

  void WriteCommonType(const schema_ast::CommonTypeDecl& decl) {
    out_.Key(Text(decl.name.text));
    out_.OpenObject();
    WriteTypeMembers(decl.type);
    WriteAnnotations(decl.annotations);
    out_.Close();
  }

  void WriteEntity(const Name& name, const schema_ast::EntityDecl& decl) {
    out_.Key(Text(name.text));
    out_.OpenObject();
    if (!decl.ids.empty()) WriteNames("enum", decl.ids);
    if (!decl.parents.empty()) WriteNames("memberOfTypes", decl.parents);
    if (decl.shape.has_value()) WriteType("shape", decl.shape);
    if (decl.tags.has_value()) WriteType("tags", decl.tags);
    WriteAnnotations(decl.annotations);
    out_.Close();
  }

  void WriteAction(const Name& name, const schema_ast::ActionDecl& decl) {
    out_.Key(Text(name.text));
    out_.OpenObject();
    if (!decl.parents.empty()) {
      out_.Key("memberOf");
      out_.OpenArray();
      for (const auto& parent : decl.parents) {
        out_.OpenObject();
        out_.Member("id", Text(parent.id));
        if (parent.type.text.has_value()) out_.Member("type", Text(parent.type.text));
        out_.Close();
      }
      out_.Close();
    }
    WriteAppliesTo(decl.applies_to);
    WriteAnnotations(decl.annotations);
    out_.Close();
  }

  void WriteAppliesTo(const schema_ast::AppliesTo& applies_to) {
    if (applies_to.principals.empty() && applies_to.resources.empty() && !applies_to.context.has_value()) return;
    out_.Key("appliesTo");
    out_.OpenObject();
    WriteNames("principalTypes", applies_to.principals);
    WriteNames("resourceTypes", applies_to.resources);
    if (applies_to.context.has_value()) WriteType("context", applies_to.context);
    out_.Close();
  }

  void WriteNames(std::string_view key, const std::vector<Name>& names) {
    out_.Key(key);
    out_.OpenArray();
    for (const Name& name : names) out_.String(Text(name.text));
    out_.Close();
  }

  void WriteAnnotations(const std::vector<Annotation>& annotations) {
    if (annotations.empty()) return;
    out_.Key("annotations");
    out_.OpenObject();
    for (const auto& [key, value, span] : annotations) {
      out_.Key(Text(key));
      value ? out_.String(Text(*value)) : out_.Word("null");
    }
    out_.Close();
  }

  void WriteType(std::string_view key, schema_ast::TypeExprId id) {
    out_.Key(key);
    out_.OpenObject();
    WriteTypeMembers(id);
    out_.Close();
  }

  // The members that say what type it is; others may stand beside them. Recursion is as deep as the source was nested.
  void WriteTypeMembers(schema_ast::TypeExprId id) {
    std::visit([&](const auto& node) { WriteNode(node); }, fragment_->type(id).node);
  }

  void WriteNode(const schema_ast::NamedType& type) {
    const auto name = Text(type.name.text);
    if (type.reference == Reference::Common && name != kEntityOrCommon) {
      out_.Member("type", name);
      return;
    }
    out_.Member("type", type.reference == Reference::Entity ? "Entity" : kEntityOrCommon);
    out_.Member("name", name);
  }

  void WriteNode(const schema_ast::BuiltinType& type) {
    const auto& builtin = *std::ranges::find(BuiltinTypes(), type.kind, &SchemaBuiltinType::kind);
    if (builtin.is_extension) {
      out_.Member("type", "Extension");
      out_.Member("name", builtin.name);
    } else {
      out_.Member("type", type.kind == Kind::Bool ? "Boolean" : builtin.name);
    }
  }

  void WriteNode(const schema_ast::SetType& type) {
    out_.Member("type", "Set");
    WriteType("element", type.element);
  }

  void WriteNode(const schema_ast::RecordType& type) {
    out_.Member("type", "Record");
    out_.Key("attributes");
    out_.OpenObject();
    for (const Attribute* attribute : EffectiveAttributes(type)) {
      out_.Key(Text(attribute->name.text));
      out_.OpenObject();
      WriteTypeMembers(attribute->type);
      if (!attribute->required) {
        out_.Key("required");
        out_.Word("false");
      }
      WriteAnnotations(attribute->annotations);
      out_.Close();
    }
    out_.Close();
  }

  const Interner& interner_;
  const schema_ast::Fragment* fragment_ = nullptr;  // of the part that is being written
  JsonText out_;
};

}  // namespace

auto SchemaToJson(const std::vector<MergedNamespace>& schema, const Interner& interner) -> std::string {
  return JsonWriter(interner).Write(schema);
}

}  // namespace remit
