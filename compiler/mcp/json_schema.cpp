#include "compiler/mcp/json_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace remit::mcp {
namespace {

constexpr size_t kMostChoices = 64;  // compared with each other
constexpr std::string_view kUnknownType = "is not one of boolean, integer, float, number, string, null, array, object";

struct TypeRow {
  std::string_view name;
  ShapeKind kind;
};
constexpr std::array<TypeRow, 5> kPlainTypes = {{{"boolean", ShapeKind::Bool},
                                                 {"integer", ShapeKind::Integer},
                                                 {"float", ShapeKind::Float},
                                                 {"number", ShapeKind::Number},
                                                 {"null", ShapeKind::Null}}};
// Other formats stay text.
constexpr std::array<TypeRow, 6> kFormats = {{{"date", ShapeKind::Datetime},
                                              {"date-time", ShapeKind::Datetime},
                                              {"duration", ShapeKind::Duration},
                                              {"ipv4", ShapeKind::IpAddr},
                                              {"ipv6", ShapeKind::IpAddr},
                                              {"decimal", ShapeKind::Decimal}}};

auto FindKind(const auto& rows, std::string_view name) -> std::optional<ShapeKind> {
  const auto found = std::ranges::find(rows, name, &TypeRow::name);
  return found == rows.end() ? std::nullopt : std::optional(found->kind);
}

auto Member(const Json& object, const char* name) -> const Json* {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? nullptr : &*found;
}

auto Text(const Json* value) -> std::string { return value != nullptr && value->is_string() ? value->get<std::string>() : ""; }

auto IsFalse(const Json& value) -> bool { return value.is_boolean() && !value.get<bool>(); }

auto AppendPointer(const std::string& pointer, std::string_view member) -> std::string {
  std::string out = pointer + "/";
  for (const char c : member) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

// None where the pointer is no pointer, or points at nothing.
auto FindAt(const Json& document, const std::string& pointer) -> const Json* {
  try {
    return &document.at(Json::json_pointer(pointer));
  } catch (const Json::exception&) {
    return nullptr;
  }
}

auto IsNullSchema(const Json& schema) -> bool {
  const auto* type = Member(schema, "type");
  return type != nullptr && type->is_string() && *type == "null";
}

}  // namespace

void SchemaReader::Fail(std::string_view code, std::string message, const std::string& pointer) {
  if (!error_) error_ = Error{.code = std::string(code), .message = std::move(message), .pointer = pointer, .help = {}};
}

auto SchemaReader::Add(Shape shape) -> ShapeId {
  if (manifest_.shapes.size() >= kMostShapes) Fail("manifest-too-large", fmt::format("there are more than {} types", kMostShapes), "");
  manifest_.shapes.push_back(std::move(shape));
  return {static_cast<uint32_t>(manifest_.shapes.size() - 1)};
}

auto SchemaReader::ReadParameters(const Json& schema, const std::string& pointer) -> Parameters {
  const auto* wrapped = Member(schema, "json");
  document_ = wrapped != nullptr ? wrapped : &schema;
  document_pointer_ = wrapped != nullptr ? pointer + "/json" : pointer;
  pointed_.clear();
  pointed_before_.clear();
  if (!document_->is_object()) Fail("invalid-manifest", "the schema of arguments and results is a JSON object", document_pointer_);
  Parameters parameters = {.properties = ReadProperties(*document_, document_pointer_),
                           .definitions = ReadDefinitions(*document_, document_pointer_)};
  ReadPointed(parameters);
  return parameters;
}

auto SchemaReader::ReadDefinitions(const Json& holder, const std::string& pointer) -> std::vector<Definition> {
  std::vector<Definition> definitions;
  for (const char* member : {"$defs", "definitions"}) {
    const auto* all = Member(holder, member);
    if (all == nullptr) continue;
    if (!all->is_object()) Fail("invalid-manifest", fmt::format("`{}` is an object of schemas", member), AppendPointer(pointer, member));
    for (const auto& [name, schema] : all->items()) {
      if (error_) return definitions;
      if (all != Member(holder, "$defs") && Member(holder, "$defs") != nullptr && Member(holder, "$defs")->contains(name)) continue;
      definitions.push_back({.name = name, .shape = ReadShape(schema, AppendPointer(AppendPointer(pointer, member), name))});
    }
  }
  return definitions;
}

// Each place that is referred to becomes one definition, named by its pointer, however often it is referred to.
void SchemaReader::ReadPointed(Parameters& parameters) {
  for (size_t i = 0; i < pointed_.size() && !error_; ++i) {
    const std::string pointer = pointed_[i];
    const Json* place = FindAt(*document_, pointer);
    if (place == nullptr) return Fail("unknown-reference", fmt::format("nothing is at `#{}`", pointer), document_pointer_);
    const auto shape = pointer.empty() ? ReadObject(*document_, document_pointer_) : ReadShape(*place, document_pointer_ + pointer);
    parameters.definitions.push_back({.name = "#" + pointer, .shape = shape});
  }
}

auto SchemaReader::ReadShape(const Json& schema, const std::string& pointer) -> ShapeId {
  if (error_ || schema.is_boolean()) return Unknown();
  if (!schema.is_object()) {
    Fail("invalid-manifest", "a schema is a JSON object", pointer);
    return Unknown();
  }
  const auto* type = Member(schema, "type");
  return type != nullptr ? ReadTyped(schema, *type, pointer) : ReadUntyped(schema, pointer);
}

auto SchemaReader::ReadTyped(const Json& schema, const Json& type, const std::string& pointer) -> ShapeId {
  if (type.is_string()) return ReadNamedType(schema, type.get<std::string>(), pointer);
  if (type.is_boolean() || type.is_null()) return Unknown();
  if (!type.is_array()) {
    Fail("invalid-manifest", "`type` is a string or a list", pointer + "/type");
    return Unknown();
  }
  // Each of the types, with what else the schema says.
  Shape shape = {.kind = ShapeKind::Union};
  for (const auto& member : type) {
    if (error_) break;
    if (member.is_string() && member == "string") {
      shape.parts.push_back(options_.precise ? ReadString(schema, pointer) : Add({.kind = ShapeKind::String}));
    } else {
      shape.parts.push_back(member.is_string() ? ReadNamedType(schema, member.get<std::string>(), pointer)
                                               : ReadShape(member, pointer + "/type"));
    }
  }
  if (options_.precise && shape.parts.size() == 1) return shape.parts.front();
  return Add(std::move(shape));
}

auto SchemaReader::ReadUntyped(const Json& schema, const std::string& pointer) -> ShapeId {
  for (const char* word : {"anyOf", "oneOf"}) {
    if (const auto* members = Member(schema, word)) return ReadUnion(*members, AppendPointer(pointer, word));
  }
  if (const auto* reference = Member(schema, "$ref")) return ReadReference(*reference, pointer + "/$ref");
  if (const auto* members = Member(schema, "allOf")) return ReadAllOf(*members, pointer + "/allOf");
  if (!options_.precise) return Unknown();
  if (auto names = UntypedNames(schema)) return Add({.kind = ShapeKind::Enum, .names = std::move(*names)});
  return Member(schema, "properties") != nullptr ? ReadObject(schema, pointer) : Unknown();
}

auto SchemaReader::ReadNamedType(const Json& schema, const std::string& type, const std::string& pointer) -> ShapeId {
  if (const auto kind = FindKind(kPlainTypes, type)) return Add({.kind = *kind});
  if (type == "string") return ReadString(schema, pointer);
  if (type == "array") return ReadArray(schema, pointer);
  if (type == "object") return ReadObject(schema, pointer);
  Fail("invalid-manifest", fmt::format("`{}` {}", type, kUnknownType), pointer + "/type");
  return Unknown();
}

auto SchemaReader::ReadString(const Json& schema, const std::string& pointer) -> ShapeId {
  if (const auto* values = Member(schema, "enum")) return ReadEnum(*values, pointer + "/enum");
  if (const auto* constant = Member(schema, "const"); options_.precise && constant != nullptr && constant->is_string()) {
    return Add({.kind = ShapeKind::Enum, .names = {constant->get<std::string>()}});
  }
  return Add({.kind = FindKind(kFormats, Text(Member(schema, "format"))).value_or(ShapeKind::String)});
}

// Names in their order, each once. `null` among them is what a nullable type says.
auto SchemaReader::ReadEnum(const Json& values, const std::string& pointer) -> ShapeId {
  Shape shape = {.kind = ShapeKind::Enum};
  std::unordered_set<std::string> seen;
  if (!values.is_array()) Fail("invalid-manifest", "`enum` is a list", pointer);
  for (const auto& value : values) {
    if (value.is_null()) continue;
    if (!value.is_string()) {
      Fail("invalid-manifest", "the `enum` of a string has strings", pointer);
      break;
    }
    auto name = value.get<std::string>();
    if (seen.insert(name).second) shape.names.push_back(std::move(name));
  }
  if (shape.names.empty()) Fail("invalid-manifest", "an `enum` has at least one value", pointer);
  return Add(std::move(shape));
}

auto SchemaReader::ReadArray(const Json& schema, const std::string& pointer) -> ShapeId {
  if (const auto* prefix = Member(schema, "prefixItems"); prefix != nullptr && prefix->is_array()) {
    return ReadPrefixItems(schema, *prefix, pointer);
  }
  const auto* items = Member(schema, "items");
  const bool known = items != nullptr && !items->is_boolean() && !items->is_null();
  const auto element = known ? ReadShape(*items, pointer + "/items") : Unknown();
  return Add({.kind = ShapeKind::Array, .parts = {element}});
}

// Closed: a tuple. Otherwise one kind of element, or nothing is known of them.
auto SchemaReader::ReadPrefixItems(const Json& schema, const Json& prefix, const std::string& pointer) -> ShapeId {
  std::vector<ShapeId> parts;
  for (size_t i = 0; i < prefix.size() && !error_; ++i) parts.push_back(ReadShape(prefix[i], fmt::format("{}/prefixItems/{}", pointer, i)));
  const auto* items = Member(schema, "items");
  if (items != nullptr && IsFalse(*items)) return Add({.kind = ShapeKind::Tuple, .parts = std::move(parts)});
  if (items == nullptr || !items->is_object()) return Add({.kind = ShapeKind::Array, .parts = {Unknown()}});
  const auto element = ReadShape(*items, pointer + "/items");
  const bool same = std::ranges::all_of(parts, [&](ShapeId part) { return SameShape(manifest_, part, element); });
  if (same) return Add({.kind = ShapeKind::Array, .parts = {element}});
  if (!options_.precise || parts.size() > kMostChoices) return Add({.kind = ShapeKind::Array, .parts = {Unknown()}});
  parts.push_back(element);
  Shape mixed = {.kind = ShapeKind::Union};
  for (const ShapeId part : parts) {
    const bool there = std::ranges::any_of(mixed.parts, [&](ShapeId other) { return SameShape(manifest_, part, other); });
    if (!there) mixed.parts.push_back(part);
  }
  return Add({.kind = ShapeKind::Array, .parts = {Add(std::move(mixed))}});
}

auto SchemaReader::ReadObject(const Json& schema, const std::string& pointer) -> ShapeId {
  Shape shape = {.kind = ShapeKind::Object, .properties = ReadProperties(schema, pointer)};
  const auto* rest = Member(schema, "additionalProperties");
  if (rest != nullptr && !rest->is_boolean() && !rest->is_null()) shape.rest = ReadShape(*rest, pointer + "/additionalProperties");
  return Add(std::move(shape));
}

auto SchemaReader::ReadUnion(const Json& members, const std::string& pointer) -> ShapeId {
  if (!members.is_array()) {
    Fail("invalid-manifest", "a choice is a list of schemas", pointer);
    return Unknown();
  }
  Shape shape = {.kind = ShapeKind::Union};
  for (size_t i = 0; i < members.size() && !error_; ++i) {
    shape.parts.push_back(ReadShape(members[i], fmt::format("{}/{}", pointer, i)));
  }
  if (!options_.precise) return Add(std::move(shape));
  if (shape.parts.size() == 1) return shape.parts.front();
  const auto is_enum = [&](ShapeId part) { return manifest_.shape(part).kind == ShapeKind::Enum; };
  if (shape.parts.empty() || !std::ranges::all_of(shape.parts, is_enum)) return Add(std::move(shape));
  Shape merged = {.kind = ShapeKind::Enum};
  std::unordered_set<std::string> seen;
  for (const ShapeId part : shape.parts) {
    for (const auto& name : manifest_.shape(part).names) {
      if (seen.insert(name).second) merged.names.push_back(name);
    }
  }
  return Add(std::move(merged));
}

// Objects that must all hold are one object; of anything else nothing is known.
auto SchemaReader::ReadAllOf(const Json& members, const std::string& pointer) -> ShapeId {
  if (!members.is_array() || members.empty()) return Unknown();
  if (members.size() == 1) return ReadShape(members.front(), pointer + "/0");
  Shape merged = {.kind = ShapeKind::Object};
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < members.size() && !error_; ++i) {
    const auto id = ReadShape(members[i], fmt::format("{}/{}", pointer, i));
    const Shape part = manifest_.shape(id);
    if (part.kind != ShapeKind::Object) return Unknown();
    for (const auto& property : part.properties) {
      const auto [place, is_new] = places.emplace(property.name, merged.properties.size());
      if (is_new)
        merged.properties.push_back(property);
      else
        merged.properties[place->second].required |= property.required;
    }
    if (part.rest.has_value()) merged.rest = part.rest;
  }
  return Add(std::move(merged));
}

auto SchemaReader::ReadReference(const Json& reference, const std::string& pointer) -> ShapeId {
  if (!reference.is_string()) {
    Fail("invalid-manifest", "`$ref` is a string", pointer);
    return Unknown();
  }
  const auto target = reference.get<std::string>();
  if (!target.starts_with('#')) {
    Fail("unknown-reference", fmt::format("`{}` is outside of the document", target), pointer);
    return Unknown();
  }
  for (const std::string_view definitions : {"#/$defs/", "#/definitions/"}) {
    const auto name = std::string_view(target).substr(std::min(definitions.size(), target.size()));
    if (target.starts_with(definitions) && name.find('/') == name.npos) {
      return Add({.kind = ShapeKind::Ref, .names = {std::string(name)}});
    }
  }
  auto place = target.substr(1);
  if (document_ != nullptr && pointed_before_.insert(place).second) pointed_.push_back(std::move(place));
  return Add({.kind = ShapeKind::Ref, .names = {target}});
}

auto SchemaReader::UntypedNames(const Json& schema) const -> std::optional<std::vector<std::string>> {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  const auto* values = Member(schema, "enum");
  const auto* constant = Member(schema, "const");
  if (constant != nullptr && constant->is_string()) return std::vector{constant->get<std::string>()};
  if (values == nullptr || !values->is_array() || values->empty()) return std::nullopt;
  for (const auto& value : *values) {
    if (!value.is_string()) return std::nullopt;
    if (auto name = value.get<std::string>(); seen.insert(name).second) names.push_back(std::move(name));
  }
  return names;
}

// A list of names; `false` stands for none.
auto SchemaReader::ReadRequired(const Json& schema, const std::string& pointer) -> std::vector<std::string> {
  const auto* required = Member(schema, "required");
  std::vector<std::string> names;
  if (required == nullptr || IsFalse(*required)) return names;
  if (!required->is_array()) Fail("invalid-manifest", "`required` is a list of names", pointer + "/required");
  for (const auto& name : *required) {
    if (!name.is_string())
      Fail("invalid-manifest", "`required` is a list of names", pointer + "/required");
    else
      names.push_back(name.get<std::string>());
  }
  std::ranges::sort(names);
  return names;
}

auto SchemaReader::ReadProperties(const Json& schema, const std::string& pointer) -> std::vector<Property> {
  const auto required = ReadRequired(schema, pointer);
  std::vector<Property> properties;
  const auto* all = Member(schema, "properties");
  if (all == nullptr || IsFalse(*all)) return properties;
  if (!all->is_object()) Fail("invalid-manifest", "`properties` is an object of schemas", pointer + "/properties");
  for (const auto& [name, property] : all->items()) {
    if (error_) break;
    properties.push_back(
        ReadProperty(name, property, std::ranges::binary_search(required, name), AppendPointer(pointer + "/properties", name)));
  }
  return properties;
}

auto SchemaReader::ReadProperty(const std::string& name, const Json& schema, bool required, const std::string& pointer) -> Property {
  Property property = {.name = name, .required = required};
  const Json* read = &schema;
  Json without_null;
  if (options_.precise && schema.is_object()) {
    const auto* type = Member(schema, "type");
    const char* word = type != nullptr ? "type" : Member(schema, "anyOf") != nullptr ? "anyOf" : "oneOf";
    const auto* choices = Member(schema, word);
    const auto is_null = [](const Json& choice) { return choice == "null" || IsNullSchema(choice); };
    if (choices != nullptr && choices->is_array() && choices->size() > 1 && std::ranges::any_of(*choices, is_null)) {
      Json rest = Json::array();
      for (const auto& choice : *choices) {
        if (!is_null(choice)) rest.push_back(choice);
      }
      property.nullable = true;
      property.required = false;
      without_null = schema;
      if (rest.size() == 1 && rest.front().is_object())
        without_null.erase(word), without_null.update(rest.front());
      else
        without_null[word] = rest.size() == 1 ? rest.front() : rest;
      read = &without_null;
    }
  }
  property.shape = ReadShape(*read, pointer);
  property.notes = ReadNotes(*read, property.shape);
  return property;
}

auto SchemaReader::ReadNotes(const Json& schema, ShapeId shape) -> std::vector<Note> {
  struct Row {
    const char* member;
    const char* key;
  };
  static constexpr std::array<Row, 11> kRows = {{{"minimum", "minimum"},
                                                 {"maximum", "maximum"},
                                                 {"exclusiveMinimum", "exclusive_minimum"},
                                                 {"exclusiveMaximum", "exclusive_maximum"},
                                                 {"multipleOf", "multiple_of"},
                                                 {"minLength", "min_length"},
                                                 {"maxLength", "max_length"},
                                                 {"pattern", "pattern"},
                                                 {"minItems", "min_items"},
                                                 {"maxItems", "max_items"},
                                                 {"description", "doc"}}};
  std::vector<Note> notes;
  const auto add = [&](const char* key, const Json& value) {
    notes.push_back(
        {.key = key, .value = value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace)});
  };
  for (const auto& [member, key] : kRows) {
    const auto* value = Member(schema, member);
    if (value != nullptr && (value->is_number() || value->is_string())) add(key, *value);
  }
  const auto kind = manifest_.shape(shape).kind;
  if (const auto* format = Member(schema, "format"); format != nullptr && kind == ShapeKind::String) add("format", *format);
  if (const auto* values = Member(schema, "enum"); values != nullptr && kind != ShapeKind::Enum) add("one_of", *values);
  if (const auto* value = Member(schema, "const"); value != nullptr && kind != ShapeKind::Enum) add("one_of", Json::array({*value}));
  return notes;
}

auto SameShape(const Manifest& manifest, ShapeId a, ShapeId b) -> bool {
  const auto& one = manifest.shape(a);
  const auto& other = manifest.shape(b);
  const auto same = [&](ShapeId x, ShapeId y) { return SameShape(manifest, x, y); };
  const auto same_property = [&](const Property& x, const Property& y) {
    return x.name == y.name && x.required == y.required && same(x.shape, y.shape);
  };
  if (one.kind != other.kind || one.names != other.names || one.rest.has_value() != other.rest.has_value()) return false;
  return std::ranges::equal(one.parts, other.parts, same) && std::ranges::equal(one.properties, other.properties, same_property) &&
         (!one.rest.has_value() || same(one.rest, other.rest));
}

}  // namespace remit::mcp
