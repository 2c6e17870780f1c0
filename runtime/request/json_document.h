// JSON text to a parsed document, within the limits. The only place that runs the JSON parser.
//
// simdjson's DOM keeps order and repeated keys, which Cedar refuses and most parsers silently merge, and reads 64-bit integers exactly.
//
// A parser's buffers cost more to allocate than a request costs to parse, so each thread keeps those of its last document, unless they are
// large. A parser in each session was the alternative: it would have to be handed through every function that reads JSON.
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

  // Back to the thread, or away.
  struct Return {
    void operator()(simdjson::dom::parser* parser) const;
  };
  static auto TakeParser() -> std::unique_ptr<simdjson::dom::parser, Return>;

  std::unique_ptr<simdjson::dom::parser, Return> parser_ = TakeParser();  // elements point into it
  Element root_;
};

}  // namespace remit::json
