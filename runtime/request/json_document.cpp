#include "runtime/request/json_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "runtime/base/text.h"

namespace remit::json {
namespace {

auto DescribeSyntaxError(simdjson::error_code error) -> std::string_view {
  switch (error) {
    case simdjson::EMPTY: return "it is empty";
    case simdjson::STRING_ERROR: return "a string has an invalid escape";
    case simdjson::UNCLOSED_STRING: return "a string is never closed";
    case simdjson::UNESCAPED_CHARS: return "a string has a control character that is not escaped";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR: return "a word is none of `true`, `false` and `null`";
    default: return "its structure is broken";  // a third party's enumeration: it may grow
  }
}

auto Explain(simdjson::error_code error, uint32_t max_depth) -> std::unexpected<Error> {
  if (error == simdjson::DEPTH_ERROR) return Fail("json-too-deep", fmt::format("more than {} levels of nesting", max_depth));
  if (error == simdjson::UTF8_ERROR) return Fail("invalid-utf8", "this is not valid UTF-8");
  if (error == simdjson::NUMBER_ERROR) return Fail("invalid-number", "a number is malformed or too large for 64 bits");
  if (error == simdjson::MEMALLOC) return Fail("out-of-memory", "not enough memory for this document");
  return Fail("invalid-json", fmt::format("this is not JSON: {}", DescribeSyntaxError(error)));
}

using Parser = simdjson::dom::parser;

// Buffers take some 15 times the bytes of the document.
constexpr size_t kKeptCapacity = size_t{256} << 10;
constexpr size_t kLeastCapacity = size_t{1} << 10;

thread_local std::unique_ptr<Parser> spare_parser;

auto Reserve(Parser& parser, size_t bytes, size_t depth) -> simdjson::error_code {
  if (parser.capacity() >= bytes && parser.max_depth() == depth) return simdjson::SUCCESS;
  const size_t wanted = bytes > kKeptCapacity ? bytes : std::max(std::bit_ceil(bytes), kLeastCapacity);
  return parser.allocate(std::max(wanted, parser.capacity()), depth);
}

// simdjson lets a lone low surrogate through, which would be a string that is not valid UTF-8. Only documents that spell a surrogate
// as an escape pay for the check.
auto MayHaveSurrogates(std::string_view text) -> bool {
  return text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos;
}

auto HasInvalidString(Element element) -> bool {
  if (element.is_array()) {
    const simdjson::dom::array array = element.get_array().value_unsafe();
    for (const Element child : array) {
      if (HasInvalidString(child)) return true;
    }
  } else if (element.is_object()) {
    const simdjson::dom::object object = element.get_object().value_unsafe();
    for (const auto& [key, child] : object) {
      if (FindInvalidUtf8(key) || HasInvalidString(child)) return true;
    }
  } else if (element.is_string()) {
    return FindInvalidUtf8(element.get_string().value_unsafe()).has_value();
  }
  return false;
}

constexpr std::string_view kSpace = " \t\r\n";

// Whether the `-0` at `at` may be a number of its own: a cheap look at its neighbours, which passes over dates.
auto MayBeNegativeZero(std::string_view text, size_t at) -> bool {
  const auto is_any = [](char c, std::string_view of) { return of.contains(c) || kSpace.contains(c); };
  return (at == 0 || is_any(text[at - 1], ":,[")) && (at + 2 == text.size() || is_any(text[at + 2], ",]}"));
}

auto MayHaveNegativeZero(std::string_view text) -> bool {
  for (size_t at = text.find("-0"); at != std::string_view::npos; at = text.find("-0", at + 2)) {
    if (MayBeNegativeZero(text, at)) return true;
  }
  return false;
}

// `-0` is a float to Cedar's reader and an integer to simdjson. Spelt `-0.0` it is a float to both, and refused where it matters.
auto SpellNegativeZeros(std::string_view text) -> std::string {
  std::string out;
  out.reserve(text.size() + 16);
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (in_string && text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && text.substr(i, 2) == "-0" && MayBeNegativeZero(text, i)) {
      out += "0.0";
      ++i;
    }
  }
  return out;
}

}  // namespace

auto Document::TakeParser() -> std::unique_ptr<Parser, Return> {
  if (spare_parser == nullptr) return std::unique_ptr<Parser, Return>(new Parser);
  return std::unique_ptr<Parser, Return>(spare_parser.release());
}

void Document::Return::operator()(Parser* parser) const {
  std::unique_ptr<Parser> owned(parser);
  if (owned->capacity() <= kKeptCapacity) spare_parser = std::move(owned);
}

auto Document::Parse(std::string_view text, size_t max_bytes, uint32_t max_depth) -> Expected<Document> {
  if (text.size() > max_bytes) {
    return Fail("json-too-large", fmt::format("this document has {} bytes, more than the limit of {}", text.size(), max_bytes));
  }
  return MayHaveNegativeZero(text) ? ParseText(SpellNegativeZeros(text), max_depth) : ParseText(text, max_depth);
}

auto Document::ParseText(std::string_view text, uint32_t max_depth) -> Expected<Document> {
  Document document;
  // simdjson counts the document itself as a level.
  auto error = Reserve(*document.parser_, text.size(), size_t{max_depth} + 1);
  if (error == simdjson::SUCCESS) error = document.parser_->parse(text.data(), text.size(), true).get(document.root_);
  if (error != simdjson::SUCCESS) return Explain(error, max_depth);
  if (MayHaveSurrogates(text) && HasInvalidString(document.root_)) {
    return Fail("invalid-json", "this is not JSON: a string has a lone surrogate");
  }
  return document;
}

}  // namespace remit::json
