// What the author of a policy is told: a stable code, a place, a message, and help where there is any.
//
// The vocabulary is diagnostics.def. A diagnostic goes to a sink and compilation goes on, so one run reports many.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source_file.h"

namespace remit {

enum class Severity : uint8_t { Error, Warning };

enum class DiagnosticCode : uint16_t {
#define DIAGNOSTIC(id, code, severity, message) id,
#include "compiler/source/diagnostics.def"
#undef DIAGNOSTIC
};

// `unexpected-token`
auto CodeName(DiagnosticCode code) -> std::string_view;
auto CodeSeverity(DiagnosticCode code) -> Severity;
// The message with `{}` for each argument.
auto CodeMessage(DiagnosticCode code) -> std::string_view;
auto AllDiagnosticCodes() -> const std::vector<DiagnosticCode>&;

struct Diagnostic {
  DiagnosticCode code;
  Span span;  // may have no place, for input that was JSON
  std::string message;
  std::string help;     // may be empty; a line of its own
  std::string pointer;  // RFC 6901, for input that was JSON
};

class DiagnosticSink {
 public:
  explicit DiagnosticSink(uint32_t limit = 100) : limit_(limit) {}

  // Fills the row's message with `args`. The result may be given a help text: `sink.Report(...).help = ...`.
  template <typename... Args>
  auto Report(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    return Add({.code = code, .span = span, .message = fmt::format(fmt::runtime(CodeMessage(code)), args...), .help = {}, .pointer = {}});
  }

  auto Add(Diagnostic diagnostic) -> Diagnostic&;

  auto diagnostics() const -> const std::vector<Diagnostic>& { return diagnostics_; }
  auto has_errors() const -> bool { return error_count_ > 0; }
  auto error_count() const -> uint32_t { return error_count_; }
  auto warning_count() const -> uint32_t { return warning_count_; }
  // Reported beyond the limit: counted, not kept.
  auto dropped_count() const -> uint32_t { return dropped_count_; }

 private:
  uint32_t limit_;
  std::vector<Diagnostic> diagnostics_;
  Diagnostic overflow_ = {};
  uint32_t error_count_ = 0;
  uint32_t warning_count_ = 0;
  uint32_t dropped_count_ = 0;
};

struct DiagnosticStyle {
  bool color = false;
};

// As a person reads it: place, severity, code, message, the line with the span underlined, help.
auto FormatDiagnostic(const Diagnostic& diagnostic, const SourceManager& sources, DiagnosticStyle style = {}) -> std::string;

// {"code", "severity", "message", "help"?, "file"?, "span": {"start", "end", "line", "column", "endLine", "endColumn"}?, "pointer"?} as one
// line of JSON.
auto DiagnosticToJson(const Diagnostic& diagnostic, const SourceManager& sources) -> std::string;

}  // namespace remit
