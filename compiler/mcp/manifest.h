// What tools of the Model Context Protocol say of their arguments: JSON Schema, reduced to what a typed schema can say.
//
// Reading follows the public generator of cedar-policy/cedar-for-agents (mcp-tools-sdk 0.6): the same documents are understood and mean the same
// shapes, so that its users find their schemas here. What it refuses and real servers say is read too: boolean schemas, `allOf`, references to
// anywhere in the document. Resolving references into one tree was the alternative; a recursive type has none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/ids.h"
#include "runtime/base/limits.h"

namespace remit::mcp {

using ShapeId = Id<struct ShapeTag>;

enum class ShapeKind : uint8_t {
  Bool,
  Integer,
  Float,
  Number,
  String,
  Decimal,
  Datetime,
  Duration,
  IpAddr,
  Null,
  Unknown,  // no parts
  Enum,  // `names`
  Array,  // one part
  Tuple,  // parts, in order
  Union,  // parts, the first that fits counts
  Object,  // `properties`, and `rest` if others are allowed
  Ref  // `names[0]`: what it refers to
};

// What a schema cannot enforce, and keeps as an annotation: `minimum`, `pattern`, `doc`.
struct Note {
  std::string key;
  std::string value;
};

struct Property {
  std::string name;
  bool required = false;
  ShapeId shape = {};
  bool nullable = false;  // `null` counts as absent
  std::vector<Note> notes = {};
};

struct Shape {
  ShapeKind kind = ShapeKind::Unknown;
  std::vector<std::string> names = {};
  std::vector<ShapeId> parts = {};
  std::vector<Property> properties = {};
  ShapeId rest = {};
};

struct Definition {
  std::string name;
  ShapeId shape = {};
};

struct Parameters {
  std::vector<Property> properties = {};
  std::vector<Definition> definitions = {};
};

// As the server says. It may lie: hints are for servers that are trusted.
struct Hints {
  std::optional<bool> read_only = {};
  std::optional<bool> destructive = {};
  std::optional<bool> idempotent = {};
  std::optional<bool> open_world = {};
};

struct Tool {
  std::string name;
  std::string description = {};
  Hints hints = {};
  Parameters inputs = {};
  Parameters outputs = {};
  std::vector<Definition> definitions = {};
};

struct Manifest {
  std::vector<Shape> shapes;
  std::vector<Definition> definitions = {};
  std::vector<Tool> tools;

  auto shape(ShapeId id) const -> const Shape& { return shapes[id.value]; }
};

struct ReadOptions {
  Limits limits;
  // Beyond the public generator, where it says `Unknown` or a union with `Null`: nullable properties are optional ones, `enum` and `const` of
  // strings without a type are enumerations, arrays of several kinds are sets of unions, `properties` without a type make an object.
  bool precise = false;
};

// Shapes of one document. A list of types repeats the properties that stand beside it, so their number is not bounded by the text's length alone.
constexpr size_t kMostShapes = 100'000;

// A `tools/list` response, its result, an array of tools, or one tool. Codes: invalid-json, nesting-too-deep, invalid-manifest,
// duplicate-tool, unknown-reference.
auto ReadManifest(std::string_view json, const ReadOptions& options) -> Expected<Manifest>;

}  // namespace remit::mcp
