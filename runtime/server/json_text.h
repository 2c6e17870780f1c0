// Writing JSON as text: answers are small and many, and a document in between would cost more than the decision.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/json_string.h"  // AppendJson

namespace remit::server {

// `"name":`, after a comma unless it is the first of its object or array.
void AppendName(std::string& out, std::string_view name);
void AppendMember(std::string& out, std::string_view name, std::string_view value);
void AppendMember(std::string& out, std::string_view name, bool value);
void AppendNumber(std::string& out, std::string_view name, int64_t value);
// A comma, unless something was just opened.
void AppendComma(std::string& out);

inline void AppendMember(std::string& out, std::string_view name, const char* value) { AppendMember(out, name, std::string_view(value)); }

}  // namespace remit::server
