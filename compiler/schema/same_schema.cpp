// Resolved schemas. Types are graphs with shared parts, so each pair is compared once.
#include <algorithm>
#include <unordered_set>

#include "compiler/schema/same_meaning.h"

namespace remit {
namespace {

class SchemaComparer {
 public:
  SchemaComparer(const Schema& a, const Schema& b) : a_(a), b_(b) {}

  auto Schemas() -> bool {
    if (a_.entity_types.size() != b_.entity_types.size() || a_.actions.size() != b_.actions.size()) return false;
    const auto same_type = [&](const EntityTypeDecl& type) {
      const auto* other = b_.FindEntityType(type.name);
      return other != nullptr && Same(type, *other);
    };
    const auto same_action = [&](const ActionDecl& action) {
      const auto* other = b_.FindAction(action.uid);
      return other != nullptr && Same(action, *other);
    };
    return std::ranges::all_of(a_.entity_types, same_type) && std::ranges::all_of(a_.actions, same_action);
  }

 private:
  auto Same(const EntityTypeDecl& a, const EntityTypeDecl& b) -> bool {
    return a.parents == b.parents && a.enumerated_ids == b.enumerated_ids && Same(a.attributes, b.attributes) && Same(a.tags, b.tags);
  }

  auto Same(const ActionDecl& a, const ActionDecl& b) -> bool {
    if (a.parents != b.parents) return false;
    const auto is_requested = [](const ActionDecl& action) { return !action.principal_types.empty() && !action.resource_types.empty(); };
    if (!is_requested(a) || !is_requested(b)) return is_requested(a) == is_requested(b);
    return a.principal_types == b.principal_types && a.resource_types == b.resource_types && Same(a.context, b.context);
  }

  // Recursion is bounded by the depth of types, which the resolver limits.
  auto Same(TypeId a, TypeId b) -> bool {
    if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
    if (!compared_.insert((uint64_t{a.value} << 32) | b.value).second) return true;  // or false, and then everything is
    const Type& x = a_.type(a);
    const Type& y = b_.type(b);
    if (x.kind != y.kind || x.entity_type != y.entity_type) return false;
    if (x.kind == Kind::Set) return Same(x.element, y.element);
    return std::ranges::equal(x.fields, y.fields, [&](const TypeField& f, const TypeField& g) {
      return f.key == g.key && f.required == g.required && Same(f.type, g.type);
    });
  }

  const Schema& a_;
  const Schema& b_;
  std::unordered_set<uint64_t> compared_;
};

}  // namespace

auto SameSchema(const Schema& a, const Schema& b) -> bool { return SchemaComparer(a, b).Schemas(); }

}  // namespace remit
