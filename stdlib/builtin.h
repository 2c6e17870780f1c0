// The builtin functions: what the compiler and the engines know about each row of builtins.def.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/base/interner.h"
#include "runtime/value/value.h"

namespace remit {

enum class BuiltinId : uint8_t {
#define BUILTIN(id, name, style, body, traits, doc, example) id,
#include "stdlib/builtins.def"
#undef BUILTIN
};

// `ip("10.0.0.1")` or `x.isIpv4()`. A method's receiver is its first argument.
enum class CallStyle : uint8_t { Function, Method };

struct BuiltinSignature {
  std::array<Kind, 4> params = {};
  uint8_t arity = 0;
  Kind result = Kind::Bool;
  std::optional<Kind> element = {};  // of the set, if the result is one
  bool fallible = false;
};

// Where a body may put its result and its error. Bodies never throw and never keep what they are given.
struct BuiltinContext {
  Arena& arena;
  const Interner& interner;
  std::string error;  // set by a body that failed: the message after "error while evaluating `decimal` extension function: "
};

struct BuiltinInfo {
  BuiltinId id;
  std::string_view name;
  std::string_view key;  // the name, or `.name` for a method whose name a function has too: unique, for JSON policies and programs
  CallStyle style;
  BuiltinSignature signature;
  bool is_constructor;  // makes an extension value from text
  bool is_cedar;  // Cedar has it. Only these are in JSON's `__extn`, and only their constructors are literal-only when strict
  bool is_operation;  // has an operation of its own in runtime/ir/ops.def and is not called in programs
  uint8_t literal_arguments;  // bit i: argument i is a string literal wherever it is called
  std::string_view doc;
  std::string_view example;  // an expression that is true
  // The number and kinds of `args` have been checked against the signature. False: see BuiltinContext::error.
  bool (*call)(BuiltinContext& context, std::span<const Value> args, Value& result);
};

auto GetBuiltin(BuiltinId id) -> const BuiltinInfo&;
auto AllBuiltins() -> std::span<const BuiltinInfo>;
// By key, `isIpv4`.
auto FindBuiltin(std::string_view key) -> const BuiltinInfo*;
// By what stands in policies. Names are unique for each style.
auto FindBuiltin(std::string_view name, CallStyle style) -> const BuiltinInfo*;
// What messages call the extension function: for a constructor the type it makes (`ipaddr` for `ip`), else its name.
auto ExtensionTypeName(const BuiltinInfo& builtin) -> std::string_view;

}  // namespace remit
