// Extension values: calls of builtins written in JSON, explicit (`__extn`) or, where the type is known, implied.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/request/json_escape.h"
#include "runtime/request/json_value.h"
#include "stdlib/builtin.h"

namespace remit::json {
namespace {

auto IsExtensionKind(Kind kind) -> bool {
  return kind == Kind::Ip || kind == Kind::Decimal || kind == Kind::Datetime || kind == Kind::Duration;
}

auto ConstructorOf(Kind kind) -> const BuiltinInfo* {
  const auto builtins = AllBuiltins();
  const auto it =
      std::ranges::find_if(builtins, [&](const BuiltinInfo& info) { return info.is_constructor && info.signature.result == kind; });
  return it == builtins.end() ? nullptr : &*it;
}

// Those of Cedar: JSON holds values, and Cedar's JSON none of our types.
auto FindExtensionFunction(std::string_view name) -> const BuiltinInfo* {
  const BuiltinInfo* builtin = FindBuiltin(name);
  return builtin != nullptr && builtin->is_cedar ? builtin : nullptr;
}

auto RefuseCount(const Cursor& at, const BuiltinInfo& builtin, size_t count) -> std::unexpected<Error> {
  return at.Fail("wrong-argument-count", fmt::format("wrong number of arguments provided to extension function `{}`: expected {}, got {}",
                                                     builtin.name, builtin.signature.arity, count));
}

auto RefuseFunction(const Cursor& at, std::string_view function) -> std::unexpected<Error> {
  return at.Fail("unknown-function", fmt::format("extension function `{}` does not exist", function));
}

// Where the list of arguments is, if there is one.
auto ListOf(const Cursor& call) -> Cursor {
  const auto list = MemberOf(call.element(), "args");
  return list ? call.At("args", *list) : call;
}

}  // namespace

auto ValueReader::Call(const Cursor& at, std::string_view function, std::span<const Value> args) -> Expected<Value> {
  const BuiltinInfo* builtin = FindExtensionFunction(function);
  if (builtin == nullptr) return RefuseFunction(at, function);
  if (args.size() != builtin->signature.arity) return RefuseCount(at, *builtin, args.size());
  for (size_t i = 0; i < args.size(); ++i) {
    const Kind expected = builtin->signature.params[i];
    if (!args[i].is(expected)) {
      return at.Fail("type-error", fmt::format("type error: expected {}, got {}", KindName(expected), KindName(args[i].kind())));
    }
  }
  BuiltinContext context{.arena = arena_, .interner = interner_, .error = {}};
  Value result;
  if (builtin->call(context, args, result)) return result;
  return at.Fail("extension-error",
                 fmt::format("error while evaluating `{}` extension function: {}", ExtensionTypeName(*builtin), context.error));
}

auto ValueReader::CallExplicit(const Cursor& call) -> Expected<Value> {
  if (const auto members = call.RequireObject(); !members) return std::unexpected(members.error());
  const auto parts = *AsFunctionCall(call.element());
  const Cursor list = ListOf(call);
  std::vector<Value> args;
  for (size_t i = 0; i < parts.args.size(); ++i) {
    auto arg = Read(parts.ArgAt(call, list, i));
    if (!arg) return arg;
    args.push_back(*arg);
  }
  return Call(call, parts.function, args);
}

// Like CallExplicit, but the function's parameters say what the arguments are, so that they may be implied in turn.
auto ValueReader::CallTyped(const Cursor& call) -> Expected<Value> {
  if (const auto members = call.RequireObject(); !members) return std::unexpected(members.error());
  const auto parts = *AsFunctionCall(call.element());
  const BuiltinInfo* builtin = FindExtensionFunction(parts.function);
  if (builtin == nullptr) return RefuseFunction(call, parts.function);
  if (parts.args.size() != builtin->signature.arity) return RefuseCount(call, *builtin, parts.args.size());
  const Cursor list = ListOf(call);
  std::vector<Value> args;
  for (size_t i = 0; i < parts.args.size(); ++i) {
    auto arg = ReadExtension(parts.ArgAt(call, list, i), builtin->signature.params[i]);
    if (!arg) return arg;
    args.push_back(*arg);
  }
  return Call(call, parts.function, args);
}

// A value where `kind` is expected; of kinds that are no extension's, the explicit forms.
auto ValueReader::ReadExtension(const Cursor& at, Kind kind) -> Expected<Value> {
  if (!IsExtensionKind(kind)) return Read(at);
  if (const auto inner = MemberOf(at.element(), "__extn"); inner && AsFunctionCall(*inner)) {
    if (const auto members = at.RequireObject(); !members) return std::unexpected(members.error());
    return CallTyped(at.At("__extn", *inner));
  }
  if (AsFunctionCall(at.element())) return CallTyped(at);
  const BuiltinInfo* constructor = ConstructorOf(kind);
  auto text = Read(at);
  if (!text || constructor == nullptr) return text;
  return Call(at, constructor->name, {&*text, 1});
}

}  // namespace remit::json
