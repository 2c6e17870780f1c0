// The syntax tree of a schema: what both of Cedar's schema syntaxes say, before any name is resolved.
//
// Names are as written; type expressions live in one vector per fragment and refer to each other by id, the inner before the
// outer. Both readers make it, the resolver reads it. The tempting alternative, resolving while reading, cannot see that a name
// is declared further down or in another file.
#pragma once

#include <variant>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/source_file.h"
#include "runtime/base/interner.h"
#include "runtime/value/value.h"

namespace remit::schema_ast {

using TypeExprId = Id<struct TypeExprTag>;
using ast::Annotation;

// `A::B`, without white space.
struct Name {
  SymbolId text;
  Span span;
};

// ---- types ---------------------------------------------------------------------------------------------------------

// What a name may stand for. Text says `Any`, but for a context (`Common`) and for `in` and `appliesTo` (`Entity`).
enum class Reference : uint8_t { Entity, Common, Any };

struct NamedType {
  Reference reference;
  Name name;
};
// JSON's `Long`, `String`, `Boolean`, `Extension`: no declaration can shadow them.
struct BuiltinType {
  Kind kind;
};
struct SetType {
  TypeExprId element;
};
struct Attribute {
  Name name;
  bool required = true;
  TypeExprId type;
  std::vector<Annotation> annotations = {};
};
// Of two attributes of one name the last counts, as in Cedar.
struct RecordType {
  std::vector<Attribute> attributes;
};

struct TypeExpr {
  Span span;
  std::variant<NamedType, BuiltinType, SetType, RecordType> node;
};

// ---- declarations --------------------------------------------------------------------------------------------------

struct EntityDecl {
  std::vector<Name> names;        // at least one
  std::vector<Name> parents = {};
  TypeExprId shape = {};          // none: no attributes
  TypeExprId tags = {};           // none: no tags
  std::vector<Name> ids = {};     // not empty: an enumerated type
  std::vector<Annotation> annotations = {};
  Span span = {};
};

struct CommonTypeDecl {
  Name name;
  TypeExprId type;
  std::vector<Annotation> annotations = {};
  Span span = {};
};

// `b`, or `N::Action::"b"`. Without a type it is an `Action` of this namespace or of the unnamed one.
struct ActionRef {
  Name type;  // `text` may be none
  SymbolId id;
  Span span;
};

struct AppliesTo {
  std::vector<Name> principals;
  std::vector<Name> resources;
  TypeExprId context;  // none: an empty record
};

struct ActionDecl {
  std::vector<Name> names;    // at least one; ids, not identifiers
  std::vector<ActionRef> parents = {};
  AppliesTo applies_to = {};  // empty lists: a group, never requested itself
  std::vector<Annotation> annotations = {};
  Span span = {};
};

struct Namespace {
  Name name;  // `text` none: the unnamed namespace
  std::vector<EntityDecl> entities = {};
  std::vector<CommonTypeDecl> common_types = {};
  std::vector<ActionDecl> actions = {};
  std::vector<Annotation> annotations = {};
};

// One file. Each name has one namespace, the unnamed one at most one too.
struct Fragment {
  std::vector<TypeExpr> types;
  std::vector<Namespace> namespaces;

  auto type(TypeExprId id) const -> const TypeExpr& { return types[id.value]; }
  auto Add(TypeExpr type) -> TypeExprId {
    types.push_back(std::move(type));
    return {static_cast<uint32_t>(types.size() - 1)};
  }
};

}  // namespace remit::schema_ast
