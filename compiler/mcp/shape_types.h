// Shapes to types: the rules of the mapping, one function each.
#pragma once

#include <unordered_map>

#include "compiler/mcp/references.h"
#include "compiler/mcp/schema_builder.h"
#include "compiler/mcp/shared_types.h"
#include "compiler/mcp/tool_schema.h"

namespace remit::mcp {

class ShapeTypes {
 public:
  ShapeTypes(const Manifest& manifest, const SchemaOptions& options, const References& references, TypeNames& names, SchemaBuilder& builder)
      : manifest_(manifest),
        options_(options),
        references_(references),
        names_(names),
        builder_(builder),
        entity_types_(manifest.shapes.size()) {}

  auto shared() -> SharedTypes& { return shared_; }
  auto entity_types() && -> std::vector<std::string> { return std::move(entity_types_); }

  // The types of definitions. All get their names before any of them is made, for they may refer to each other.
  void NameDefinitions(const std::vector<Definition>& definitions, const std::string& name_space);
  void MakeDefinitions(const std::vector<Definition>& definitions, const std::string& name_space);

  // A record of what a tool takes or gives.
  auto RecordOf(const std::vector<Property>& properties, const std::string& name_space) -> schema_ast::TypeExprId;
  void MakeShared(const SharedTypes::Shared& shared);
  auto notes(const std::vector<Note>& notes) -> std::vector<ast::Annotation>;

 private:
  // `name`: what a type made for this shape is called in `name_space`; `own`: the name it has already.
  auto TypeOf(ShapeId id, const std::string& name, const std::string& name_space, const TypeName* own = nullptr) -> schema_ast::TypeExprId;
  auto OpaqueType(const std::string& name) -> schema_ast::TypeExprId;
  auto EnumType(ShapeId id, const std::string& name, const std::string& name_space, const TypeName* own) -> schema_ast::TypeExprId;
  auto ObjectType(ShapeId id, const std::string& name, const std::string& name_space, const TypeName* own) -> schema_ast::TypeExprId;
  auto ChoiceType(ShapeId id, const std::string& name, const std::string& name_space) -> schema_ast::TypeExprId;
  auto ReferenceType(ShapeId id) -> schema_ast::TypeExprId;
  auto IsRecord(ShapeId id) const -> bool;

  const Manifest& manifest_;
  const SchemaOptions& options_;
  const References& references_;
  TypeNames& names_;
  SchemaBuilder& builder_;
  SharedTypes shared_ = {};
  std::vector<std::string> entity_types_;
  std::unordered_map<uint32_t, TypeName> definition_types_ = {};  // by shape
};

}  // namespace remit::mcp
