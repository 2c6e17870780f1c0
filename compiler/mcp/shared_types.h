// Equal types of several tools as one type (`--deduplicate`).
//
// Enumerations of one name with the same values in the same order, and objects of one name whose properties are all plain and the same, stand
// once, in the innermost namespace that has all of them below it. Where two different ones would meet there, or something else of that name
// already stands, each stays where it was. These are the public generator's rules.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/mcp/manifest.h"
#include "compiler/mcp/type_names.h"

namespace remit::mcp {

class SharedTypes {
 public:
  // Notes the shape, which would be called `name` in `name_space`, and what is inside of it.
  void Collect(const Manifest& manifest, ShapeId id, const std::string& name, const std::string& name_space);

  // After all were collected: what may be shared, in order of its names.
  struct Shared {
    std::string name_space;
    std::string name;
    ShapeId shape;  // one of them
  };
  auto Resolve(const TypeNames& names, bool records) -> std::vector<Shared>;

  // The type that stands for this shape; none: one of its own.
  auto Find(const Manifest& manifest, ShapeId id, const std::string& name) const -> const TypeName*;
  // Where it came to stand.
  void Place(const Manifest& manifest, const Shared& shared, TypeName type);

 private:
  struct Occurrences {
    std::vector<std::string> name_spaces;
    std::string name;
    ShapeId shape;
  };
  std::map<std::string, Occurrences> occurrences_;  // by what makes them equal
  std::map<std::string, TypeName> placed_;
};

}  // namespace remit::mcp
