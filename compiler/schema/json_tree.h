// A JSON document with the place of every value, so that a schema in JSON gets the same underlined errors as one in text.
//
// nlohmann/json reads and checks the text; its events say what comes next but not where, so the builder follows with a cursor of
// its own. nlohmann's own tree keeps neither places nor duplicate keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/parse/parse.h"

namespace remit {

enum class JsonType : uint8_t { Null, Bool, Number, String, Array, Object };

// As messages name it: "an object".
auto DescribeJsonType(JsonType type) -> std::string_view;

struct JsonMember;

struct JsonNode {
  JsonType type = JsonType::Null;
  bool boolean = false;
  std::string text = {};  // String
  std::vector<JsonNode> items = {};
  std::vector<JsonMember> members;  // keys differ; no `= {}`, the type is incomplete here
  Span span = {};                   // of a composite only its opening bracket

  // Null if there is no such member.
  auto Find(std::string_view key) const -> const JsonNode*;
};

struct JsonMember {
  std::string key;
  Span key_span;
  JsonNode value;
};

// None if it is not JSON, has a duplicate key or is nested too deeply: reported.
auto ParseJsonTree(FileId file, ParseContext& context) -> std::optional<JsonNode>;

}  // namespace remit
