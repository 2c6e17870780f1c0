#include "compiler/lsp/schema_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/schema/builtin_types.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

constexpr int kDeepest = 64;  // common types that stand for common types

}  // namespace

void Join(Shapes& into, const Shapes& more) {
  for (const auto& each : more) {
    if (std::ranges::find(into, each) == into.end()) into.push_back(each);
  }
}

auto BuiltinName(Kind kind) -> std::string {
  for (const auto& type : BuiltinTypes()) {
    if (type.kind == kind) return std::string(type.name);
  }
  return std::string(KindName(kind));
}

SchemaIndex::SchemaIndex(const ProjectSchema& schema, Interner& interner) : schema_(schema), interner_(interner) {
  for (const auto* fragments : {&schema.fragments, &schema.shipped}) {
    for (const auto& fragment : *fragments) {
      for (const auto& space : fragment.namespaces) Collect(fragment, space);
    }
  }
}

auto SchemaIndex::Qualified(SymbolId name_space, std::string_view name) const -> std::string {
  return name_space.has_value() ? fmt::format("{}::{}", interner_.text(name_space), name) : std::string(name);
}

void SchemaIndex::Collect(const schema_ast::Fragment& fragment, const schema_ast::Namespace& space) {
  const auto name_space = space.name.text;
  for (const auto& entity : space.entities) {
    for (const auto& name : entity.names) {
      entities_.try_emplace(Qualified(name_space, interner_.text(name.text)),
                            EntityEntry{.declaration = &entity, .fragment = &fragment, .name_space = name_space, .span = name.span});
    }
  }
  for (const auto& type : space.common_types) {
    common_.try_emplace(Qualified(name_space, interner_.text(type.name.text)),
                        CommonEntry{.declaration = &type, .fragment = &fragment, .name_space = name_space});
  }
  for (const auto& action : space.actions) {
    for (const auto& name : action.names) {
      actions_.try_emplace(fmt::format("{}::{}", Qualified(name_space, "Action"), QuoteString(interner_.text(name.text))),
                           ActionEntry{.declaration = &action, .fragment = &fragment, .name_space = name_space, .span = name.span});
    }
  }
}

auto SchemaIndex::FullName(std::string_view name, SymbolId name_space, bool wants_common) const -> std::string {
  for (const auto& full : {Qualified(name_space, name), std::string(name)}) {
    if (wants_common ? common_.contains(full) : entities_.contains(full)) return full;
  }
  return {};
}

auto SchemaIndex::Resolve(const schema_ast::Fragment& fragment, schema_ast::TypeExprId type, SymbolId name_space, int depth) const
    -> Shapes {
  if (!type.has_value() || depth > kDeepest) return {};
  const auto& node = fragment.type(type).node;
  if (const auto* builtin = std::get_if<schema_ast::BuiltinType>(&node)) return {{.kind = builtin->kind}};
  if (std::holds_alternative<schema_ast::RecordType>(node))
    return {{.form = Shape::Form::Record, .fragment = &fragment, .type = type, .name_space = name_space}};
  if (std::holds_alternative<schema_ast::SetType>(node))
    return {{.form = Shape::Form::Set, .fragment = &fragment, .type = type, .name_space = name_space}};
  auto name = interner_.text(std::get<schema_ast::NamedType>(node).name.text);
  if (const auto full = FullName(name, name_space, true); !full.empty()) {
    const auto& common = common_.at(full);
    return Resolve(*common.fragment, common.declaration->type, common.name_space, depth + 1);
  }
  if (const auto full = FullName(name, name_space, false); !full.empty()) return {EntityShape(interner_.Intern(full))};
  if (name.starts_with("__cedar::")) name.remove_prefix(9);
  for (const auto& each : BuiltinTypes()) {
    if (each.name == name) return {{.kind = each.kind}};
  }
  return {};
}

auto SchemaIndex::ShapeOf(const schema_ast::Fragment& fragment, schema_ast::TypeExprId type, SymbolId name_space) const -> Shapes {
  return Resolve(fragment, type, name_space, 0);
}

auto SchemaIndex::ContextOf(EntityUid action) const -> Shapes {
  const auto it = actions_.find(FormatEntityUid(action, interner_));
  if (it == actions_.end()) return {};
  return ShapeOf(*it->second.fragment, it->second.declaration->applies_to.context, it->second.name_space);
}

auto SchemaIndex::FieldsOfRecord(const Shape& record) const -> std::vector<Field> {
  std::vector<Field> fields;
  const auto* node = std::get_if<schema_ast::RecordType>(&record.fragment->type(record.type).node);
  for (size_t i = 0; node != nullptr && i < node->attributes.size(); ++i) {
    const auto& attribute = node->attributes[i];
    fields.push_back({.declaration = &attribute, .shapes = ShapeOf(*record.fragment, attribute.type, record.name_space)});
  }
  return fields;
}

auto SchemaIndex::FieldsOf(const Shapes& shapes) const -> std::vector<Field> {
  std::vector<Field> fields;
  const auto add = [&](const Shape& record) {
    for (auto& field : FieldsOfRecord(record)) {
      const bool is_new = std::ranges::find(fields, field.declaration, &Field::declaration) == fields.end();
      if (is_new) fields.push_back(std::move(field));
    }
  };
  for (const auto& shape : shapes) {
    if (shape.form == Shape::Form::Record) add(shape);
    if (shape.form != Shape::Form::Entity) continue;
    const auto it = entities_.find(std::string(interner_.text(shape.entity)));
    if (it == entities_.end()) continue;
    for (const auto& record : ShapeOf(*it->second.fragment, it->second.declaration->shape, it->second.name_space)) {
      if (record.form == Shape::Form::Record) add(record);
    }
  }
  return fields;
}

auto SchemaIndex::FieldsNamed(const Shapes& shapes, SymbolId name) const -> std::vector<Field> {
  auto fields = FieldsOf(shapes);
  std::erase_if(fields, [&](const Field& each) { return each.declaration->name.text != name; });
  return fields;
}

auto SchemaIndex::TagsOf(const Shapes& shapes) const -> Shapes {
  Shapes tags;
  for (const auto& shape : shapes) {
    if (shape.form != Shape::Form::Entity) continue;
    const auto it = entities_.find(std::string(interner_.text(shape.entity)));
    if (it != entities_.end()) Join(tags, ShapeOf(*it->second.fragment, it->second.declaration->tags, it->second.name_space));
  }
  return tags;
}

auto SchemaIndex::ElementsOf(const Shapes& shapes) const -> Shapes {
  Shapes elements;
  for (const auto& shape : shapes) {
    if (shape.form != Shape::Form::Set || shape.fragment == nullptr) continue;
    const auto& set = std::get<schema_ast::SetType>(shape.fragment->type(shape.type).node);
    Join(elements, ShapeOf(*shape.fragment, set.element, shape.name_space));
  }
  return elements;
}

// ---- as text -----------------------------------------------------------------------------------------------------------------

auto SchemaIndex::Describe(const Shape& shape, int depth) const -> std::string {
  switch (shape.form) {
    case Shape::Form::Builtin: return BuiltinName(shape.kind);
    case Shape::Form::Entity: return std::string(interner_.text(shape.entity));
    case Shape::Form::Set: {
      const auto elements = ElementsOf({shape});
      return elements.empty() ? "Set" : fmt::format("Set<{}>", Describe(elements[0], depth + 1));
    }
    case Shape::Form::Record: break;
  }
  if (depth > 3) return "{..}";
  std::string text;
  for (const auto& field : FieldsOfRecord(shape)) {
    const auto name = interner_.text(field.declaration->name.text);
    text += fmt::format("{}{}{}: {}", text.empty() ? "" : ", ", IsIdentifier(name) ? std::string(name) : QuoteString(name),
                        field.declaration->required ? "" : "?", field.shapes.empty() ? "?" : Describe(field.shapes[0], depth + 1));
  }
  return "{" + text + "}";
}

auto SchemaIndex::Describe(const Shapes& shapes) const -> std::string {
  std::string text;
  for (const auto& shape : shapes) {
    const auto each = Describe(shape);
    if (text.find(each) == std::string::npos) text += (text.empty() ? "" : " or ") + each;
  }
  return text;
}

}  // namespace remit::lsp
