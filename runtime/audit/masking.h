// Values that records must not show: in their places commitments, which say what was there to whoever is told, and nothing to anybody else.
//
// A commitment is HMAC-SHA-256 of the value under a random salt of its own. Value and salt go to a file of their own (masked_values.h), where they can be
// erased: the record, its hash and every proof stay as they were, and the value is gone. Encrypting values under erasable keys, the alternative, leaves
// what must be forgotten in the log, waiting for a key that somebody kept or an algorithm that somebody breaks.
//
// Rules are paths of names: `context.card.number` masks a member of the context, `entities.User.ssn` an attribute of the request's own entities of a
// type. `*` is any name; arrays are looked through. Keys are compared as what they say, however they are escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace remit::audit {

// What was masked.
struct MaskedValue {
  std::string pointer;  // into the record as JSON: `/context/card/number`
  std::string commitment;  // 32 bytes
  std::string salt;
  std::string value;  // JSON, as it was
};

class Masker {
 public:
  // "mask-rule": an error in one of the rules.
  static auto Make(const std::vector<std::string>& rules) -> Expected<Masker>;
  // One rule more, name by name, so that names may have dots. The first is `context`, or `entities` with a type behind it. False: it is no rule.
  auto AddPath(std::vector<std::string> names) -> bool;

  // There is nothing to mask: `MaskContext` and `MaskEntities` would return what they are given.
  auto masks_context() const -> bool { return !context_.empty(); }
  auto masks_entities() const -> bool { return !entities_.empty(); }

  // The same JSON with commitments, and what they stand for. "mask-unreadable" for what is no JSON: it must not be recorded.
  auto MaskContext(std::string_view json, std::vector<MaskedValue>& values) const -> Expected<std::string>;
  auto MaskEntities(std::string_view json, std::vector<MaskedValue>& values) const -> Expected<std::string>;

 private:
  using Path = std::vector<std::string>;

  std::vector<Path> context_;
  std::vector<Path> entities_;  // first the type
};

// What stands in a record for a value: a JSON string.
auto CommitmentText(std::string_view commitment) -> std::string;
auto CommitmentFromText(std::string_view text) -> std::string;  // empty: it is none
auto CommitmentTo(std::string_view salt, std::string_view value) -> std::string;

}  // namespace remit::audit
