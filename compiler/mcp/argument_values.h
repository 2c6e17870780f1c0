// Arguments of a call as values of Cedar's JSON, by the shapes of the tool.
#pragma once

#include <nlohmann/json.hpp>

#include "compiler/mcp/tool_schema.h"

namespace remit::mcp {

class ArgumentValues {
 public:
  using Json = nlohmann::json;

  ArgumentValues(const Manifest& manifest, const ToolSchema& schema) : manifest_(manifest), schema_(schema) {}

  // A record. None if an argument does not fit; `error` says which.
  auto Record(const std::vector<Property>& properties, const Json& object, const std::string& pointer) -> std::optional<Json>;

  auto error() const -> const Error& { return error_; }
  // What objects became, in Cedar's JSON.
  auto entities() -> Json& { return entities_; }

 private:
  auto Value(ShapeId id, const Json& json, const std::string& pointer) -> std::optional<Json>;
  auto Text(ShapeKind kind, const Json& json, const std::string& pointer) -> std::optional<Json>;
  auto Number(ShapeKind kind, const Json& json, const std::string& pointer) -> std::optional<Json>;
  auto Members(const Shape& shape, const Json& json, const std::string& pointer) -> std::optional<Json>;
  auto Choice(const Shape& shape, const Json& json, const std::string& pointer) -> std::optional<Json>;
  auto Object(ShapeId id, const Json& json, const std::string& pointer) -> std::optional<Json>;
  auto Opaque(std::string_view type, std::string id) const -> Json;
  auto Refuse(const std::string& pointer, std::string message) -> std::nullopt_t;

  const Manifest& manifest_;
  const ToolSchema& schema_;
  Error error_ = {};
  Json entities_ = Json::array();
  size_t steps_ = 0;
};

}  // namespace remit::mcp
