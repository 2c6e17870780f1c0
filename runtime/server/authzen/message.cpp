// Reads the parts of a message, each with the rules of its own.
#include "runtime/server/authzen/message.h"

#include <fmt/format.h>

namespace remit::authzen {
namespace {

using json::Cursor;
using json::Element;

// Members by their names, seen in one pass.
template <size_t N>
struct Wanted {
  const char (&name)[N];
  std::optional<Element>& found;
};
template <size_t... N>
void FindAll(const Cursor& object, const Wanted<N>&... wanted) {
  const auto take = [](std::string_view key, Element value, const auto& one) {
    if (json::IsKey(key, one.name)) one.found = value;
  };
  for (const auto& [key, value] : object.object()) (take(key, value, wanted), ...);
}

// The members of a question.
struct Parts {
  std::optional<Element> subject;
  std::optional<Element> action;
  std::optional<Element> resource;
  std::optional<Element> context;
};
auto FindParts(const Cursor& object) -> Parts {
  Parts parts;
  FindAll(object, Wanted{"subject", parts.subject}, Wanted{"action", parts.action}, Wanted{"resource", parts.resource},
          Wanted{"context", parts.context});
  return parts;
}

// A member and where it stands, in the message itself or among its defaults.
auto PlaceOf(const Cursor& object, const Cursor* defaults, std::string_view key, const std::optional<Element>& own)
    -> std::optional<Cursor> {
  if (own) return object.At(key, *own);
  if (defaults == nullptr) return std::nullopt;
  const auto found = defaults->Find(key);
  return found ? std::optional(defaults->At(key, *found)) : std::nullopt;
}

auto AsText(const Cursor& object, std::string_view key, const std::optional<Element>& found, std::string_view& text) -> Expected<void> {
  if (!found) return object.Missing(key);
  const auto place = object.At(key, *found);
  if (!place.is_string()) return place.Fail("unexpected-json", fmt::format("expected a string, found {}", place.Describe()));
  text = place.text();
  return {};
}
auto ReadText(const Cursor& object, std::string_view key, std::string_view& text) -> Expected<void> {
  return AsText(object, key, object.Find(key), text);
}

// An object, or nothing; `null` is nothing.
auto AsObject(const Cursor& object, std::string_view key, const std::optional<Element>& found, std::optional<Element>& member)
    -> Expected<void> {
  if (!found || found->is_null()) return {};
  const auto place = object.At(key, *found);
  if (auto is_object = place.RequireObject(); !is_object) return std::unexpected(is_object.error());
  member = *found;
  return {};
}
auto ReadObject(const Cursor& object, std::string_view key, std::optional<Element>& member) -> Expected<void> {
  return AsObject(object, key, object.Find(key), member);
}

// What subjects, resources and actions are made of.
struct Members {
  std::optional<Element> type;
  std::optional<Element> id;
  std::optional<Element> name;
  std::optional<Element> properties;
};
auto FindMembers(const Cursor& object) -> Members {
  Members members;
  FindAll(object, Wanted{"type", members.type}, Wanted{"id", members.id}, Wanted{"name", members.name},
          Wanted{"properties", members.properties});
  return members;
}

auto ReadEntity(const Cursor& at, bool needs_id, EntityPart& part) -> Expected<void> {
  if (auto is_object = at.RequireObject(); !is_object) return std::unexpected(is_object.error());
  const Members members = FindMembers(at);
  if (auto type = AsText(at, "type", members.type, part.type); !type) return type;
  if (needs_id) {
    if (auto id = AsText(at, "id", members.id, part.id); !id) return id;
  }
  return AsObject(at, "properties", members.properties, part.properties);
}

auto ReadAction(const Cursor& at, ActionPart& part) -> Expected<void> {
  if (auto is_object = at.RequireObject(); !is_object) return std::unexpected(is_object.error());
  const Members members = FindMembers(at);
  if (auto name = AsText(at, "name", members.name, part.name); !name) return name;
  return AsObject(at, "properties", members.properties, part.properties);
}

}  // namespace

auto ReadQuestion(const Cursor& object, const Cursor* defaults, Asks asks) -> Expected<Question> {
  if (auto is_object = object.RequireObject(); !is_object) return std::unexpected(is_object.error());
  Question question;
  const Parts parts = FindParts(object);
  const auto read = [&](std::string_view key, const std::optional<Element>& own, auto reader) -> Expected<void> {
    const auto member = PlaceOf(object, defaults, key, own);
    if (!member) return object.Missing(key);
    return reader(*member);
  };
  auto done = read("subject", parts.subject, [&](const Cursor& at) { return ReadEntity(at, asks != Asks::Subjects, question.subject); });
  if (done && asks != Asks::Actions) {
    done = read("action", parts.action, [&](const Cursor& at) { return ReadAction(at, question.action); });
  }
  if (done) {
    done = read("resource", parts.resource, [&](const Cursor& at) { return ReadEntity(at, asks != Asks::Resources, question.resource); });
  }
  if (!done) return std::unexpected(done.error());
  const auto context = PlaceOf(object, defaults, "context", parts.context);
  if (!context || context->is_null()) return question;
  if (auto is_object = context->RequireObject(); !is_object) return std::unexpected(is_object.error());
  question.context = context->element();
  return question;
}

namespace {

auto ReadSemantic(const Cursor& at) -> Expected<Semantic> {
  if (!at.is_string()) return at.Fail("unexpected-json", fmt::format("expected a string, found {}", at.Describe()));
  if (at.text() == "execute_all") return Semantic::ExecuteAll;
  if (at.text() == "deny_on_first_deny") return Semantic::DenyOnFirstDeny;
  if (at.text() == "permit_on_first_permit") return Semantic::PermitOnFirstPermit;
  return at.Fail("unknown-semantic", "no such semantic of evaluations",
                 "one of `execute_all`, `deny_on_first_deny`, `permit_on_first_permit`");
}

}  // namespace

auto ReadBatch(const Cursor& body, size_t max_evaluations) -> Expected<Batch> {
  if (auto is_object = body.RequireObject(); !is_object) return std::unexpected(is_object.error());
  Batch batch;
  std::optional<Element> options;
  if (auto read = ReadObject(body, "options", options); !read) return std::unexpected(read.error());
  if (options) {
    const auto place = body.At("options", *options);
    if (const auto semantic = place.Find("evaluations_semantic"); semantic && !semantic->is_null()) {
      const auto read = ReadSemantic(place.At("evaluations_semantic", *semantic));
      if (!read) return std::unexpected(read.error());
      batch.semantic = *read;
    }
  }
  const auto evaluations = body.Find("evaluations");
  if (!evaluations || evaluations->is_null()) return batch;
  const auto place = body.At("evaluations", *evaluations);
  const auto array = place.RequireArray();
  if (!array) return std::unexpected(array.error());
  size_t count = 0;
  for ([[maybe_unused]] const Element each : *array) ++count;  // the parser's own count ends at 2^24
  if (count > max_evaluations) {
    return place.Fail("too-many-evaluations", fmt::format("{} evaluations, more than the limit of {}", count, max_evaluations));
  }
  if (count > 0) batch.evaluations = *evaluations;
  return batch;
}

auto ReadPage(const Cursor& body) -> Expected<PageRequest> {
  PageRequest request;
  std::optional<Element> page;
  if (auto read = ReadObject(body, "page", page); !read) return std::unexpected(read.error());
  if (!page) return request;
  const auto place = body.At("page", *page);
  if (const auto token = place.Find("token"); token && !token->is_null()) {
    if (auto read = ReadText(place, "token", request.token); !read) return std::unexpected(read.error());
  }
  if (const auto limit = place.Find("limit"); limit && !limit->is_null()) {
    const auto at = place.At("limit", *limit);
    if (!limit->is_uint64()) return at.Fail("unexpected-json", "expected an integer that is not negative");
    request.limit = limit->get_uint64().value_unsafe();
  }
  std::optional<Element> properties;
  if (auto read = ReadObject(place, "properties", properties); !read) return std::unexpected(read.error());
  return request;
}

}  // namespace remit::authzen
