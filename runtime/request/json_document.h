// JSON text to a parsed document, within the limits. The only place that runs the JSON parser.
//
// simdjson's DOM keeps order and repeated keys, which Cedar refuses and most parsers silently merge, and reads 64-bit integers exactly.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/limits.h"

namespace remit::json {

using Element = simdjson::dom::element;

class Document {
 public:
  // Strings of the document live in the document; `text` is not needed afterwards.
  static auto Parse(std::string_view text, size_t max_bytes, uint32_t max_depth) -> Expected<Document>;

  auto root() const -> Element { return root_; }

 private:
  Document() = default;
  static auto ParseText(std::string_view text, uint32_t max_depth) -> Expected<Document>;

  std::unique_ptr<simdjson::dom::parser> parser_ = std::make_unique<simdjson::dom::parser>();  // elements point into it
  Element root_;
};

}  // namespace remit::json
