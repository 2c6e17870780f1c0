// Type expressions to the runtime's types.
//
// A common type is built once and shared by all who name it, so the result is as large as the text, however often types are
// used; equal primitive and entity types are one type. Depth is counted through names: who reads values with these types may
// recurse.
#pragma once

#include <map>
#include <unordered_map>

#include "compiler/schema/definitions.h"
#include "runtime/entity/schema.h"

namespace remit {

// Of two attributes of one name, the last; in the order of their first mention.
auto EffectiveAttributes(const schema_ast::RecordType& record) -> std::vector<const schema_ast::Attribute*>;

class TypeBuilder {
 public:
  TypeBuilder(const Definitions& definitions, ParseContext& context, Schema& schema)
      : definitions_(definitions), context_(context), schema_(schema), common_(definitions.common_types().size()) {}

  // Builds a declared common type. Those it refers to have been built before.
  void BuildCommonType(uint32_t index);
  // Errors are reported and give a type in whose place no further error is reported.
  auto Build(schema_ast::TypeExprId id, SchemaPlace place) -> TypeId;
  auto EmptyRecord() -> TypeId;

  // The declared entity type a name stands for. None: reported.
  auto ResolveEntity(const schema_ast::Name& name, SymbolId name_space) -> SymbolId;

  auto has_errors() const -> bool { return has_errors_; }

 private:
  auto BuildNode(const schema_ast::NamedType& type, Span span, SchemaPlace place) -> TypeId;
  auto BuildNode(const schema_ast::BuiltinType& type, Span span, SchemaPlace place) -> TypeId;
  auto BuildNode(const schema_ast::SetType& type, Span span, SchemaPlace place) -> TypeId;
  auto BuildNode(const schema_ast::RecordType& type, Span span, SchemaPlace place) -> TypeId;

  auto Primitive(Kind kind) -> TypeId;
  auto ErrorType() -> TypeId { return EmptyRecord(); }  // a record, which may stand everywhere
  auto EntityType(SymbolId name) -> TypeId;
  auto Add(Type type, uint32_t depth, Span span) -> TypeId;
  void ReportUnknown(const schema_ast::Name& name, SymbolId name_space, schema_ast::Reference reference);

  const Definitions& definitions_;
  ParseContext& context_;
  Schema& schema_;
  std::vector<TypeId> common_;            // parallel to definitions' common types
  std::vector<uint32_t> depths_;          // parallel to `schema_.types`
  std::map<Kind, TypeId> primitives_;
  std::unordered_map<SymbolId, TypeId> entity_types_;
  TypeId empty_record_;
  bool has_errors_ = false;
};

}  // namespace remit
