// Formats policy text and proves that nothing was lost.
#pragma once

#include <optional>
#include <string>

#include "compiler/ast/formatter.h"
#include "compiler/driver/compile_job.h"

namespace remit {

// The laid-out text; none after reporting that the text does not parse. The result has been parsed again and compared: same meaning,
// same comments. A formatter that changed anything would be a bug of ours and stops the program.
auto FormatPolicies(CompileJob& job, const std::string& name, const std::string& text, const ast::FormatOptions& options)
    -> std::optional<std::string>;

}  // namespace remit
