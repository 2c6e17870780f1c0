// What could be written instead, where a type does not fit.
#include "compiler/check/expr_checker.h"
#include "stdlib/builtin.h"

namespace remit::check {
namespace {

// `ip`, which makes an ipaddr; null for types that no function makes of text.
auto ConstructorOf(Kind kind) -> const BuiltinInfo* {
  for (const auto& builtin : AllBuiltins()) {
    if (builtin.is_constructor && builtin.signature.result == kind) return &builtin;
  }
  return nullptr;
}

}  // namespace

auto ExprChecker::HelpForSearch(TypeKind found) -> std::string_view {
  if (found == TypeKind::Set) return "`.contains(..)` asks for an element of a set";
  return found == TypeKind::String ? "`like` or `.containsText(..)` look inside a text" : "";
}

auto ExprChecker::HelpForType(ast::ExprId place, TypeRef wanted, TypeRef found) -> std::string {
  const Type& want = types().at(wanted);
  const Type& have = types().at(found);
  const auto text = TextOf(place);
  const bool is_text = std::holds_alternative<ast::StringLit>(node(place));
  if (want.kind == TypeKind::Extension && have.kind == TypeKind::String) {
    const auto* constructor = ConstructorOf(want.extension);
    if (constructor == nullptr) return {};
    return is_text && !text.empty() ? fmt::format("write `{}({})`", constructor->name, text)
                                    : fmt::format("`{}(\"..\")` makes one of text", constructor->name);
  }
  if (want.kind == TypeKind::Extension && want.extension == Kind::Decimal && have.kind == TypeKind::Long) {
    const bool is_number = std::holds_alternative<ast::LongLit>(node(place));
    return is_number && !text.empty() ? fmt::format("write `decimal(\"{}.0\")`", text) : "a Long is not a decimal";
  }
  if (types().IsBool(wanted))
    return have.kind == TypeKind::Long ? "compare it with something, as in `> 0`" : "a condition is something that is true or false";
  if (want.kind == TypeKind::Long && is_text) return "a number is written without quotes";
  if (want.kind == TypeKind::String && std::holds_alternative<ast::LongLit>(node(place))) return "text is written in quotes";
  if (want.kind == TypeKind::String && have.kind == TypeKind::Set) return "`.any(x, ..)` asks about each element";
  if (want.kind == TypeKind::AnySet && have.kind == TypeKind::String) return "`[..]` makes a set";
  if (want.kind == TypeKind::AnyEntity && have.kind == TypeKind::String) return "an entity is written `Type::\"id\"`";
  return {};
}

auto ExprChecker::HelpForMismatch(ast::ExprId place, TypeRef a, TypeRef b, Mismatch reason) -> std::string {
  switch (reason) {
    case Mismatch::EntityRecord: return "an entity is not a record, even if it has the same attributes";
    case Mismatch::EntityTypes: return "strict checking wants entities of one type here; `--mode permissive` does not";
    case Mismatch::RecordWidth: return "both records need the same attributes";
    case Mismatch::AttributeQualifier: return "an attribute is optional in one of them and required in the other";
    case Mismatch::Kinds: break;
  }
  if (std::holds_alternative<ast::SetLit>(node(place))) return "all elements of a set have one type";
  if (std::holds_alternative<ast::If>(node(place))) return "both branches of an `if` have one type";
  const auto* binary = std::get_if<ast::Binary>(&node(place));
  if (binary == nullptr) return {};
  if (kind(a) == TypeKind::Set && kind(b) != TypeKind::Set) return "`.contains(..)` asks for an element of a set";
  auto help = HelpForType(binary->right, a, b);
  if (help.empty()) help = HelpForType(binary->left, b, a);
  return help.empty() ? "values of different types are never equal" : help;
}

}  // namespace remit::check
