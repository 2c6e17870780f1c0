// Declarations of a schema that is being made, by namespace.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/mcp/manifest.h"
#include "compiler/mcp/type_names.h"
#include "compiler/schema/ast.h"

namespace remit::mcp {

class SchemaBuilder {
 public:
  explicit SchemaBuilder(Interner& interner) : interner_(interner) {}

  auto Builtin(Kind kind) -> schema_ast::TypeExprId;
  auto Named(const std::string& full_name, schema_ast::Reference reference) -> schema_ast::TypeExprId;
  auto SetOf(schema_ast::TypeExprId element) -> schema_ast::TypeExprId;
  auto Record(std::vector<schema_ast::Attribute> attributes) -> schema_ast::TypeExprId;
  auto Attribute(std::string_view name, bool required, schema_ast::TypeExprId type) -> schema_ast::Attribute;
  auto Annotation(std::string_view key, std::string_view value) -> ast::Annotation;

  void AddEntity(const TypeName& name, schema_ast::TypeExprId shape, schema_ast::TypeExprId tags = {});
  void AddEnum(const TypeName& name, const std::vector<std::string>& values);
  void AddCommonType(const TypeName& name, schema_ast::TypeExprId type);
  void AddAction(const std::string& name_space, schema_ast::ActionDecl action);
  auto Name(std::string_view text) -> schema_ast::Name { return {.text = interner_.Intern(text), .span = {}}; }

  // Namespaces in order of their names.
  auto Finish() && -> schema_ast::Fragment;

 private:
  auto In(const std::string& name_space) -> schema_ast::Namespace&;

  Interner& interner_;
  schema_ast::Fragment fragment_ = {};
  std::map<std::string, schema_ast::Namespace> namespaces_ = {};
};

}  // namespace remit::mcp
