// A test for a statement: entities, a request and a context that its scope and the schema allow, to be filled in.
#pragma once

#include <optional>
#include <string>

#include "compiler/lsp/policy_view.h"

namespace remit::lsp {

// None for a statement that no request is about, and without a schema. The outcome that it expects is `deny`, whatever would come out.
auto TestSkeleton(const PolicyView& view, uint32_t statement) -> std::optional<std::string>;

}  // namespace remit::lsp
