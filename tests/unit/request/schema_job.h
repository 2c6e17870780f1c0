// A schema from its text, and what reading documents with it comes to, for tests.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "compiler/schema/schema.h"
#include "runtime/request/json.h"

namespace remit {

class ValidationJob {
 public:
  explicit ValidationJob(const std::string& schema) : sink_(100) {
    ParseContext context{.sources = sources_, .interner = interner_, .sink = sink_, .limits = limits_};
    schema_ = CompileSchema({sources_.Add("schema", schema)}, context);
    for (const auto& diagnostic : sink_.diagnostics()) ADD_FAILURE() << FormatDiagnostic(diagnostic, sources_);
  }

  // Symbols and values of one document live for one call. All errors.
  auto Entities(std::string_view json) const -> std::vector<Error> {
    Interner overlay(&interner_);
    std::vector<Error> errors;
    const auto store = ReadEntities(json, overlay, {.limits = limits_, .schema = &*schema_, .errors = &errors});
    if (!store && errors.empty()) errors.push_back(store.error());
    EXPECT_EQ(store.has_value(), errors.empty());
    return errors;
  }
  auto Request(std::string_view json, bool validate = true) const -> std::optional<Error> {
    Interner overlay(&interner_);
    Arena arena;
    const auto document = ReadRequest(json, overlay, arena, {.limits = limits_, .schema = &*schema_, .validate_request = validate});
    return document ? std::nullopt : std::optional{document.error()};
  }

  auto schema() const -> const Schema& { return *schema_; }
  auto interner() -> Interner& { return interner_; }

 private:
  Limits limits_;
  SourceManager sources_;
  Interner interner_;
  DiagnosticSink sink_;
  std::optional<Schema> schema_;
};

// `code pointer: message (help)`, as golden tests show it.
inline auto Show(const Error& error) -> std::string { return error.code + " " + FormatError(error); }

}  // namespace remit
