#include "compiler/schema/json_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "runtime/base/text.h"

namespace remit {
namespace {

// Follows nlohmann's events through the same text. Its text was accepted as far as the events have come.
class TokenCursor {
 public:
  TokenCursor(std::string_view text, FileId file) : text_(text), file_(file) {}

  auto Next() -> Span {
    const size_t begin = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size());
    at_ = EndOfToken(begin);
    return {.file = file_, .begin = static_cast<uint32_t>(begin), .end = static_cast<uint32_t>(at_)};
  }

 private:
  auto EndOfToken(size_t begin) const -> size_t {
    if (begin >= text_.size()) return text_.size();
    if (text_[begin] == '"') return EndOfString(begin);
    if (std::string_view{"{}[]"}.contains(text_[begin])) return begin + 1;
    return std::min(text_.find_first_of(" \t\r\n,:{}[]\"", begin), text_.size());
  }

  auto EndOfString(size_t begin) const -> size_t {
    for (size_t at = begin + 1; at < text_.size(); ++at) {
      if (text_[at] == '"') return at + 1;
      if (text_[at] == '\\') ++at;
    }
    return text_.size();
  }

  std::string_view text_;
  FileId file_;
  size_t at_ = 0;
};

class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, FileId file, ParseContext& context) : context_(context), cursor_(text, file), file_(file) {}

  auto null() -> bool override { return Add({.type = JsonType::Null, .members = {}}); }
  auto boolean(bool value) -> bool override { return Add({.type = JsonType::Bool, .boolean = value, .members = {}}); }
  auto number_integer(number_integer_t) -> bool override { return Add({.type = JsonType::Number, .members = {}}); }
  auto number_unsigned(number_unsigned_t) -> bool override { return Add({.type = JsonType::Number, .members = {}}); }
  auto number_float(number_float_t, const string_t&) -> bool override { return Add({.type = JsonType::Number, .members = {}}); }
  auto string(string_t& text) -> bool override { return Add({.type = JsonType::String, .text = std::move(text), .members = {}}); }
  auto binary(binary_t&) -> bool override { return false; }
  auto start_object(size_t) -> bool override { return Open(JsonType::Object); }
  auto start_array(size_t) -> bool override { return Open(JsonType::Array); }
  auto end_object() -> bool override { return Close(); }
  auto end_array() -> bool override { return Close(); }

  auto key(string_t& text) -> bool override {
    const Span span = cursor_.Next();
    auto& top = open_.back();
    if (!top.keys.insert(text).second) {
      context_.sink.Report(DiagnosticCode::SchemaDuplicateKey, span, EscapeString(text));
      has_errors_ = true;
    }
    top.node.members.push_back({.key = std::move(text), .key_span = span, .value = {}});
    return true;
  }

  auto parse_error(size_t position, const std::string&, const nlohmann::detail::exception& error) -> bool override {
    const auto at = static_cast<uint32_t>(position > 0 ? position - 1 : 0);
    context_.sink.Report(DiagnosticCode::SchemaInvalidJson, {.file = file_, .begin = at, .end = at}, Reason(error.what()));
    has_errors_ = true;
    return false;
  }

  auto TakeRoot() -> std::optional<JsonNode> {
    if (has_errors_ || !open_.empty()) return std::nullopt;
    return std::move(root_);
  }

 private:
  struct Level {
    JsonNode node;
    std::unordered_set<std::string> keys;
  };

  // nlohmann's texts are `[json.exception.parse_error.101] parse error at line 1, column 2: reason; last read: ..`.
  static auto Reason(std::string_view what) -> std::string {
    if (const size_t colon = what.find(": "); colon != std::string_view::npos) what.remove_prefix(colon + 2);
    return std::string{what.substr(0, what.find(';'))};
  }

  auto Open(JsonType type) -> bool {
    const Span span = cursor_.Next();
    if (open_.size() >= context_.limits.max_json_depth) {
      context_.sink.Report(DiagnosticCode::NestingTooDeep, span, context_.limits.max_json_depth);
      has_errors_ = true;
      return false;
    }
    open_.push_back({.node = {.type = type, .members = {}, .span = span}, .keys = {}});
    return true;
  }

  auto Close() -> bool {
    cursor_.Next();
    JsonNode node = std::move(open_.back().node);
    open_.pop_back();
    Place(std::move(node));
    return true;
  }

  auto Add(JsonNode node) -> bool {
    node.span = cursor_.Next();
    Place(std::move(node));
    return true;
  }

  void Place(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (auto& parent = open_.back().node; parent.type == JsonType::Array) {
      parent.items.push_back(std::move(node));
    } else {
      parent.members.back().value = std::move(node);
    }
  }

  ParseContext& context_;
  TokenCursor cursor_;
  FileId file_;
  std::vector<Level> open_;
  JsonNode root_;
  bool has_errors_ = false;
};

}  // namespace

auto DescribeJsonType(JsonType type) -> std::string_view {
  switch (type) {
    case JsonType::Null: return "null";
    case JsonType::Bool: return "a boolean";
    case JsonType::Number: return "a number";
    case JsonType::String: return "a string";
    case JsonType::Array: return "an array";
    case JsonType::Object: return "an object";
  }
  return {};
}

auto JsonNode::Find(std::string_view key) const -> const JsonNode* {
  const auto it = std::ranges::find(members, key, &JsonMember::key);
  return it == members.end() ? nullptr : &it->value;
}

auto ParseJsonTree(FileId file, ParseContext& context) -> std::optional<JsonNode> {
  const auto text = context.sources.file(file).text();
  const size_t limit = std::min<size_t>(context.limits.max_source_bytes, std::numeric_limits<uint32_t>::max() - 1);
  if (text.size() > limit) {
    context.sink.Report(DiagnosticCode::FileTooLarge, {.file = file, .begin = 0, .end = 0}, text.size(), limit);
    return std::nullopt;
  }
  if (const auto bad = FindInvalidUtf8(text)) {
    const auto at = static_cast<uint32_t>(*bad);
    context.sink.Report(DiagnosticCode::InvalidUtf8, {.file = file, .begin = at, .end = at + 1});
    return std::nullopt;
  }
  TreeBuilder builder(text, file, context);
  // nlohmann would skip it.
  if (text.starts_with("\xEF\xBB\xBF")) {
    context.sink.Report(DiagnosticCode::SchemaInvalidJson, {.file = file, .begin = 0, .end = 3}, "it starts with a byte order mark");
    return std::nullopt;
  }
  if (!nlohmann::json::sax_parse(text, &builder)) return std::nullopt;
  return builder.TakeRoot();
}

}  // namespace remit
