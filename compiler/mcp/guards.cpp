#include "compiler/mcp/guards.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "compiler/mcp/formats.h"
#include "runtime/base/text.h"
#include "stdlib/regex.h"

namespace remit::mcp {
namespace {

// Patterns search, `.matches` compares the whole text.
auto WholePattern(const std::string& pattern) -> std::string { return fmt::format("(?s:.*)(?:{})(?s:.*)", pattern); }

// The bound of a `Long`; none where no `Long` is beyond it.
auto LongBound(const std::string& text, bool round_up) -> std::optional<int64_t> {
  const double number = std::strtod(text.c_str(), nullptr);
  const double rounded = round_up ? std::ceil(number) : std::floor(number);
  if (!(std::abs(rounded) < 9.2e18)) return std::nullopt;
  return static_cast<int64_t>(rounded);
}

auto IsWhole(const std::string& text) -> bool {
  const double number = std::strtod(text.c_str(), nullptr);
  return std::trunc(number) == number;
}

class GuardWriter {
 public:
  GuardWriter(const Manifest& manifest, const ToolSchema& schema) : manifest_(manifest), schema_(schema) {}

  auto Write(const Tool& tool) -> std::string {
    conditions_.clear();
    unsaid_.clear();
    Properties(tool.inputs.properties, "context.input", {}, tool.name);
    std::string text;
    for (const auto& unsaid : unsaid_) text += fmt::format("// {}\n", EscapeString(unsaid));
    if (conditions_.empty()) return text;
    text += fmt::format("@id({})\nforbid (principal, action == {}::Action::{}, resource)\nwhen {{\n",
                        QuoteString("arguments-of-" + tool.name), schema_.name_space, QuoteString(tool.name));
    for (size_t i = 0; i < conditions_.size(); ++i)
      text += fmt::format("  {}{}\n", conditions_[i], i + 1 < conditions_.size() ? " ||" : "");
    return text + "};\n\n";
  }

 private:
  // `given`: that there is something to hold, each with ` && ` behind it. Written as what breaks a rule, for the checker knows nothing of what is
  // there behind a `!(.. has ..) ||`.
  void Properties(const std::vector<Property>& properties, const std::string& base, const std::string& given, const std::string& place) {
    for (const auto& property : properties) {
      const auto key = IsIdentifier(property.name) ? "." + property.name : fmt::format("[{}]", QuoteString(property.name));
      const auto has = IsIdentifier(property.name) ? property.name : QuoteString(property.name);
      const auto there = property.required ? given : fmt::format("{}{} has {} && ", given, base, has);
      const auto here = place + "." + property.name;
      for (const auto& note : property.notes) Add(note, manifest_.shape(property.shape), base + key, there, here);
      const auto& shape = manifest_.shape(property.shape);
      if (shape.kind == ShapeKind::Object) Properties(shape.properties, base + key, there, here);
    }
  }

  void Add(const Note& note, const Shape& shape, const std::string& value, const std::string& there, const std::string& place) {
    const auto condition = Condition(note, shape, value);
    if (condition.empty()) {
      if (note.key == "pattern" || note.key == "one_of" || note.key == "multiple_of") {
        unsaid_.push_back(fmt::format("not held: {} of {}: {}", note.key, place, note.value));
      }
      return;
    }
    conditions_.push_back(fmt::format("({}!({}))", there, condition));
  }

  auto Condition(const Note& note, const Shape& shape, const std::string& value) const -> std::string {
    if (shape.kind == ShapeKind::Integer) return OfLong(note, value);
    if (shape.kind == ShapeKind::Number || shape.kind == ShapeKind::Float) return OfDecimal(note, value);
    if (shape.kind == ShapeKind::String) return OfString(note, value);
    if (shape.kind == ShapeKind::Array && note.key == "max_items") return fmt::format("{}.size() <= {}", value, note.value);
    return {};
  }

  static auto OfLong(const Note& note, const std::string& value) -> std::string {
    const bool lower = note.key == "minimum" || note.key == "exclusive_minimum";
    const bool upper = note.key == "maximum" || note.key == "exclusive_maximum";
    if (note.key == "one_of") return OneOf(note, value);
    const auto bound = lower || upper ? LongBound(note.value, lower) : std::nullopt;
    if (!bound) return {};
    // A fraction excludes itself already.
    const bool exclusive = note.key.starts_with("exclusive") && IsWhole(note.value);
    return fmt::format("{} {}{} {}", value, lower ? '>' : '<', exclusive ? "" : "=", *bound);
  }

  static auto OneOf(const Note& note, const std::string& value) -> std::string {
    const auto list = nlohmann::json::parse(note.value, nullptr, false);
    const auto is_long = [](const auto& one) {
      return one.is_number_integer() && !(one.is_number_unsigned() && one.template get<uint64_t>() > INT64_MAX);
    };
    if (!list.is_array() || list.empty() || !std::ranges::all_of(list, is_long)) return {};
    return fmt::format("{}.contains({})", list.dump(), value);
  }

  auto OfDecimal(const Note& note, const std::string& value) const -> std::string {
    if (!schema_.options.numbers_as_decimal) return {};
    const auto bound = CedarDecimal(std::strtod(note.value.c_str(), nullptr));
    if (!bound) return {};
    std::string_view method;
    if (note.key == "minimum")
      method = "greaterThanOrEqual";
    else if (note.key == "exclusive_minimum")
      method = "greaterThan";
    else if (note.key == "maximum")
      method = "lessThanOrEqual";
    else if (note.key == "exclusive_maximum")
      method = "lessThan";
    if (method.empty()) return {};
    return fmt::format("{}.{}(decimal(\"{}\"))", value, method, *bound);
  }

  static auto OfString(const Note& note, const std::string& value) -> std::string {
    const bool minimum = note.key == "min_length";
    if (minimum || note.key == "max_length") {
      const auto bound = LongBound(note.value, minimum);
      return bound ? fmt::format("{}.size() {} {}", value, minimum ? ">=" : "<=", *bound) : "";
    }
    if (note.key != "pattern") return {};
    const auto pattern = WholePattern(note.value);
    return Regex::Compile(pattern) ? fmt::format("{}.matches({})", value, QuoteString(pattern)) : "";
  }

  const Manifest& manifest_;
  const ToolSchema& schema_;
  std::vector<std::string> conditions_ = {};
  std::vector<std::string> unsaid_ = {};
};

}  // namespace

auto MakeGuards(const Manifest& manifest, const ToolSchema& schema) -> std::string {
  GuardWriter writer(manifest, schema);
  std::string text;
  for (const auto& tool : manifest.tools) text += writer.Write(tool);
  return text;
}

}  // namespace remit::mcp
