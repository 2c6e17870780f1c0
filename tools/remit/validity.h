// How validation speaks, of entities and of requests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace remit::cli {

// `e.json#/0/attrs/role: error[type-mismatch]: ...` and its help, on standard error.
void PrintErrors(std::string_view document, const std::vector<Error>& errors);

// {"file": "e.json", "valid": false, "errors": [{"code", "message", "pointer", "help"?}]}; `member` is what the document goes by.
auto ValidityJson(std::string_view member, std::string_view document, const std::vector<Error>& errors) -> std::string;

}  // namespace remit::cli
