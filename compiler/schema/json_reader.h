// Cedar's JSON schema format to the schema's syntax tree.
//
// Strict as Cedar is: unknown and duplicate keys, `null` where a value belongs and names that are not normalised are errors.
#pragma once

#include <initializer_list>
#include <optional>

#include "compiler/schema/ast.h"
#include "compiler/schema/json_tree.h"

namespace remit {

// None if there was an error.
auto ReadJsonSchema(FileId file, ParseContext& context) -> std::optional<schema_ast::Fragment>;

class JsonSchemaReader {
 public:
  explicit JsonSchemaReader(ParseContext& context) : context_(context) {}

  auto Read(const JsonNode& root) -> std::optional<schema_ast::Fragment>;

 private:
  using Keys = std::initializer_list<std::string_view>;
  using Annotations = std::vector<schema_ast::Annotation>;

  // Declarations: json_reader.cpp
  void ReadNamespace(const JsonMember& member);
  auto ReadEntity(const JsonMember& member) -> schema_ast::EntityDecl;
  void ReadEnumeration(const JsonNode& node, schema_ast::EntityDecl& decl);
  auto ReadCommonType(const JsonMember& member) -> schema_ast::CommonTypeDecl;
  auto ReadAction(const JsonMember& member) -> schema_ast::ActionDecl;
  auto ReadActionRef(const JsonNode& node) -> schema_ast::ActionRef;
  auto ReadAppliesTo(const JsonNode& node) -> schema_ast::AppliesTo;

  // Types: json_types.cpp. `beside` are the keys that stand beside a type's own and belong to somebody else.
  auto ReadType(const JsonNode& node, Keys beside = {}) -> schema_ast::TypeExprId;
  auto ReadTypeNode(std::string_view type, const JsonNode& node, Keys beside) -> std::optional<schema_ast::TypeExpr>;
  auto ReadRecord(const JsonNode& node) -> std::optional<schema_ast::RecordType>;
  auto ReadExtension(const JsonNode& node) -> std::optional<schema_ast::BuiltinType>;
  auto ReadNamed(const JsonNode* name, schema_ast::Reference reference) -> std::optional<schema_ast::NamedType>;

  // Parts
  auto ReadNames(const JsonNode* node) -> std::vector<schema_ast::Name>;
  auto ReadName(const JsonNode& node) -> schema_ast::Name;
  auto ReadAnnotations(const JsonNode* node) -> Annotations;
  auto NewName(std::string_view text, Span span) -> schema_ast::Name;
  auto CheckedName(std::string_view text, Span span, bool is_valid, std::string_view what) -> schema_ast::Name;

  // Shape of the document. False (or null): reported.
  auto Is(const JsonNode& node, JsonType type) -> bool;
  auto CheckKeys(const JsonNode& node, Keys known, Keys also = {}) -> bool;
  auto Require(const JsonNode& node, std::string_view key) -> const JsonNode*;

  template <typename... Args>
  auto Report(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    has_errors_ = true;
    return context_.sink.Report(code, span, args...);
  }

  ParseContext& context_;
  schema_ast::Fragment fragment_;
  bool has_errors_ = false;
};

}  // namespace remit
