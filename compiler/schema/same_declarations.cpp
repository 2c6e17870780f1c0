// Syntax trees, spans aside.
#include <algorithm>

#include "compiler/schema/same_meaning.h"

namespace remit {
namespace {

using namespace schema_ast;

class DeclarationComparer {
 public:
  DeclarationComparer(const Fragment& a, const Fragment& b) : a_(a), b_(b) {}

  auto Fragments() const -> bool { return All(a_.namespaces, b_.namespaces); }

 private:
  template <typename T>
  auto All(const std::vector<T>& a, const std::vector<T>& b) const -> bool {
    return std::ranges::equal(a, b, [&](const T& x, const T& y) { return Same(x, y); });
  }

  auto Same(const Namespace& a, const Namespace& b) const -> bool {
    return Same(a.name, b.name) && All(a.annotations, b.annotations) && All(a.common_types, b.common_types) &&
           All(a.entities, b.entities) && All(a.actions, b.actions);
  }
  auto Same(const CommonTypeDecl& a, const CommonTypeDecl& b) const -> bool {
    return Same(a.name, b.name) && Same(a.type, b.type) && All(a.annotations, b.annotations);
  }
  auto Same(const EntityDecl& a, const EntityDecl& b) const -> bool {
    return All(a.names, b.names) && All(a.parents, b.parents) && Same(a.shape, b.shape) && Same(a.tags, b.tags) && All(a.ids, b.ids) &&
           All(a.annotations, b.annotations);
  }
  auto Same(const schema_ast::ActionDecl& a, const schema_ast::ActionDecl& b) const -> bool {
    return All(a.names, b.names) && All(a.parents, b.parents) && All(a.applies_to.principals, b.applies_to.principals) &&
           All(a.applies_to.resources, b.applies_to.resources) && Same(a.applies_to.context, b.applies_to.context) &&
           All(a.annotations, b.annotations);
  }
  auto Same(const ActionRef& a, const ActionRef& b) const -> bool { return Same(a.type, b.type) && a.id == b.id; }
  auto Same(const Attribute& a, const Attribute& b) const -> bool {
    return Same(a.name, b.name) && a.required == b.required && Same(a.type, b.type) && All(a.annotations, b.annotations);
  }
  static auto Same(const Name& a, const Name& b) -> bool { return a.text == b.text; }
  static auto Same(const Annotation& a, const Annotation& b) -> bool { return a.key == b.key && a.value == b.value; }

  // Recursion is as deep as the text is nested.
  auto Same(TypeExprId a, TypeExprId b) const -> bool {
    if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
    const auto& x = a_.type(a).node;
    const auto& y = b_.type(b).node;
    return x.index() == y.index() && std::visit([&](const auto& node) { return Same(node, std::get<std::decay_t<decltype(node)>>(y)); }, x);
  }
  static auto Same(const NamedType& a, const NamedType& b) -> bool { return a.reference == b.reference && a.name.text == b.name.text; }
  static auto Same(const BuiltinType& a, const BuiltinType& b) -> bool { return a.kind == b.kind; }
  auto Same(const SetType& a, const SetType& b) const -> bool { return Same(a.element, b.element); }
  auto Same(const RecordType& a, const RecordType& b) const -> bool { return All(a.attributes, b.attributes); }

  const Fragment& a_;
  const Fragment& b_;
};

}  // namespace

auto SameDeclarations(const Fragment& a, const Fragment& b) -> bool { return DeclarationComparer(a, b).Fragments(); }

}  // namespace remit
