// Errors as the C API hands them out, and the border that nothing crosses but those.
//
// Everything behind the border is expected<void, Failure>; exceptions, which only running out of memory should make, stop here.
#pragma once

#include <expected>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "compiler/source/diagnostic.h"
#include "remit/remit.h"
#include "runtime/base/error.h"

namespace remit::capi {

struct DiagnosticRow {
  Severity severity;
  std::string code, message, help, pointer, file, text;
  Span span;
  LineColumn begin, end;
};

// What an error's views are of.
struct ErrorStorage {
  Error error;
  std::vector<DiagnosticRow> diagnostics;
  std::string text;
  std::string json;
};

}  // namespace remit::capi

// Views, so that one error, that there is no memory for an error, can be made ahead.
struct remit_error {
  remit_status status = REMIT_OK;
  std::string_view code, message, pointer, help, text, json;
  std::unique_ptr<remit::capi::ErrorStorage> storage;
};

namespace remit::capi {

using Failure = std::unique_ptr<remit_error>;
using Result = std::expected<void, Failure>;
template <typename T>
using ResultOf = std::expected<T, Failure>;

auto Fail(remit_status status, Error error) -> std::unexpected<Failure>;
// Of input that is refused.
inline auto Fail(Error error) -> std::unexpected<Failure> { return Fail(REMIT_INVALID_INPUT, std::move(error)); }
auto FailArgument(std::string_view message) -> std::unexpected<Failure>;
auto Forward(Failure& failure) -> std::unexpected<Failure>;
// Everything in the sink, of which the first error gives its name; without errors these are warnings.
auto MakeReport(const DiagnosticSink& sink, const SourceManager& sources) -> Failure;
auto FailReport(const DiagnosticSink& sink, const SourceManager& sources) -> std::unexpected<Failure>;

// An argument that has to be there.
struct Argument {
  constexpr Argument(const char* argument_name, const void* pointer) : name(argument_name), is_given(pointer != nullptr) {}
  constexpr Argument(const char* argument_name, remit_string text)
      : name(argument_name), is_given(text.data != nullptr || text.size == 0) {}

  const char* name;
  bool is_given;
};
inline auto Require(std::initializer_list<Argument> arguments) -> Result {
  for (const Argument& argument : arguments) {
    if (!argument.is_given) [[unlikely]]
      return FailArgument(std::string("`") + argument.name + "` is missing");
  }
  return {};
}

inline auto View(remit_string text) -> std::string_view { return {text.data, text.size}; }
inline auto ToC(std::string_view text) -> remit_string { return {text.data(), text.size()}; }

// For the caller, or for nobody. Returns its status.
auto Deliver(Failure failure, remit_error** error) noexcept -> remit_status;
auto DeliverOutOfMemory(remit_error** error) noexcept -> remit_status;
auto DeliverException(const char* what, remit_error** error) noexcept -> remit_status;

// Runs `body`, which returns a Result.
template <typename Body>
auto Guarded(remit_error** error, Body body) noexcept -> remit_status {
  if (error != nullptr) *error = nullptr;
  try {
    Result result = body();
    if (result) [[likely]]
      return REMIT_OK;
    return Deliver(std::move(result.error()), error);
  } catch (const std::bad_alloc&) {
    return DeliverOutOfMemory(error);
  } catch (const std::exception& exception) {
    return DeliverException(exception.what(), error);
  } catch (...) {
    return DeliverException("an exception of unknown type", error);
  }
}

}  // namespace remit::capi
