#include "compiler/parse/schema/cst_to_ast.h"

#include <unordered_set>

namespace remit {

using schema_ast::ActionDecl;
using schema_ast::ActionRef;
using schema_ast::Attribute;
using schema_ast::EntityDecl;
using schema_ast::Name;
using schema_ast::Namespace;
using schema_ast::Reference;
using schema_ast::TypeExprId;

auto SchemaCstToAst::ConvertHead(SchemaParser::NamespaceHeadContext& tree) -> std::optional<Namespace> {
  Namespace result = {.name = ConvertPath(tree.path()->ident(), piece_.SpanOf(*tree.path())),
                      .annotations = ConvertAnnotations(tree.annotation())};
  if (has_errors_) return std::nullopt;
  return result;
}

auto SchemaCstToAst::ConvertDeclaration(SchemaParser::DeclarationContext& tree, Namespace& into) -> bool {
  auto annotations = ConvertAnnotations(tree.annotation());
  if (auto* entity = tree.entityDecl()) {
    auto decl = ConvertEntity(*entity);
    decl.annotations = std::move(annotations);
    if (!has_errors_) into.entities.push_back(std::move(decl));
  } else if (auto* action = tree.actionDecl()) {
    auto decl = ConvertAction(*action);
    decl.annotations = std::move(annotations);
    if (!has_errors_) into.actions.push_back(std::move(decl));
  } else {
    auto* common = tree.typeDecl();
    const Name name = ConvertIdent(*common->ident());
    const TypeExprId type = ConvertType(*common->type());
    if (!has_errors_) {
      into.common_types.push_back({.name = name, .type = type, .annotations = std::move(annotations), .span = piece_.SpanOf(*common)});
    }
  }
  return !has_errors_;
}

auto SchemaCstToAst::ConvertAnnotations(const std::vector<SchemaParser::AnnotationContext*>& trees) -> Annotations {
  Annotations annotations;
  std::unordered_set<SymbolId> seen;
  for (auto* tree : trees) {
    const Span key_span = piece_.SpanOf(*tree->ident());
    const SymbolId key = interner_.Intern(sources_.text(key_span));  // any word, reserved ones too
    std::optional<SymbolId> value;
    if (auto* text = tree->STRING()) value = ConvertString(*text).text;
    if (!seen.insert(key).second) Report(DiagnosticCode::SchemaDuplicateAnnotation, key_span, interner_.text(key));
    annotations.push_back({.key = key, .value = value, .span = piece_.SpanOf(*tree)});
  }
  return annotations;
}

auto SchemaCstToAst::ConvertEntity(SchemaParser::EntityDeclContext& tree) -> EntityDecl {
  EntityDecl decl = {.names = {}, .span = piece_.SpanOf(tree)};
  for (auto* ident : tree.ident()) decl.names.push_back(ConvertIdent(*ident));
  if (auto* enumeration = tree.enumeration()) {
    for (auto* id : enumeration->STRING()) decl.ids.push_back(ConvertString(*id));
    return decl;
  }
  auto& shape = *tree.shape();
  if (auto* parents = shape.typeNames()) decl.parents = ConvertTypeNames(parents);
  if (auto* record = shape.recordType()) decl.shape = ConvertRecord(*record);
  if (auto* tags = shape.type()) decl.tags = ConvertType(*tags);
  return decl;
}

auto SchemaCstToAst::ConvertAction(SchemaParser::ActionDeclContext& tree) -> ActionDecl {
  ActionDecl decl = {.names = {}, .span = piece_.SpanOf(tree)};
  for (auto* name : tree.name()) decl.names.push_back(ConvertName(*name));
  if (auto* parents = tree.actionRefs()) {
    for (auto* parent : parents->actionRef()) decl.parents.push_back(ConvertActionRef(*parent));
  }
  if (auto* applies_to = tree.appliesTo()) decl.applies_to = ConvertAppliesTo(*applies_to, decl.names.front());
  return decl;
}

// `b`, `"b"`, `Action::"b"`.
auto SchemaCstToAst::ConvertActionRef(SchemaParser::ActionRefContext& tree) -> ActionRef {
  const Span span = piece_.SpanOf(tree);
  auto* string = tree.STRING();
  const auto idents = tree.ident();
  if (string == nullptr) return {.type = {}, .id = ConvertIdent(*idents[0]).text, .span = span};
  const SymbolId id = ConvertString(*string).text;
  if (idents.empty()) return {.type = {}, .id = id, .span = span};
  return {.type = ConvertPath(idents, Cover(piece_.SpanOf(*idents.front()), piece_.SpanOf(*idents.back()))), .id = id, .span = span};
}

// Each clause at most once; principal and resource are required and not empty.
auto SchemaCstToAst::ConvertAppliesTo(SchemaParser::AppliesToContext& tree, const Name& action) -> schema_ast::AppliesTo {
  schema_ast::AppliesTo result;
  bool has_principal = false;
  bool has_resource = false;
  bool has_context = false;
  const auto action_name = interner_.text(action.text);
  const auto claim = [&](bool& seen, std::string_view what, SchemaParser::AppliesToClauseContext& clause) {
    if (seen) Report(DiagnosticCode::SchemaDuplicateClause, piece_.SpanOf(clause), what, action_name);
    seen = true;
  };
  const auto convert_types = [&](SchemaParser::AppliesToClauseContext& clause, std::string_view what) {
    auto types = ConvertTypeNames(clause.typeNames());
    if (types.empty()) {
      Report(DiagnosticCode::SchemaEmptyClause, piece_.SpanOf(clause), what, action_name).help =
          "leave `appliesTo` out for a group of actions that is never requested itself";
    }
    return types;
  };
  for (auto* clause : tree.appliesToClause()) {
    if (clause->PRINCIPAL() != nullptr) {
      claim(has_principal, "principal", *clause);
      result.principals = convert_types(*clause, "principal");
    } else if (clause->RESOURCE() != nullptr) {
      claim(has_resource, "resource", *clause);
      result.resources = convert_types(*clause, "resource");
    } else {
      claim(has_context, "context", *clause);
      result.context = clause->path() != nullptr ? ConvertNamed(*clause->path(), Reference::Common) : ConvertRecord(*clause->recordType());
    }
  }
  for (const auto& [seen, what] : {std::pair{has_principal, "principal"}, std::pair{has_resource, "resource"}}) {
    if (!seen) {
      Report(DiagnosticCode::SchemaMissingClause, piece_.SpanOf(tree), what, action_name).help = fmt::format("add `{}: [..]`", what);
    }
  }
  return result;
}

auto SchemaCstToAst::ConvertTypeNames(SchemaParser::TypeNamesContext* tree) -> std::vector<Name> {
  std::vector<Name> names;
  for (auto* path : tree->path()) names.push_back(ConvertPath(path->ident(), piece_.SpanOf(*path)));
  return names;
}

// Recursion is bounded by the scanner's limit on nesting.
auto SchemaCstToAst::ConvertType(SchemaParser::TypeContext& tree) -> TypeExprId {
  if (auto* record = tree.recordType()) return ConvertRecord(*record);
  if (auto* path = tree.path()) return ConvertNamed(*path, Reference::Any);
  const TypeExprId element = ConvertType(*tree.type());
  return fragment_.Add({.span = piece_.SpanOf(tree), .node = schema_ast::SetType{element}});
}

auto SchemaCstToAst::ConvertRecord(SchemaParser::RecordTypeContext& tree) -> TypeExprId {
  schema_ast::RecordType record;
  for (auto* attribute : tree.attribute()) {
    auto annotations = ConvertAnnotations(attribute->annotation());
    const Name name = ConvertName(*attribute->name());
    const TypeExprId type = ConvertType(*attribute->type());
    record.attributes.push_back({.name = name, .required = !attribute->optional, .type = type, .annotations = std::move(annotations)});
  }
  return fragment_.Add({.span = piece_.SpanOf(tree), .node = std::move(record)});
}

auto SchemaCstToAst::ConvertNamed(SchemaParser::PathContext& tree, Reference reference) -> TypeExprId {
  const Name name = ConvertPath(tree.ident(), piece_.SpanOf(tree));
  return fragment_.Add({.span = name.span, .node = schema_ast::NamedType{.reference = reference, .name = name}});
}

}  // namespace remit
