// ANTLR's tree of one piece to the schema's syntax tree.
#pragma once

#include <optional>

#include "compiler/parse/schema/text_to_cst.h"
#include "compiler/schema/ast.h"

namespace remit {

// Converts the pieces of one file. What a conversion has to refuse is reported, and its result is not used.
class SchemaCstToAst {
 public:
  SchemaCstToAst(const SchemaPieceParser& piece, const SourceManager& sources, Interner& interner, DiagnosticSink& sink,
                 schema_ast::Fragment& fragment)
      : piece_(piece), sources_(sources), interner_(interner), sink_(sink), fragment_(fragment) {}

  // An empty namespace with its name and annotations.
  auto ConvertHead(SchemaParser::NamespaceHeadContext& tree) -> std::optional<schema_ast::Namespace>;
  // Adds the declaration to the namespace. False if there was an error.
  auto ConvertDeclaration(SchemaParser::DeclarationContext& tree, schema_ast::Namespace& into) -> bool;

 private:
  using Annotations = std::vector<schema_ast::Annotation>;
  using Ident = SchemaParser::IdentContext;

  auto ConvertAnnotations(const std::vector<SchemaParser::AnnotationContext*>& trees) -> Annotations;
  auto ConvertEntity(SchemaParser::EntityDeclContext& tree) -> schema_ast::EntityDecl;
  auto ConvertAction(SchemaParser::ActionDeclContext& tree) -> schema_ast::ActionDecl;
  auto ConvertActionRef(SchemaParser::ActionRefContext& tree) -> schema_ast::ActionRef;
  auto ConvertAppliesTo(SchemaParser::AppliesToContext& tree, const schema_ast::Name& action) -> schema_ast::AppliesTo;
  auto ConvertTypeNames(SchemaParser::TypeNamesContext* tree) -> std::vector<schema_ast::Name>;
  auto ConvertType(SchemaParser::TypeContext& tree) -> schema_ast::TypeExprId;
  auto ConvertRecord(SchemaParser::RecordTypeContext& tree) -> schema_ast::TypeExprId;
  auto ConvertNamed(SchemaParser::PathContext& tree, schema_ast::Reference reference) -> schema_ast::TypeExprId;

  // Names. Reserved words are reported.
  auto ConvertPath(const std::vector<Ident*>& idents, Span span) -> schema_ast::Name;
  auto ConvertIdent(Ident& ident) -> schema_ast::Name;
  auto ConvertName(SchemaParser::NameContext& tree) -> schema_ast::Name;
  auto ConvertString(antlr4::tree::TerminalNode& node) -> schema_ast::Name;
  void CheckReserved(std::string_view text, Span span);
  auto TextOf(const antlr4::ParserRuleContext& node) const -> std::string_view { return sources_.text(piece_.SpanOf(node)); }

  template <typename... Args>
  auto Report(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    has_errors_ = true;
    return sink_.Report(code, span, args...);
  }

  const SchemaPieceParser& piece_;
  const SourceManager& sources_;
  Interner& interner_;
  DiagnosticSink& sink_;
  schema_ast::Fragment& fragment_;
  bool has_errors_ = false;
};

}  // namespace remit
