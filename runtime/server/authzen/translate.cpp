// Entities, then the context, then what the schema says of both.
#include "runtime/server/authzen/translate.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/request/validate_request.h"
#include "runtime/server/authzen/access_requests.h"

namespace remit::authzen {
namespace {

using json::Cursor;
using json::Element;

auto FindIn(std::span<const Field> fields, SymbolId key) -> const Field* {
  const auto it = std::ranges::find(fields, key, &Field::key);
  return it == fields.end() ? nullptr : &*it;
}

// The error of a part, which knows its own place alone.
auto InPart(Error error, std::string_view part) -> std::unexpected<Error> {
  error.pointer = std::string(part) + error.pointer;
  return std::unexpected(std::move(error));
}

// Cedar's names for the parts of a request, in an error's pointer, as AuthZEN calls them.
auto InAuthzenWords(Error error) -> Error {
  constexpr std::string_view kPrincipal = "/principal";
  if (error.pointer.starts_with(kPrincipal)) error.pointer.replace(0, kPrincipal.size(), "/subject");
  return error;
}

}  // namespace

auto IsOwnMember(std::string_view key) -> bool { return key == "remit" || key == "approval" || key == "supported_obligations"; }

auto Translator::FindEntity(const EntityPart& part) -> Expected<EntityUid> {
  const auto type = names_.FindType(part.type, interner_);
  if (!type) return std::unexpected(type.error());
  return EntityUid{.type = *type, .id = interner_.Intern(part.id)};
}

// A member by its name. None: there is a schema, which declares none; without a schema there may be any.
auto Translator::MemberOf(TypeId declared, std::string_view name) -> std::optional<TypeField> {
  if (schema_ == nullptr) return TypeField{.key = values_.reader().keys().Intern(name), .type = {}};
  const TypeField* field = declared.has_value() ? names_.members().Find(declared, name) : nullptr;
  return field == nullptr ? std::nullopt : std::optional(*field);
}

// ---- entities --------------------------------------------------------------------------------------------------------

// None if the request says nothing of the entity that counts.
auto Translator::Describe(const EntityPart& part, EntityUid uid) -> Expected<std::optional<Described>> {
  const auto* rule = mapping_.FindType(part.type);
  if (!part.properties || (rule != nullptr && rule->properties == Properties::Ignore)) return std::nullopt;
  const Cursor properties(*part.properties);
  const auto* decl = schema_ == nullptr ? nullptr : schema_->FindEntityType(uid.type);
  const TypeId declared = decl == nullptr ? TypeId() : decl->attributes;
  Described described{.uid = uid, .attributes = {}, .parents = {}, .rule = rule == nullptr ? Properties::Merge : rule->properties};
  Fields attributes(values_.reader().fields());
  for (const auto& [key, child] : properties.object()) {
    const auto place = properties.At(key, child);
    if (place.is_null()) continue;
    if (rule != nullptr) {
      if (const auto parent = rule->parents.find(key); parent != rule->parents.end()) {
        if (auto read = ReadParents(place, interner_.Intern(parent->second), described.parents); !read) {
          return std::unexpected(read.error());
        }
        continue;
      }
    }
    const auto member = MemberOf(declared, rule == nullptr ? key : Renamed(rule->attributes, key));
    if (!member) continue;
    auto value = values_.Make(place, member->type);
    if (!value) return std::unexpected(value.error());
    if (FindIn(attributes.items(), member->key) != nullptr) {
      return place.Fail("ambiguous-attribute", "two properties are the same attribute");
    }
    attributes.Push({.key = member->key, .value = *value});
  }
  described.attributes = MakeRecord(values_.reader().arena(), attributes.items()).as_record();
  if (described.attributes.empty() && described.parents.empty() && described.rule != Properties::Replace) return std::nullopt;
  return described;
}

auto Translator::ReadParents(const Cursor& at, SymbolId type, std::vector<EntityUid>& parents) -> Expected<void> {
  const auto add = [&](const Cursor& place) -> Expected<void> {
    if (!place.is_string()) return place.Fail("type-mismatch", fmt::format("expected the id of a parent, found {}", place.Describe()));
    parents.push_back({.type = type, .id = interner_.Intern(place.text())});
    return {};
  };
  if (!at.is_array()) return add(at);
  size_t index = 0;
  for (const Element child : at.array()) {
    if (auto added = add(at.At(index++, child)); !added) return added;
  }
  return {};
}

// One entity in both places: what is said in either place counts, and must not differ.
auto Translator::Unite(Described& subject, const Described& resource) -> Expected<void> {
  Fields attributes(values_.reader().fields());
  for (const Field& field : subject.attributes) attributes.Push(field);
  for (const Field& field : resource.attributes) {
    const Value* other = FindField(subject.attributes, field.key);
    if (other == nullptr) attributes.Push(field);
    if (other != nullptr && !(*other == field.value)) {
      return std::unexpected(Error{.code = "ambiguous-attribute",
                                   .message = "subject and resource are one entity with different properties",
                                   .pointer = "/resource/properties",
                                   .help = {}});
    }
  }
  subject.attributes = MakeRecord(values_.reader().arena(), attributes.items()).as_record();
  return {};
}

// With what is stored of the entity, as far as the rule lets it count.
auto Translator::Complete(const Described& described) -> Entity {
  Entity entity{.uid = described.uid, .attrs = described.attributes, .tags = {}, .parents = {}};
  if (const auto* stored = snapshot_.entities->Find(described.uid)) {
    if (described.rule == Properties::Merge) {
      Fields attributes(values_.reader().fields());
      for (const Field& field : described.attributes) attributes.Push(field);
      for (const Field& field : stored->attrs) {
        if (FindField(described.attributes, field.key) == nullptr) attributes.Push(field);
      }
      entity.attrs = MakeRecord(values_.reader().arena(), attributes.items()).as_record();
    }
    entity.tags = stored->tags;
    entity.parents = stored->parents;
  }
  if (described.parents.empty()) return entity;
  std::vector<EntityUid> parents = described.parents;
  parents.insert(parents.end(), entity.parents.begin(), entity.parents.end());
  std::ranges::sort(parents);
  const auto repeated = std::ranges::unique(parents);
  parents.erase(repeated.begin(), repeated.end());
  entity.parents = values_.reader().arena().Copy(std::span<const EntityUid>(parents));
  return entity;
}

auto Translator::Check(const Entity& entity, std::string_view part) -> Expected<void> {
  if (!validator_) return {};
  auto checked = validator_->Check(entity);
  return checked ? checked : InPart(std::move(checked.error()), part);
}

// The usual request says nothing of parents.
auto Translator::Overlay(const Described* subject, const Described* resource, Translation& translation) -> Expected<void> {
  const auto add = [&](const Described& described, std::string_view part, const Entity*& own) -> Expected<void> {
    const Entity entity = Complete(described);
    if (auto checked = Check(entity, part); !checked) return checked;
    own = &overlay_.Add(entity.uid, entity.attrs, entity.tags);
    return {};
  };
  overlay_.Clear();
  if (subject != nullptr) {
    if (auto added = add(*subject, "/subject", translation.own_subject); !added) return added;
  }
  if (resource != nullptr) {
    if (auto added = add(*resource, "/resource", translation.own_resource); !added) return added;
  }
  translation.overlaid = &overlay_.store();
  return {};
}

auto Translator::Build(const Described* subject, const Described* resource, Translation& translation) -> Expected<void> {
  auto builder = EntityStoreBuilder::Over(interner_, *snapshot_.entities);
  const auto add = [&](const Described& described, std::string_view part) -> Expected<void> {
    const Entity entity = Complete(described);
    if (auto checked = Check(entity, part); !checked) return checked;
    builder.AddOrReplace(entity);
    return {};
  };
  if (subject != nullptr) {
    if (auto added = add(*subject, "/subject"); !added) return added;
  }
  if (resource != nullptr) {
    if (auto added = add(*resource, "/resource"); !added) return added;
  }
  auto built = std::move(builder).Build();
  if (!built) return std::unexpected(built.error());
  translation.built = std::move(*built);
  if (subject != nullptr) translation.own_subject = translation.built->Find(subject->uid);
  if (resource != nullptr) translation.own_resource = translation.built->Find(resource->uid);
  return {};
}

auto Translator::MakeEntities(const Question& question, Translation& translation) -> Expected<void> {
  if (!question.subject.properties && !question.resource.properties) return {};
  const Request& request = translation.request;
  auto subject = Describe(question.subject, request.principal);
  if (!subject) return InPart(std::move(subject.error()), "/subject/properties");
  auto resource = Describe(question.resource, request.resource);
  if (!resource) return InPart(std::move(resource.error()), "/resource/properties");
  if (!*subject && !*resource) return {};
  if (*subject && *resource && (*subject)->uid == (*resource)->uid) {
    if (auto united = Unite(**subject, **resource); !united) return united;
    resource->reset();
  }
  const Described* of_subject = *subject ? &**subject : nullptr;
  const Described* of_resource = *resource ? &**resource : nullptr;
  const auto moves = [](const Described* described) { return described != nullptr && !described->parents.empty(); };
  return moves(of_subject) || moves(of_resource) ? Build(of_subject, of_resource, translation)
                                                 : Overlay(of_subject, of_resource, translation);
}

// ---- the context -----------------------------------------------------------------------------------------------------

auto Translator::AddMembers(const Cursor& at, const NameMap& renames, bool is_context, TypeId declared, Fields& fields) -> Expected<void> {
  for (const auto& [key, child] : at.object()) {
    const auto place = at.At(key, child);
    if (is_context && IsOwnMember(key)) {
      has_own_members_ = true;
      continue;
    }
    if (place.is_null()) continue;
    const auto member = MemberOf(declared, Renamed(renames, key));
    if (!member) continue;
    auto value = values_.Make(place, member->type);
    if (!value) return std::unexpected(value.error());
    if (const Field* other = FindIn(fields.items(), member->key)) {
      if (other->value == *value) continue;
      return place.Fail("ambiguous-context",
                        fmt::format("two members are the attribute `{}` of the context, and differ", interner_.text(member->key)),
                        "rename one of them in the mapping");
    }
    fields.Push({.key = member->key, .value = *value});
  }
  return {};
}

auto Translator::MakeContext(const Question& question, EntityUid action) -> Expected<RecordView> {
  Fields fields(values_.reader().fields());
  const auto* decl = schema_ == nullptr ? nullptr : schema_->FindAction(action);
  const TypeId declared = decl == nullptr ? TypeId() : decl->context;
  const auto* rule = mapping_.FindAction(question.action.name);
  const NameMap none;
  if (question.action.properties) {
    const auto added = AddMembers(Cursor(*question.action.properties), rule == nullptr ? none : rule->context, false, declared, fields);
    if (!added) return InPart(added.error(), "/action/properties");
  }
  if (question.context) {
    const auto added = AddMembers(Cursor(*question.context), mapping_.context, true, declared, fields);
    if (!added) return InPart(added.error(), "/context");
  }
  if (fields.size() == 0) return RecordView();
  return MakeRecord(values_.reader().arena(), fields.items()).as_record();
}

// ---- our own members -------------------------------------------------------------------------------------------------

namespace {

auto ReadTexts(const Cursor& at, std::vector<std::string>& texts) -> Expected<void> {
  const auto array = at.RequireArray();
  if (!array) return std::unexpected(array.error());
  size_t index = 0;
  for (const Element child : *array) {
    const auto place = at.At(index++, child);
    if (!place.is_string()) return place.Fail("unexpected-json", fmt::format("expected a string, found {}", place.Describe()));
    texts.emplace_back(place.text());
  }
  return {};
}

auto ReadMember(const Cursor& at, std::string_view key, std::string& text) -> Expected<void> {
  const auto found = at.Find(key);
  if (!found || found->is_null()) return {};
  const auto place = at.At(key, *found);
  if (!place.is_string()) return place.Fail("unexpected-json", fmt::format("expected a string, found {}", place.Describe()));
  text = place.text();
  return {};
}

// What does not look like an approval of ours is none, and lifts nothing.
auto ReadApproval(const Cursor& at) -> std::optional<PresentedApproval> {
  if (!at.is_object()) return std::nullopt;
  PresentedApproval approval;
  if (!ReadMember(at, "id", approval.id) || !ReadMember(at, "approved_until", approval.approved_until)) return std::nullopt;
  const auto state = at.Find("state");
  if (!state) return approval;
  const auto place = at.At("state", *state);
  if (place.is_string()) approval.grants.emplace_back(place.text());
  if (place.is_array() && !ReadTexts(place, approval.grants)) approval.grants.clear();
  return approval;
}

}  // namespace

auto Translator::ReadRemitMember(const Cursor& at, Translation& translation) -> Expected<void> {
  if (auto is_object = at.RequireObject(); !is_object) return std::unexpected(is_object.error());
  if (auto read = ReadMember(at, "session", translation.session); !read) return read;
  if (auto read = ReadMember(at, "request_id", translation.request_id); !read) return read;
  if (const auto dry_run = at.Find("dry_run")) {
    const auto place = at.At("dry_run", *dry_run);
    if (!dry_run->is_bool()) return place.Fail("unexpected-json", fmt::format("expected a boolean, found {}", place.Describe()));
    translation.dry_run = dry_run->get_bool().value_unsafe();
  }
  if (const auto approvals = at.Find("approvals")) {
    if (auto read = ReadTexts(at.At("approvals", *approvals), translation.approvals); !read) return read;
  }
  const auto delegation = at.Find("delegation");
  if (!delegation) return {};
  const auto place = at.At("delegation", *delegation);
  const auto members = place.RequireArray();
  if (!members) return std::unexpected(members.error());
  size_t index = 0;
  for (const Element child : *members) {
    const auto member = place.At(index++, child);
    const auto parts = json::AsTypeAndId(child);
    if (!parts) return member.Fail("expected-entity", "expected a subject with `type` and `id`");
    const auto uid =
        FindEntity({.type = parts->type.get_string().value_unsafe(), .id = parts->id.get_string().value_unsafe(), .properties = {}});
    if (!uid) return member.Fail(uid.error().code, uid.error().message);
    translation.delegation.push_back(*uid);
  }
  return {};
}

auto Translator::ReadOwnMembers(const Cursor& context, Translation& translation) -> Expected<void> {
  if (const auto remit = context.Find("remit"); remit && !remit->is_null()) {
    if (auto read = ReadRemitMember(context.At("remit", *remit), translation); !read) return read;
  }
  if (const auto approval = context.Find("approval")) {
    translation.approval = ReadApproval(context.At("approval", *approval));
    if (translation.approval) {
      auto& grants = translation.approval->grants;
      if (!IsConsistent(*translation.approval)) grants.clear();
      translation.approvals.insert(translation.approvals.end(), grants.begin(), grants.end());
    }
  }
  if (const auto supported = context.Find("supported_obligations"); supported && !supported->is_null()) {
    std::vector<std::string> types;
    if (auto read = ReadTexts(context.At("supported_obligations", *supported), types); !read) return read;
    translation.supported_obligations = std::move(types);
  }
  return {};
}

// ---- all of it -------------------------------------------------------------------------------------------------------

auto Translator::Translate(const Question& question) -> Expected<Translation> {
  const auto principal = FindEntity(question.subject);
  if (!principal) return InPart(principal.error(), "/subject/type");
  const auto action = names_.FindAction(question.action.name, interner_);
  if (!action) return InPart(action.error(), "/action/name");
  const auto resource = FindEntity(question.resource);
  if (!resource) return InPart(resource.error(), "/resource/type");
  Translation translation{.request = {.principal = *principal, .action = *action, .resource = *resource, .context = {}},
                          .conforms = schema_ != nullptr};
  has_own_members_ = false;
  const auto context = MakeContext(question, *action);
  if (!context) return std::unexpected(context.error());
  translation.request.context = *context;
  if (has_own_members_) {
    if (auto read = ReadOwnMembers(Cursor(*question.context), translation); !read) return InPart(read.error(), "/context");
  }
  if (schema_ != nullptr) {
    auto valid = ValidateRequest(*schema_, interner_, translation.request);
    if (!valid) return std::unexpected(InAuthzenWords(std::move(valid.error())));
  }
  if (auto made = MakeEntities(question, translation); !made) return std::unexpected(made.error());
  return translation;
}

}  // namespace remit::authzen
