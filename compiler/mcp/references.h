// What references refer to, and where a cycle of them has to be cut.
//
// A definition becomes a type of its own, and a reference its name, so that definitions may refer to each other in any order. Cedar's types must
// not contain themselves, but through an entity. A cycle through an object makes that object an entity, whatever the options say; one through
// none, such as a list of lists of itself, has a reference of which nothing is known.
#pragma once

#include <unordered_map>

#include "compiler/mcp/manifest.h"

namespace remit::mcp {

// The definitions that hold at some place; the nearest counts.
class Scope {
 public:
  explicit Scope(const std::vector<Definition>& definitions, const Scope* outer = nullptr);
  auto Find(const std::string& name) const -> ShapeId;

 private:
  const Scope* outer_;
  std::unordered_map<std::string, ShapeId> definitions_;
};

struct References {
  std::vector<ShapeId> targets;  // by shape; none: not a reference, or cut
  std::vector<bool> is_entity;  // by shape: an object that is an entity for the sake of a cycle
};

// `records`: objects without further properties are records.
auto ResolveReferences(const Manifest& manifest, bool with_outputs, bool records) -> Expected<References>;

}  // namespace remit::mcp
