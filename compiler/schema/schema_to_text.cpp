#include "compiler/schema/schema_to_text.h"

#include <algorithm>

#include "compiler/schema/builtin_types.h"
#include "compiler/schema/type_builder.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using schema_ast::Annotation;
using schema_ast::Attribute;
using schema_ast::Name;
using schema_ast::Reference;
using schema_ast::TypeExprId;

auto SameThing(const std::optional<FoundType>& a, const std::optional<FoundType>& b) -> bool {
  if (!a || !b || a->index() != b->index()) return false;
  if (const auto* common = std::get_if<FoundCommonType>(&*a)) return common->index == std::get<FoundCommonType>(*b).index;
  if (const auto* entity = std::get_if<FoundEntityType>(&*a)) return entity->name == std::get<FoundEntityType>(*b).name;
  return std::get<Kind>(*a) == std::get<Kind>(*b);
}

auto BuiltinName(Kind kind) -> std::string_view { return std::ranges::find(BuiltinTypes(), kind, &SchemaBuiltinType::kind)->name; }

class TextWriter {
 public:
  TextWriter(const Definitions& definitions, ParseContext& context)
      : definitions_(definitions), context_(context), interner_(context.interner) {}

  auto Write(const std::vector<MergedNamespace>& schema) -> std::optional<std::string> {
    for (const auto& name_space : schema) WriteNamespace(name_space);
    if (has_errors_) return std::nullopt;
    return std::move(out_);
  }

 private:
  auto Text(SymbolId id) const -> std::string_view { return interner_.text(id); }

  // A blank line between declarations, which the formatter keeps.
  void WriteNamespace(const MergedNamespace& name_space) {
    if (name_space.name.has_value()) {
      WriteAnnotations(name_space.annotations);
      out_ += fmt::format("namespace {} {{\n", Text(name_space.name));
    }
    for (const auto& [fragment, declarations] : name_space.parts) {
      place_ = {.fragment = fragment, .name_space = name_space.name};
      for (const auto& decl : declarations->common_types) WriteCommonType(decl);
      for (const auto& decl : declarations->entities) WriteEntity(decl);
      for (const auto& decl : declarations->actions) WriteAction(decl);
    }
    if (name_space.name.has_value()) out_ += "}\n\n";
  }

  void WriteCommonType(const schema_ast::CommonTypeDecl& decl) {
    WriteAnnotations(decl.annotations);
    out_ += fmt::format("type {} = ", Text(decl.name.text));
    WriteType(decl.type, Reference::Any);
    out_ += ";\n\n";
  }

  void WriteEntity(const schema_ast::EntityDecl& decl) {
    WriteAnnotations(decl.annotations);
    out_ += "entity ";
    WriteList(decl.names, [&](const Name& name) { out_ += Text(name.text); });
    if (!decl.ids.empty()) {
      out_ += " enum [";
      WriteList(decl.ids, [&](const Name& id) { out_ += QuoteString(Text(id.text)); });
      out_ += ']';
    }
    if (!decl.parents.empty()) WriteNames(" in ", decl.parents);
    if (decl.shape.has_value()) WriteShape(decl);
    if (decl.tags.has_value()) {
      out_ += " tags ";
      WriteType(decl.tags, Reference::Any);
    }
    out_ += ";\n\n";
  }

  void WriteShape(const schema_ast::EntityDecl& decl) {
    const auto& shape = place_.fragment->type(decl.shape);
    if (std::holds_alternative<schema_ast::RecordType>(shape.node)) {
      out_ += ' ';
      WriteType(decl.shape, Reference::Any);
    } else {
      Refuse(shape.span, fmt::format("the shape of `{}`", Text(decl.names.front().text)),
             "in text a shape is a record, not the name of a common type: write the record out");
    }
  }

  void WriteAction(const schema_ast::ActionDecl& decl) {
    WriteAnnotations(decl.annotations);
    out_ += "action ";
    WriteList(decl.names, [&](const Name& name) { WriteKey(name.text); });
    if (!decl.parents.empty()) {
      out_ += " in [";
      WriteList(decl.parents, [&](const schema_ast::ActionRef& parent) {
        if (parent.type.text.has_value()) {
          out_ += fmt::format("{}::{}", Text(parent.type.text), QuoteString(Text(parent.id)));
        } else {
          WriteKey(parent.id);
        }
      });
      out_ += ']';
    }
    WriteAppliesTo(decl.applies_to);
    out_ += ";\n\n";
  }

  void WriteAppliesTo(const schema_ast::AppliesTo& applies_to) {
    if (applies_to.principals.empty() || applies_to.resources.empty()) return;
    WriteNames(" appliesTo { principal: ", applies_to.principals);
    WriteNames(", resource: ", applies_to.resources);
    if (applies_to.context.has_value()) {
      out_ += ", context: ";
      WriteType(applies_to.context, Reference::Common);
    }
    out_ += " }";
  }

  template <typename T, typename WriteOne>
  void WriteList(const std::vector<T>& list, WriteOne write_one) {
    for (const T& item : list) {
      if (&item != &list.front()) out_ += ", ";
      write_one(item);
    }
  }

  // Entity types, which text looks up as such here.
  void WriteNames(std::string_view before, const std::vector<Name>& names) {
    out_ += before;
    if (names.size() > 1) out_ += '[';
    WriteList(names, [&](const Name& name) { out_ += Text(name.text); });
    if (names.size() > 1) out_ += ']';
  }

  void WriteKey(SymbolId key) {
    const auto text = Text(key);
    out_ += IsIdentifier(text) ? std::string{text} : QuoteString(text);
  }

  void WriteAnnotations(const std::vector<Annotation>& annotations) {
    for (const auto& [key, value, span] : annotations) {
      out_ += '@';
      out_ += Text(key);
      if (value) out_ += fmt::format("({})", QuoteString(Text(*value)));
      out_ += '\n';
    }
  }

  // `understood` is how text looks names up where this type stands. Recursion is as deep as the source was nested.
  void WriteType(TypeExprId id, Reference understood) {
    const auto& expr = place_.fragment->type(id);
    std::visit([&](const auto& node) { WriteNode(node, expr.span, understood); }, expr.node);
  }

  void WriteNode(const schema_ast::NamedType& type, Span span, Reference understood) {
    const auto name = Text(type.name.text);
    const auto meant = definitions_.Find(type.name.text, place_.name_space, type.reference);
    if (type.reference == understood || SameThing(meant, definitions_.Find(type.name.text, place_.name_space, understood))) {
      out_ += name;
    } else if (const auto* kind = meant ? std::get_if<Kind>(&*meant) : nullptr) {
      out_ += fmt::format("__cedar::{}", BuiltinName(*kind));
    } else {
      Refuse(span, fmt::format("this `{}`", name), "an entity type and a common type have this name, and text would take the common type");
    }
  }

  void WriteNode(const schema_ast::BuiltinType& type, Span, Reference) {
    const auto name = BuiltinName(type.kind);
    const auto found = definitions_.Find(interner_.Intern(name), place_.name_space, Reference::Any);
    const auto* kind = found ? std::get_if<Kind>(&*found) : nullptr;
    out_ += kind != nullptr && *kind == type.kind ? std::string{name} : fmt::format("__cedar::{}", name);
  }

  void WriteNode(const schema_ast::SetType& type, Span, Reference) {
    out_ += "Set<";
    WriteType(type.element, Reference::Any);
    out_ += '>';
  }

  void WriteNode(const schema_ast::RecordType& type, Span, Reference) {
    const auto attributes = EffectiveAttributes(type);
    out_ += "{ ";
    WriteList(attributes, [&](const Attribute* attribute) {
      WriteAnnotations(attribute->annotations);
      WriteKey(attribute->name.text);
      out_ += attribute->required ? ": " : "?: ";
      WriteType(attribute->type, Reference::Any);
    });
    out_ += " }";
  }

  void Refuse(Span span, const std::string& what, std::string help) {
    context_.sink.Report(DiagnosticCode::SchemaNoTextForm, span, what).help = std::move(help);
    has_errors_ = true;
  }

  const Definitions& definitions_;
  ParseContext& context_;
  Interner& interner_;
  SchemaPlace place_ = {};  // of the part that is being written
  std::string out_;
  bool has_errors_ = false;
};

}  // namespace

auto SchemaToText(const std::vector<MergedNamespace>& schema, const Definitions& definitions, ParseContext& context)
    -> std::optional<std::string> {
  return TextWriter(definitions, context).Write(schema);
}

}  // namespace remit
