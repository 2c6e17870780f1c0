#include "compiler/mcp/argument_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/mcp/formats.h"

namespace remit::mcp {
namespace {

using Json = ArgumentValues::Json;

// Of one call. Unions try one alternative after the other, and nested ones multiply.
constexpr size_t kMostSteps = 1'000'000;

auto Call(const char* function, std::optional<std::string> text) -> std::optional<Json> {
  if (!text) return std::nullopt;
  return Json{{"__extn", {{"fn", function}, {"arg", std::move(*text)}}}};
}

auto EntityJson(std::string_view type, std::string_view id) -> Json { return {{"type", type}, {"id", id}}; }
auto Reference(std::string_view type, std::string_view id) -> Json { return {{"__entity", EntityJson(type, id)}}; }

auto Plain(const Json& json) -> std::string { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

auto Below(const std::string& pointer, std::string_view member) -> std::string {
  std::string out = pointer + "/";
  for (const char c : member) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

auto Integer(const Json& json) -> std::optional<Json> {
  if (json.is_number_unsigned() && json.get<uint64_t>() > INT64_MAX) return std::nullopt;
  if (json.is_number_integer()) return json;
  if (!json.is_number_float()) return std::nullopt;
  const double number = json.get<double>();
  if (std::trunc(number) != number || std::abs(number) > 9.0e18) return std::nullopt;
  return Json(static_cast<int64_t>(number));
}

auto NameOf(ShapeKind kind) -> std::string_view {
  switch (kind) {
    case ShapeKind::Bool: return "a boolean";
    case ShapeKind::Integer: return "an integer of 64 bits";
    case ShapeKind::Float:
    case ShapeKind::Number: return "a number";
    case ShapeKind::String: return "a string";
    case ShapeKind::Decimal: return "a decimal";
    case ShapeKind::Datetime: return "a date or time";
    case ShapeKind::Duration: return "a duration";
    case ShapeKind::IpAddr: return "an IP address";
    case ShapeKind::Null: return "null";
    case ShapeKind::Unknown: return "anything";
    case ShapeKind::Enum: return "one of the tool's names";
    case ShapeKind::Array:
    case ShapeKind::Tuple: return "a list";
    case ShapeKind::Union: return "one of the tool's choices";
    case ShapeKind::Object: return "an object";
    case ShapeKind::Ref: return "what is referred to";
  }
  return "";
}

}  // namespace

auto ArgumentValues::Refuse(const std::string& pointer, std::string message) -> std::nullopt_t {
  error_ = {.code = "invalid-argument", .message = std::move(message), .pointer = pointer, .help = {}};
  return std::nullopt;
}

auto ArgumentValues::Opaque(std::string_view type, std::string id) const -> Json {
  return Reference(fmt::format("{}::{}", schema_.name_space, type), id);
}

auto ArgumentValues::Record(const std::vector<Property>& properties, const Json& object, const std::string& pointer)
    -> std::optional<Json> {
  if (!object.is_object()) return Refuse(pointer, "this is not an object");
  Json record = Json::object();
  size_t known = 0;
  for (const auto& property : properties) {
    const auto found = object.find(property.name);
    known += found != object.end() ? 1 : 0;
    if (found == object.end() || (property.nullable && found->is_null())) {
      if (property.required) return Refuse(pointer, fmt::format("`{}` is missing", property.name));
      continue;
    }
    auto value = Value(property.shape, *found, Below(pointer, property.name));
    if (!value) return std::nullopt;
    record[property.name] = std::move(*value);
  }
  if (known == object.size()) return record;
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(properties, name, &Property::name) == properties.end()) {
      return Refuse(Below(pointer, name), fmt::format("there is no argument `{}`", name));
    }
  }
  return record;
}

auto ArgumentValues::Value(ShapeId id, const Json& json, const std::string& pointer) -> std::optional<Json> {
  if (++steps_ > kMostSteps) return Refuse(pointer, "the choices are too many to try");
  const auto& shape = manifest_.shape(id);
  switch (shape.kind) {
    case ShapeKind::Bool:
      if (json.is_boolean()) return json;
      break;
    case ShapeKind::String:
      if (json.is_string()) return json;
      break;
    case ShapeKind::Integer:
    case ShapeKind::Float:
    case ShapeKind::Number: return Number(shape.kind, json, pointer);
    case ShapeKind::Decimal:
    case ShapeKind::Datetime:
    case ShapeKind::Duration:
    case ShapeKind::IpAddr: return Text(shape.kind, json, pointer);
    case ShapeKind::Null:
      if (json.is_null()) return Opaque("Null", "null");
      break;
    case ShapeKind::Unknown: return Opaque("Unknown", Plain(json));
    case ShapeKind::Enum:
      if (json.is_string() && std::ranges::find(shape.names, json.get_ref<const std::string&>()) != shape.names.end()) {
        return Reference(schema_.entity_types[id.value], json.get_ref<const std::string&>());
      }
      break;
    case ShapeKind::Array:
    case ShapeKind::Tuple: return Members(shape, json, pointer);
    case ShapeKind::Union: return Choice(shape, json, pointer);
    case ShapeKind::Object: return Object(id, json, pointer);
    case ShapeKind::Ref: {
      const ShapeId target = schema_.targets[id.value];
      return target.has_value() ? Value(target, json, pointer) : Opaque("Unknown", Plain(json));
    }
  }
  return Refuse(pointer, fmt::format("this is not {}", NameOf(shape.kind)));
}

auto ArgumentValues::Number(ShapeKind kind, const Json& json, const std::string& pointer) -> std::optional<Json> {
  std::optional<Json> value;
  if (kind == ShapeKind::Integer)
    value = Integer(json);
  else if (!json.is_number())
    value = std::nullopt;
  else if (schema_.options.numbers_as_decimal)
    value = Call("decimal", CedarDecimal(json.get<double>()));
  else
    value = Opaque(kind == ShapeKind::Float ? "Float" : "Number", Plain(json));
  if (!value) Refuse(pointer, fmt::format("this is not {}", NameOf(kind)));
  return value;
}

auto ArgumentValues::Text(ShapeKind kind, const Json& json, const std::string& pointer) -> std::optional<Json> {
  std::optional<Json> value;
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    if (kind == ShapeKind::Decimal)
      value = Call("decimal", CedarDecimal(text));
    else if (kind == ShapeKind::Datetime)
      value = Call("datetime", CedarDatetime(text));
    else if (kind == ShapeKind::Duration)
      value = Call("duration", CedarDuration(text));
    else
      value = Call("ip", CedarIp(text));
  }
  if (!value) Refuse(pointer, fmt::format("this is not {}", NameOf(kind)));
  return value;
}

auto ArgumentValues::Members(const Shape& shape, const Json& json, const std::string& pointer) -> std::optional<Json> {
  if (!json.is_array()) return Refuse(pointer, "this is not a list");
  const bool tuple = shape.kind == ShapeKind::Tuple;
  if (tuple && json.size() != shape.parts.size())
    return Refuse(pointer, fmt::format("this list does not have {} elements", shape.parts.size()));
  Json members = tuple ? Json::object() : Json::array();
  for (size_t i = 0; i < json.size(); ++i) {
    auto value = Value(shape.parts[tuple ? i : 0], json[i], fmt::format("{}/{}", pointer, i));
    if (!value) return std::nullopt;
    if (tuple)
      members[fmt::format("proj{}", i)] = std::move(*value);
    else
      members.push_back(std::move(*value));
  }
  return members;
}

// The first alternative that fits. What the others made is forgotten.
auto ArgumentValues::Choice(const Shape& shape, const Json& json, const std::string& pointer) -> std::optional<Json> {
  for (size_t i = 0; i < shape.parts.size(); ++i) {
    const size_t before = entities_.size();
    if (auto value = Value(shape.parts[i], json, pointer)) return Json{{fmt::format("typeChoice{}", i), std::move(*value)}};
    entities_.erase(entities_.begin() + static_cast<std::ptrdiff_t>(before), entities_.end());
    if (steps_ > kMostSteps) return std::nullopt;
  }
  return Refuse(pointer, "this is none of the tool's choices");
}

auto ArgumentValues::Object(ShapeId id, const Json& json, const std::string& pointer) -> std::optional<Json> {
  const auto& shape = manifest_.shape(id);
  if (!json.is_object()) return Refuse(pointer, "this is not an object");
  Json known = Json::object();
  Json tags = Json::object();
  for (const auto& [name, value] : json.items()) {
    const bool is_property = std::ranges::find(shape.properties, name, &Property::name) != shape.properties.end();
    if (is_property || !shape.rest.has_value()) {
      known[name] = value;
      continue;
    }
    auto tag = Value(shape.rest, value, Below(pointer, name));
    if (!tag) return std::nullopt;
    tags[name] = std::move(*tag);
  }
  auto attributes = Record(shape.properties, known, pointer);
  const auto& type = schema_.entity_types[id.value];
  if (!attributes || type.empty()) return attributes;
  entities_.push_back(
      {{"uid", EntityJson(type, pointer)}, {"attrs", std::move(*attributes)}, {"parents", Json::array()}, {"tags", std::move(tags)}});
  return Reference(type, pointer);
}

}  // namespace remit::mcp
