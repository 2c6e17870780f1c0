// Contexts, uids and whole requests.
#include <fmt/format.h>

#include <array>

#include "runtime/base/did_you_mean.h"
#include "runtime/request/delegation.h"
#include "runtime/request/entity_uid_text.h"
#include "runtime/request/json.h"
#include "runtime/request/json_entities.h"
#include "runtime/request/json_plain_request.h"
#include "runtime/request/json_request.h"
#include "runtime/request/validate_request.h"

namespace remit {
namespace {

using json::Cursor;

auto Parse(std::string_view json, const JsonOptions& options) -> Expected<json::Document> {
  return json::Document::Parse(json, options.limits.max_json_bytes, options.limits.max_json_depth);
}

// A uid in JSON or as source text.
auto ReadUidAt(const Cursor& at, json::ValueReader& reader) -> Expected<EntityUid> {
  if (!at.is_string()) return reader.ReadUid(at);
  auto uid = ParseEntityUidText(at.text(), reader.interner());
  if (!uid) uid.error().pointer = at.pointer();
  return uid;
}

auto ContextType(const Cursor& at, const Schema* schema, std::optional<EntityUid> action, const Interner& interner) -> Expected<TypeId> {
  if (schema == nullptr || !action) return TypeId{};
  const auto decl = RequireAction(*schema, interner, *action);
  if (decl) return (*decl)->context;
  Error error = decl.error();
  error.pointer = at.pointer();
  return std::unexpected(std::move(error));
}

auto ReadContextAt(const Cursor& at, json::ValueReader& reader, std::optional<EntityUid> action) -> Expected<RecordView> {
  const auto type = ContextType(at, reader.schema(), action, reader.interner());
  if (!type) return std::unexpected(type.error());
  const auto context = reader.ReadTyped(at, *type);
  if (!context) return std::unexpected(context.error());
  if (context->is(Kind::Record)) return context->as_record();
  return at.Fail("context-not-a-record", fmt::format("the context must be a record, not a {}", KindName(context->kind())));
}

constexpr auto kMembers = std::to_array<std::string_view>({"principal", "action", "resource", "context", "entities", "id", "description",
                                                           "delegation", "session", "request_id", "approvals", "dry_run"});
enum class Member : uint8_t {
  Principal,
  Action,
  Resource,
  Context,
  Entities,
  Id,
  Description,
  Delegation,
  Session,
  RequestId,
  Approvals,
  DryRun,
};

auto NameOf(Member member) -> std::string_view { return kMembers[static_cast<size_t>(member)]; }

class RequestMembers {
 public:
  static auto Of(const Cursor& at) -> Expected<RequestMembers> {
    const auto members = at.RequireObject();
    if (!members) return std::unexpected(members.error());
    RequestMembers found;
    for (const auto& [key, value] : *members) {
      const auto name = std::ranges::find(kMembers, key);
      if (name == kMembers.end()) return RefuseMember(at.At(key, value), key);
      found.elements_[static_cast<size_t>(name - kMembers.begin())] = value;
    }
    return found;
  }

  auto Find(Member member) const -> const std::optional<json::Element>& { return elements_[static_cast<size_t>(member)]; }

 private:
  static auto RefuseMember(const Cursor& at, std::string_view key) -> std::unexpected<Error> {
    return at.Fail("unknown-member", fmt::format("a request has no member `{}`", key), DidYouMean(key, {kMembers.begin(), kMembers.end()}));
  }

  std::array<std::optional<json::Element>, kMembers.size()> elements_ = {};
};

auto ReadUidMember(const Cursor& at, const RequestMembers& members, Member member, json::ValueReader& reader) -> Expected<EntityUid> {
  const auto& element = members.Find(member);
  if (!element) return at.Missing(NameOf(member));
  return ReadUidAt(at.At(NameOf(member), *element), reader);
}

auto ReadText(const Cursor& place) -> Expected<std::string> {
  if (!place.is_string()) return place.Fail("unexpected-json", fmt::format("expected a string, found {}", place.Describe()));
  return std::string(place.text());
}

// Empty if there is no such member.
auto ReadTextMember(const Cursor& at, const RequestMembers& members, Member member) -> Expected<std::string> {
  const auto& element = members.Find(member);
  return element ? ReadText(at.At(NameOf(member), *element)) : std::string{};
}

auto ReadId(const Cursor& at, const RequestMembers& members) -> Expected<std::string> {
  if (const auto& description = members.Find(Member::Description); description && !description->is_string()) {
    return at.At("description", *description).Fail("unexpected-json", "expected a string");
  }
  return ReadTextMember(at, members, Member::Id);
}

auto ReadDelegation(const Cursor& at, const RequestMembers& members, json::ValueReader& reader, EntityUid principal)
    -> Expected<std::vector<EntityUid>> {
  std::vector<EntityUid> chain;
  const auto& element = members.Find(Member::Delegation);
  if (!element) return chain;
  const Cursor place = at.At("delegation", *element);
  const auto array = place.RequireArray();
  if (!array) return std::unexpected(array.error());
  if (array->size() > kMaxDelegation + 1) {
    return place.Fail("delegation-too-long", fmt::format("a request may be made on behalf of {} principals at most", kMaxDelegation));
  }
  for (const auto each : *array) {
    const auto uid = ReadUidAt(place.At(chain.size(), each), reader);
    if (!uid) return std::unexpected(uid.error());
    chain.push_back(*uid);
  }
  if (const auto sound = MembersOf(principal, chain); !sound) return place.Fail(sound.error().code, sound.error().message);
  return chain;
}

auto ReadApprovals(const Cursor& at, const RequestMembers& members) -> Expected<std::vector<std::string>> {
  constexpr size_t kMostApprovals = 64;
  std::vector<std::string> approvals;
  const auto& element = members.Find(Member::Approvals);
  if (!element) return approvals;
  const Cursor place = at.At("approvals", *element);
  const auto array = place.RequireArray();
  if (!array) return std::unexpected(array.error());
  if (array->size() > kMostApprovals) {
    return place.Fail("too-many-approvals", fmt::format("a request presents {} approvals at most", kMostApprovals));
  }
  for (const auto each : *array) {
    auto text = ReadText(place.At(approvals.size(), each));
    if (!text) return std::unexpected(text.error());
    approvals.push_back(std::move(*text));
  }
  return approvals;
}

// What only some requests have. Each is looked at, so that what is misspelt is never ignored.
auto ReadRest(const Cursor& at, const RequestMembers& members, json::ValueReader& reader, RequestDocument& document) -> Expected<void> {
  auto delegation = ReadDelegation(at, members, reader, document.request.principal);
  if (!delegation) return std::unexpected(delegation.error());
  auto session = ReadTextMember(at, members, Member::Session);
  if (!session) return std::unexpected(session.error());
  auto request_id = ReadTextMember(at, members, Member::RequestId);
  if (!request_id) return std::unexpected(request_id.error());
  auto approvals = ReadApprovals(at, members);
  if (!approvals) return std::unexpected(approvals.error());
  if (const auto& dry_run = members.Find(Member::DryRun)) {
    if (!dry_run->is_bool()) return at.At("dry_run", *dry_run).Fail("unexpected-json", "expected `true` or `false`");
    document.dry_run = dry_run->get_bool().value_unsafe();
  }
  document.delegation = std::move(*delegation);
  document.session = std::move(*session);
  document.request_id = std::move(*request_id);
  document.approvals = std::move(*approvals);
  return {};
}

auto ReadScope(const Cursor& at, const RequestMembers& members, json::ValueReader& reader) -> Expected<Request> {
  const auto principal = ReadUidMember(at, members, Member::Principal, reader);
  const auto action = principal ? ReadUidMember(at, members, Member::Action, reader) : principal;
  const auto resource = action ? ReadUidMember(at, members, Member::Resource, reader) : action;
  if (!resource) return std::unexpected(resource.error());
  return Request{.principal = *principal, .action = *action, .resource = *resource, .context = {}};
}

void CollectEntities(const Value& value, std::vector<EntityUid>& found) {
  if (value.is(Kind::Entity)) found.push_back(value.as_entity());
  if (value.is(Kind::Set)) {
    for (const Value& element : value.as_set()) CollectEntities(element, found);
  }
  if (value.is(Kind::Record)) {
    for (const Field& field : value.as_record()) CollectEntities(field.value, found);
  }
}

}  // namespace

namespace json {

auto AskedBy(const RequestDocument& document) -> std::vector<EntityUid> {
  const Request& request = document.request;
  std::vector<EntityUid> asked = document.delegation;
  asked.insert(asked.end(), {request.principal, request.action, request.resource});
  for (const Field& field : request.context) CollectEntities(field.value, asked);
  return asked;
}

auto ReadRequestAt(const Cursor& at, ValueReader& reader, const JsonOptions& options, const EntityStore* base)
    -> Expected<RequestDocument> {
  const auto members = RequestMembers::Of(at);
  if (!members) return std::unexpected(members.error());
  const auto request = ReadScope(at, *members, reader);
  if (!request) return std::unexpected(request.error());
  auto id = ReadId(at, *members);
  if (!id) return std::unexpected(id.error());
  RequestDocument result{.request = *request, .entities = std::nullopt, .id = std::move(*id)};
  if (const auto rest = ReadRest(at, *members, reader, result); !rest) return std::unexpected(rest.error());
  if (const auto& element = members->Find(Member::Context)) {
    const auto context = ReadContextAt(at.At("context", *element), reader, request->action);
    if (!context) return std::unexpected(context.error());
    result.request.context = *context;
  } else if (options.schema != nullptr) {
    // Absent is empty, and lacks what the action's context requires.
    const auto checked = ValidateContext(*options.schema, reader.interner(), request->action, {});
    if (!checked) return std::unexpected(checked.error());
  }
  if (options.schema != nullptr && options.validate_request) {
    const auto valid = ValidateRequest(*options.schema, reader.interner(), result.request);
    if (!valid) return std::unexpected(valid.error());
  }
  if (const auto& element = members->Find(Member::Entities)) {
    auto entities = ReadRequestEntities(at.At("entities", *element), reader.interner(), options, base, AskedBy(result));
    if (!entities) return std::unexpected(entities.error());
    result.entities = std::move(*entities);
  }
  return result;
}

}  // namespace json

auto ReadContext(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options, std::optional<EntityUid> action)
    -> Expected<RecordView> {
  const auto document = Parse(json, options);
  if (!document) return std::unexpected(document.error());
  json::ValueReader reader(interner, arena, options.schema);
  return ReadContextAt(Cursor(document->root()), reader, action);
}

auto ReadValue(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options) -> Expected<Value> {
  const auto document = Parse(json, options);
  if (!document) return std::unexpected(document.error());
  json::ValueReader reader(interner, arena, options.schema);
  return reader.Read(Cursor(document->root()));
}

auto ReadEntityUid(std::string_view json, Interner& interner, const JsonOptions& options) -> Expected<EntityUid> {
  const auto document = Parse(json, options);
  if (!document) return std::unexpected(document.error());
  Arena unused;
  json::ValueReader reader(interner, unused, options.schema);
  return ReadUidAt(Cursor(document->root()), reader);
}

auto ReadRequest(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options, const EntityStore* base)
    -> Expected<RequestDocument> {
  if (auto plain = json::ReadPlainRequest(json, interner, arena, options, base)) return std::move(*plain);
  const auto document = json::Document::Parse(json, options.limits.max_request_bytes, options.limits.max_json_depth);
  if (!document) return std::unexpected(document.error());
  json::ValueReader reader(interner, arena, options.schema);
  return json::ReadRequestAt(Cursor(document->root()), reader, options, base);
}

}  // namespace remit
