#include "compiler/driver/decide.h"

#include "runtime/eval/interpreter.h"

namespace remit {
namespace {

// What somebody else owns and keeps.
template <typename T>
auto Borrow(T& owned) -> std::shared_ptr<T> {
  return {std::shared_ptr<void>(), &owned};
}

auto MakeEngine(const PolicyEnvironment& environment, const Limits& limits) -> std::unique_ptr<Engine> {
  if (environment.native == nullptr && environment.compiled == nullptr) return nullptr;
  const auto tier = environment.compiled != nullptr ? CodeTier::Never : CodeTier::Eager;
  auto engine = std::make_unique<Engine>(EngineOptions{.tier = tier, .limits = limits}, environment.native, Borrow(environment.interner));
  const auto schema = environment.schema == nullptr ? nullptr : Borrow(*environment.schema);
  engine->PublishPolicies(environment.compiled != nullptr ? environment.compiled
                                                          : std::make_shared<Policies>(Borrow(environment.program), schema));
  engine->PublishEntities(Borrow(environment.entities), schema != nullptr);
  return engine;
}

}  // namespace

RequestDecider::RequestDecider(const PolicyEnvironment& environment, const Limits& limits)
    : environment_(environment), limits_(limits), index_(environment.program), engine_(MakeEngine(environment, limits)) {
  if (engine_ != nullptr) session_.emplace(*engine_);
}

// Entities of the request itself have been validated, too.
auto RequestDecider::UsesTypes(bool is_valid) const -> bool {
  return environment_.use_environments && environment_.schema != nullptr && is_valid;
}

auto RequestDecider::FindEnvironment(const Request& request, bool is_valid) const -> std::optional<uint32_t> {
  if (!UsesTypes(is_valid)) return std::nullopt;
  return index_.Find(request.principal.type, request.action, request.resource.type);
}

auto RequestDecider::Decide(std::string_view json, std::optional<Datetime> now, bool validate, World* world) -> Expected<RequestAnswer> {
  arena_.Reset();
  Interner overlay(&environment_.interner);
  const JsonOptions options{.limits = limits_, .schema = environment_.schema, .validate_request = validate};
  const auto document = ReadRequest(json, overlay, arena_, options, &environment_.entities);
  if (!document) return std::unexpected(document.error());

  const uint64_t interpreted = session_ ? session_->interpreted() : 0;
  const Request& request = document->request;
  const DecideOptions how{.now = now, .world = world, .delegation = document->delegation};
  return RequestAnswer{
      .request_id = document->id,
      .principal = FormatEntityUid(request.principal, overlay),
      .action = FormatEntityUid(request.action, overlay),
      .resource = FormatEntityUid(request.resource, overlay),
      .decision = session_ ? DecideNative(*document, overlay, how, validate) : Interpret(*document, overlay, how, validate),
      .interpreted = session_ ? session_->interpreted() - interpreted : 0,
  };
}

auto RequestDecider::DecideNative(const RequestDocument& document, const Interner& symbols, const DecideOptions& options, bool is_valid)
    -> Decision {
  session_->ResetArena();
  session_->Decide(document.request, symbols, document.entities ? &*document.entities : nullptr, UsesTypes(is_valid), options);
  return session_->ToDecision();
}

auto RequestDecider::Interpret(const RequestDocument& document, const Interner& symbols, const DecideOptions& options, bool is_valid)
    -> Decision {
  return remit::Decide(environment_.program, {.entities = document.entities ? *document.entities : environment_.entities,
                                              .request = document.request,
                                              .interner = symbols,
                                              .arena = arena_,
                                              .now = options.now,
                                              .max_loop_work = limits_.max_loop_work,
                                              .environment = FindEnvironment(document.request, is_valid),
                                              .world = options.world,
                                              .delegation = options.delegation});
}

}  // namespace remit
