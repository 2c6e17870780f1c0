// One question in AuthZEN's words as a request in Cedar's.
//
//   subject, resource  entities; their properties are the attributes that they have for this request (Mapping: merge, replace or ignore)
//   action             an action; its properties are members of the context, for an action has no attributes
//   context            the context, but for three members that are ours: `remit`, `approval` and `supported_obligations`
//
// With a schema the result is one that the schema provides for, or an error: entities that do not conform to it, the alternative, make policies fail on
// what they read, and a `forbid` that fails is a `forbid` that does not count.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/snapshot.h"
#include "runtime/entity/entity_overlay.h"
#include "runtime/entity/validate_entity.h"
#include "runtime/request/request.h"
#include "runtime/server/authzen/mapping.h"
#include "runtime/server/authzen/message.h"
#include "runtime/server/authzen/names.h"
#include "runtime/server/authzen/values.h"
#include "runtime/server/worker.h"

namespace remit::authzen {

// The member `approval` of a context: what came of an earlier request for access.
struct PresentedApproval {
  std::string id;
  std::string approved_until;
  std::vector<std::string> grants;  // signed, in `state`
};

struct Translation {
  Request request;
  // The request's own, over the snapshot's; null: there are none. Of a translation that was moved from, nothing.
  auto entities() const -> const EntityStore* { return built ? &*built : overlaid; }

  const EntityStore* overlaid = nullptr;  // until the next translation
  std::optional<EntityStore> built = {};
  bool conforms = false;  // request and own entities were validated
  // Those of `entities` that the request says something of; an entity that is both is the subject's.
  const Entity* own_subject = nullptr;
  const Entity* own_resource = nullptr;
  // Of `context.remit`.
  std::vector<EntityUid> delegation = {};  // first the origin
  std::string session = {};
  std::string request_id = {};
  std::vector<std::string> approvals = {};  // signed grants, those of `approval` among them
  bool dry_run = false;
  std::optional<PresentedApproval> approval = {};
  std::optional<std::vector<std::string>> supported_obligations = {};
};

class Translator {
 public:
  // All outlive what it makes. The worker has begun a request on the snapshot.
  Translator(const Snapshot& snapshot, const Mapping& mapping, const Names& names, server::Worker& worker)
      : snapshot_(snapshot),
        mapping_(mapping),
        names_(names),
        schema_(snapshot.policies->schema()),
        interner_(worker.names()),
        overlay_(worker.overlay()),
        values_(interner_, worker.arena(), schema_, names) {
    if (schema_ != nullptr) validator_.emplace(*schema_, interner_);
  }

  // One question after the other; each stays valid as long as the arena, but for its entities. Codes: those of Names, ValueMaker, ValidateRequest, EntityValidator, "ambiguous-context"; pointers are into the question.
  auto Translate(const Question& question) -> Expected<Translation>;

  // For searches: a question of which one part is replaced again and again.
  auto FindEntity(const EntityPart& part) -> Expected<EntityUid>;

 private:
  // What a request says of one entity.
  struct Described {
    EntityUid uid;
    RecordView attributes;
    std::vector<EntityUid> parents;
    Properties rule;
  };
  using Fields = json::Tail<Field>;

  auto MemberOf(TypeId declared, std::string_view name) -> std::optional<TypeField>;
  auto Describe(const EntityPart& part, EntityUid uid) -> Expected<std::optional<Described>>;
  auto ReadParents(const json::Cursor& at, SymbolId type, std::vector<EntityUid>& parents) -> Expected<void>;
  auto Unite(Described& subject, const Described& resource) -> Expected<void>;
  auto Complete(const Described& described) -> Entity;
  auto Check(const Entity& entity, std::string_view part) -> Expected<void>;
  auto Overlay(const Described* subject, const Described* resource, Translation& translation) -> Expected<void>;
  auto Build(const Described* subject, const Described* resource, Translation& translation) -> Expected<void>;
  auto MakeEntities(const Question& question, Translation& translation) -> Expected<void>;
  auto MakeContext(const Question& question, EntityUid action) -> Expected<RecordView>;
  auto AddMembers(const json::Cursor& at, const NameMap& renames, bool is_context, TypeId declared, Fields& fields) -> Expected<void>;
  auto ReadOwnMembers(const json::Cursor& context, Translation& translation) -> Expected<void>;
  auto ReadRemitMember(const json::Cursor& at, Translation& translation) -> Expected<void>;

  const Snapshot& snapshot_;
  const Mapping& mapping_;
  const Names& names_;
  const Schema* schema_;
  Interner& interner_;
  EntityOverlay& overlay_;
  ValueMaker values_;
  std::optional<EntityValidator> validator_;  // with a schema
  bool has_own_members_ = false;  // the context of the question at hand
};

// Members of a context that never become attributes of Cedar's.
auto IsOwnMember(std::string_view key) -> bool;

}  // namespace remit::authzen
