#include "compiler/lower/body_builder.h"

#include <algorithm>

namespace remit {

auto BodyBuilder::Emit(const ir::Instruction& instruction, Span span) -> uint32_t {
  body_.code.push_back(instruction);
  // INVARIANT: places is empty or parallel to the code. It stays empty for policies that came from JSON.
  if (span.has_place() || !body_.places.empty()) {
    body_.places.resize(body_.code.size());
    if (span.has_place()) body_.places.back() = {.file = span.file.value, .begin = span.begin, .end = span.end};
  }
  return static_cast<uint32_t>(body_.code.size() - 1);
}

void BodyBuilder::Touch(uint32_t index) { body_.registers = static_cast<ir::Register>(std::max<uint32_t>(body_.registers, index + 1)); }

auto BodyBuilder::Finish() -> ir::Body {
  body_.code.shrink_to_fit();
  body_.places.shrink_to_fit();
  return std::move(body_);
}

}  // namespace remit
