// JSON Schema to shapes.
#pragma once

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "compiler/mcp/manifest.h"

namespace remit::mcp {

using Json = nlohmann::json;  // sorted members: an ordered object of this library is searched one by one

// Reads the schemas of one manifest. The first error ends the reading: what follows is `Unknown`, and `error` says what it was.
class SchemaReader {
 public:
  SchemaReader(Manifest& manifest, const ReadOptions& options) : manifest_(manifest), options_(options) {}

  // The schema of a tool's arguments or results; `pointer` is where it stands. Others may be wrapped as {"json": schema}.
  auto ReadParameters(const Json& schema, const std::string& pointer) -> Parameters;
  // The members of `$defs` (and `definitions`) of `holder`.
  auto ReadDefinitions(const Json& holder, const std::string& pointer) -> std::vector<Definition>;

  auto Fail(std::string_view code, std::string message, const std::string& pointer) -> void;
  auto error() const -> const std::optional<Error>& { return error_; }

 private:
  auto Add(Shape shape) -> ShapeId;
  auto Unknown() -> ShapeId { return Add({.kind = ShapeKind::Unknown}); }

  auto ReadShape(const Json& schema, const std::string& pointer) -> ShapeId;
  auto ReadTyped(const Json& schema, const Json& type, const std::string& pointer) -> ShapeId;
  auto ReadUntyped(const Json& schema, const std::string& pointer) -> ShapeId;
  auto ReadNamedType(const Json& schema, const std::string& type, const std::string& pointer) -> ShapeId;
  auto ReadString(const Json& schema, const std::string& pointer) -> ShapeId;
  auto ReadEnum(const Json& values, const std::string& pointer) -> ShapeId;
  auto ReadArray(const Json& schema, const std::string& pointer) -> ShapeId;
  auto ReadPrefixItems(const Json& schema, const Json& prefix, const std::string& pointer) -> ShapeId;
  auto ReadObject(const Json& schema, const std::string& pointer) -> ShapeId;
  auto ReadUnion(const Json& members, const std::string& pointer) -> ShapeId;
  auto ReadAllOf(const Json& members, const std::string& pointer) -> ShapeId;
  auto ReadReference(const Json& reference, const std::string& pointer) -> ShapeId;
  auto UntypedNames(const Json& schema) const -> std::optional<std::vector<std::string>>;

  auto ReadRequired(const Json& schema, const std::string& pointer) -> std::vector<std::string>;
  auto ReadProperties(const Json& schema, const std::string& pointer) -> std::vector<Property>;
  auto ReadProperty(const std::string& name, const Json& schema, bool required, const std::string& pointer) -> Property;
  auto ReadNotes(const Json& schema, ShapeId shape) -> std::vector<Note>;
  void ReadPointed(Parameters& parameters);

  Manifest& manifest_;
  const ReadOptions& options_;
  std::optional<Error> error_ = {};
  const Json* document_ = nullptr;      // what `#` means
  std::string document_pointer_ = {};
  std::vector<std::string> pointed_ = {};    // pointers into `document_` that references go to and that are not in `$defs`
  std::unordered_set<std::string> pointed_before_ = {};
};

// Whether two shapes say the same, part by part.
auto SameShape(const Manifest& manifest, ShapeId a, ShapeId b) -> bool;

}  // namespace remit::mcp
