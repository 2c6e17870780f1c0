// What tools say now against what they said when their schema was imported.
//
// Both are syntax trees; a name with its type is an entry, and entries are compared by name. A difference of texts was the alternative: it shows
// another order as a change, and cannot say that an argument is no longer required.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"

namespace remit::mcp {

enum class DriftKind : uint8_t {
#define DRIFT(id, code, message) id,
#include "compiler/mcp/drift.def"
#undef DRIFT
};

struct Drift {
  DriftKind kind;
  std::string name;  // `action "read"`, `type readInput.path`
  std::string before;  // empty if it is new
  std::string after;  // empty if it is gone
  Span span = {};  // in the old schema; of what is new, where it would stand
};

auto DriftCode(DriftKind kind) -> std::string_view;
auto DriftMessage(const Drift& drift) -> std::string;

// Sorted by name. What is new or gone as a whole is told once. None after reporting that one of them is no schema.
auto FindDrift(CompileJob& job, const SchemaText& before, const SchemaText& after) -> std::optional<std::vector<Drift>>;

auto FormatDrift(const std::vector<Drift>& drifts, const SourceManager& sources, bool color) -> std::string;
// {"drift": [{"code", "message", "name", "before"?, "after"?, "file"?, "line"?, "column"?}]}
auto DriftToJson(const std::vector<Drift>& drifts, const SourceManager& sources) -> std::string;

}  // namespace remit::mcp
