// What is wrong with one statement, over all environments: each mistake once, and for which requests it is one.
//
// A policy is checked for every kind of request it may meet, and a mistake usually shows in all of them. Cedar reports the set of
// mistakes; we also say where a mistake depends on the request, because that is what an author cannot see.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/check/schema_view.h"
#include "compiler/source/diagnostic.h"

namespace remit::check {

class Findings {
 public:
  // Mistakes reported from now on are those of this environment; null: of the statement whatever the request.
  void Enter(const Environment* environment);

  template <typename... Args>
  auto Report(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    return Add({.code = code, .span = span, .message = fmt::format(fmt::runtime(CodeMessage(code)), args...), .help = {}, .pointer = {}});
  }

  // Errors reported so far.
  auto error_count() const -> size_t { return error_count_; }
  // How often anything was reported so far, the same again included.
  auto report_count() const -> size_t { return report_count_; }

  // Hands everything to the sink in the order of the text and starts over. `id` is the statement's.
  void Flush(DiagnosticSink& sink, const Interner& interner, std::string_view id);

 private:
  struct Finding {
    Diagnostic diagnostic;
    uint32_t environments = 0;  // in how many it was found
    const Environment* first = nullptr;
  };
  using Key = std::tuple<uint32_t, uint32_t, uint32_t, uint16_t, std::string>;  // file, start, end, code, message

  auto Add(Diagnostic diagnostic) -> Diagnostic&;

  std::map<Key, Finding> findings_;
  const Environment* environment_ = nullptr;
  uint32_t environment_count_ = 0;
  size_t error_count_ = 0;
  size_t report_count_ = 0;
};

}  // namespace remit::check
