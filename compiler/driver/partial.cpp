#include "compiler/driver/partial.h"

#include <fmt/format.h>

#include "compiler/driver/check.h"
#include "runtime/base/text.h"
#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/entity_uid_text.h"
#include "runtime/request/partial_context.h"
#include "runtime/request/validate_request.h"

namespace remit {
namespace {

auto At(Error error, std::string_view place) -> std::unexpected<Error> {
  error.pointer = std::string(place) + error.pointer;
  return std::unexpected(std::move(error));
}

class InputReader {
 public:
  InputReader(const Schema& schema, Interner& interner) : schema_(schema), interner_(interner) {}

  auto ReadAction(const std::string& text) -> Expected<const ActionDecl*> {
    const auto uid = ParseEntityUidText(text, interner_);
    if (!uid) return At(uid.error(), "/action");
    const auto decl = RequireAction(schema_, interner_, *uid);
    if (!decl) return At(decl.error(), "/action");
    return decl;
  }

  auto ReadEntity(const std::string& entity, const std::string& type, const std::vector<SymbolId>& applicable, std::string_view role)
      -> Expected<partial::PartialUid> {
    const auto place = fmt::format("/{}", role);
    if (!entity.empty()) {
      const auto uid = ParseEntityUidText(entity, interner_);
      if (!uid) return At(uid.error(), place);
      if (const auto valid = ValidateUid(schema_, interner_, *uid); !valid) return At(valid.error(), place);
      return partial::PartialUid::Of(*uid);
    }
    if (!type.empty()) return partial::PartialUid{.type = interner_.Intern(type)};
    if (applicable.size() == 1) return partial::PartialUid{.type = applicable[0]};
    Error error = {
        .code = "missing-type", .message = fmt::format("which type of {} is meant has to be said", role), .pointer = place, .help = {}};
    if (!applicable.empty()) error.help = fmt::format("the action applies to {}", ListNames(applicable, interner_));
    return std::unexpected(std::move(error));
  }

 private:
  const Schema& schema_;
  Interner& interner_;
};

auto ReadContextInput(const PartialInput& input, const ActionDecl& action, const Schema& schema, Interner& interner, Arena& arena,
                      const Limits& limits) -> Expected<partial::PartialContext> {
  if (input.context.empty() && input.unknown_context.empty()) return partial::UnknownContext(schema, action);
  partial::PartialContext context;
  for (const auto& name : input.unknown_context) context.unknown.push_back(interner.Intern(name));
  const std::string_view json = input.context.empty() ? "{}" : std::string_view(input.context);
  const auto known = ReadPartialContext(json, context.unknown, action.uid, interner, arena, {.limits = limits, .schema = &schema});
  if (!known) return At(known.error(), "/context");
  context.known = *known;
  return context;
}

}  // namespace

auto ReadPartialRequest(const PartialInput& input, const Schema& schema, Interner& interner, Arena& arena, const Limits& limits)
    -> Expected<partial::PartialRequest> {
  InputReader reader(schema, interner);
  const auto action = reader.ReadAction(input.action);
  if (!action) return std::unexpected(action.error());
  const auto principal = reader.ReadEntity(input.principal, input.principal_type, (*action)->principal_types, "principal");
  if (!principal) return std::unexpected(principal.error());
  const auto resource = reader.ReadEntity(input.resource, input.resource_type, (*action)->resource_types, "resource");
  if (!resource) return std::unexpected(resource.error());
  const auto types = ValidateRequestTypes(schema, interner, principal->type, (*action)->uid, resource->type);
  if (!types) return std::unexpected(types.error());
  const auto context = ReadContextInput(input, **action, schema, interner, arena, limits);
  if (!context) return std::unexpected(context.error());
  return partial::PartialRequest{.principal = *principal, .action = (*action)->uid, .resource = *resource, .context = *context};
}

auto CheckForPartial(CompileJob& job, const Schema& schema, const std::vector<std::string>& ids) -> std::unique_ptr<check::TypedPolicySet> {
  if (!CheckLinks(job, ids)) return nullptr;
  auto typed = std::make_unique<check::TypedPolicySet>(job.ast, ids, schema, job.sources, job.interner, check::CheckOptions{}, job.sink);
  return typed->ok() ? std::move(typed) : nullptr;
}

auto ListNotConsidered(const CompileJob& job, const std::vector<std::string>& ids, const partial::PartialEvaluator& evaluator)
    -> std::vector<NotConsidered> {
  std::vector<NotConsidered> list;
  for (const uint32_t i : evaluator.not_considered()) {
    list.push_back({.id = ids[i], .kind = std::string(ast::StatementKeyword(job.ast.statements[i]))});
  }
  return list;
}

}  // namespace remit
