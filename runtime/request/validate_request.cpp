#include "runtime/request/validate_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_value.h"

namespace remit {
namespace {

auto AtPointer(Expected<void> checked, std::string_view pointer) -> Expected<void> {
  if (!checked) checked.error().pointer = std::string(pointer) + checked.error().pointer;
  return checked;
}

// Of the principal or the resource.
auto CheckType(const Schema& schema, const Interner& interner, SymbolId type, std::string_view role) -> Expected<void> {
  if (schema.FindEntityType(type) != nullptr) return {};
  return Fail("undeclared-entity-type",
              fmt::format("{} type `{}` is not declared in the schema", role, ClipText(std::string(interner.text(type)))),
              SuggestEntityType(schema, type, interner));
}

auto CheckEntity(const Schema& schema, const Interner& interner, EntityUid uid, std::string_view role) -> Expected<void> {
  const auto type = CheckType(schema, interner, uid.type, role);
  return type ? ValidateUid(schema, interner, uid) : type;
}

auto CheckApplies(const Interner& interner, SymbolId type, const std::vector<SymbolId>& types, const ActionDecl& action,
                  std::string_view role) -> Expected<void> {
  if (std::ranges::binary_search(types, type)) return {};
  const auto name = FormatEntityUid(action.uid, interner);
  return Fail(fmt::format("{}-not-applicable", role), fmt::format("{} type `{}` is not valid for `{}`", role, interner.text(type), name),
              types.empty()
                  ? fmt::format("`{}` is declared without `appliesTo`: it groups other actions and is never requested itself", name)
                  : fmt::format("valid {} types for `{}`: {}", role, name, ListNames(types, interner)));
}

// The usual request: declared types that may have any id, an action that applies to them, and the context that it declares. Three lookups and one pass say
// so; whether and why another request is refused takes more.
auto IsPlainlyValid(const Schema& schema, const Interner& interner, const Request& request) -> bool {
  const auto* principal = schema.FindEntityType(request.principal.type);
  const auto* resource = schema.FindEntityType(request.resource.type);
  const auto* action = schema.FindAction(request.action);
  return principal != nullptr && resource != nullptr && action != nullptr && principal->enumerated_ids.empty() &&
         resource->enumerated_ids.empty() && std::ranges::binary_search(action->principal_types, request.principal.type) &&
         std::ranges::binary_search(action->resource_types, request.resource.type) &&
         ValidateRecord(schema, interner, request.context, schema.type(action->context)).has_value();
}

}  // namespace

auto RequireAction(const Schema& schema, const Interner& interner, EntityUid action) -> Expected<const ActionDecl*> {
  if (const auto* decl = schema.FindAction(action)) return decl;
  return Fail("undeclared-action", fmt::format("action `{}` is not declared in the schema", ClipText(FormatEntityUid(action, interner))),
              SuggestAction(schema, action, interner));
}

auto ValidateContext(const Schema& schema, const Interner& interner, EntityUid action, RecordView context) -> Expected<void> {
  const auto decl = RequireAction(schema, interner, action);
  if (!decl) return std::unexpected(decl.error());
  auto checked = ValidateRecord(schema, interner, context, schema.type((*decl)->context));
  if (!checked)
    checked.error().message =
        fmt::format("the context does not conform to that of `{}`: {}", FormatEntityUid(action, interner), checked.error().message);
  return checked;
}

auto ValidateRequestTypes(const Schema& schema, const Interner& interner, SymbolId principal, EntityUid action, SymbolId resource)
    -> Expected<void> {
  if (auto declared = CheckType(schema, interner, principal, "principal"); !declared) return AtPointer(declared, "/principal");
  if (auto declared = CheckType(schema, interner, resource, "resource"); !declared) return AtPointer(declared, "/resource");
  const auto decl = RequireAction(schema, interner, action);
  if (!decl) return AtPointer(std::unexpected(decl.error()), "/action");
  auto applies = CheckApplies(interner, principal, (*decl)->principal_types, **decl, "principal");
  if (!applies) return AtPointer(applies, "/principal");
  applies = CheckApplies(interner, resource, (*decl)->resource_types, **decl, "resource");
  return AtPointer(applies, "/resource");
}

auto ValidateRequest(const Schema& schema, const Interner& interner, const Request& request) -> Expected<void> {
  if (IsPlainlyValid(schema, interner, request)) return {};
  if (auto principal = CheckEntity(schema, interner, request.principal, "principal"); !principal) return AtPointer(principal, "/principal");
  if (auto resource = CheckEntity(schema, interner, request.resource, "resource"); !resource) return AtPointer(resource, "/resource");
  auto types = ValidateRequestTypes(schema, interner, request.principal.type, request.action, request.resource.type);
  if (!types) return types;
  return AtPointer(ValidateContext(schema, interner, request.action, request.context), "/context");
}

}  // namespace remit
