// AuthZEN's bodies, read into their parts: subject, action, resource, context, and what a message says of many of them.
//
// What a specification calls required is asked for here, and what it does not know is passed over; what names and properties mean is found out in
// translate.h. An error here is one of the whole message, or of one evaluation of many.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "runtime/request/json_cursor.h"

namespace remit::authzen {

// A subject or a resource. Texts are the document's.
struct EntityPart {
  std::string_view type;
  std::string_view id;  // empty if it may be left out and is
  std::optional<json::Element> properties;  // an object
};

struct ActionPart {
  std::string_view name;
  std::optional<json::Element> properties;
};

// What is asked about. Parts that a message of this kind need not have may be empty.
struct Question {
  EntityPart subject;
  ActionPart action;
  EntityPart resource;
  std::optional<json::Element> context;  // an object
};

// What a message is about: which parts it must have.
enum class Asks : uint8_t { Decision, Subjects, Resources, Actions };

// The members of `object`, with those of `defaults` in the place of members that it does not have; a member is taken as a whole. Null: there are
// no defaults. Codes: "missing-field", "unexpected-json", "duplicate-key".
auto ReadQuestion(const json::Cursor& object, const json::Cursor* defaults, Asks asks) -> Expected<Question>;

enum class Semantic : uint8_t { ExecuteAll, DenyOnFirstDeny, PermitOnFirstPermit };

// The members `evaluations` and `options` of a batch.
struct Batch {
  std::optional<json::Element> evaluations;  // an array that is not empty; none: the message is a single question
  Semantic semantic = Semantic::ExecuteAll;
};
auto ReadBatch(const json::Cursor& body, size_t max_evaluations) -> Expected<Batch>;

// The member `page` of a search.
struct PageRequest {
  std::string_view token;  // empty: the first page
  std::optional<uint64_t> limit;
};
auto ReadPage(const json::Cursor& body) -> Expected<PageRequest>;

}  // namespace remit::authzen
