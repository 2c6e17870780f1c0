// Extension values are written as calls of their constructors, `datetime("1970-01-01").offset(duration("5ms"))`, and read by making
// those calls, so the reader knows no extension type by name.
#include "runtime/ir/parse_value.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/limits.h"

namespace remit::ir {
namespace {

auto ParseNested(ValueContext& context, uint32_t depth) -> Value;

auto ParseSet(ValueContext& context, uint32_t depth) -> Value {
  std::vector<Value> elements;
  while (context.reader.ok() && !context.reader.Accept("]")) {
    if (!elements.empty() && !context.reader.Expect(",")) break;
    elements.push_back(ParseNested(context, depth + 1));
  }
  return MakeSet(context.arena, elements);
}

auto ParseRecord(ValueContext& context, uint32_t depth) -> Value {
  std::vector<Field> fields;
  while (context.reader.ok() && !context.reader.Accept("}")) {
    if (!fields.empty() && !context.reader.Expect(",")) break;
    const SymbolId key = context.interner.Intern(context.reader.String());
    context.reader.Expect(":");
    fields.push_back({.key = key, .value = ParseNested(context, depth + 1)});
  }
  std::ranges::sort(fields, {}, &Field::key);
  if (std::ranges::adjacent_find(fields, {}, &Field::key) != fields.end()) context.reader.Fail("a record has a key twice");
  return MakeRecord(context.arena, context.reader.ok() ? std::span<const Field>(fields) : std::span<const Field>());
}

auto CallBuiltin(ValueContext& context, std::string_view name, CallStyle style, std::span<const Value> args) -> Value {
  const BuiltinInfo* builtin = FindBuiltin(name, style);
  if (!context.reader.ok() || builtin == nullptr || builtin->signature.arity != args.size() ||
      !std::equal(args.begin(), args.end(), builtin->signature.params.begin(), [](const Value& arg, Kind kind) { return arg.is(kind); })) {
    context.reader.Fail(fmt::format("`{}` is not the constructor of a value", name));
    return {};
  }
  BuiltinContext call = {.arena = context.arena, .interner = context.interner, .error = {}};
  Value result;
  if (!builtin->call(call, args, result)) context.reader.Fail(fmt::format("`{}`: {}", name, call.error));
  return result;
}

auto ParseConstructor(ValueContext& context, std::string_view name, uint32_t depth) -> Value {
  std::array<Value, 1> arg = {ParseNested(context, depth + 1)};
  context.reader.Expect(")");
  Value value = CallBuiltin(context, name, CallStyle::Function, arg);
  while (context.reader.ok() && context.reader.Accept(".")) {
    const auto method = context.reader.Word();
    context.reader.Expect("(");
    std::array<Value, 2> args = {value, ParseNested(context, depth + 1)};
    context.reader.Expect(")");
    value = CallBuiltin(context, method, CallStyle::Method, args);
  }
  return value;
}

auto ParseEntityFrom(ValueContext& context, std::string_view first) -> EntityUid {
  const auto type = context.reader.NameFrom(first);
  context.reader.Expect("::");
  const auto id = context.reader.String();
  return {context.interner.Intern(type), context.interner.Intern(id)};
}

auto ParseNested(ValueContext& context, uint32_t depth) -> Value {
  auto& reader = context.reader;
  if (depth > Limits{}.max_json_depth) {
    reader.Fail("this value is nested too deeply");
    return {};
  }
  const char next = reader.Peek();
  if (next == '"') return Value::OfString(context.arena.CopyString(reader.String()));
  if (next == '-' || (next >= '0' && next <= '9')) return Value::OfLong(reader.Long());
  if (reader.Accept("[")) return ParseSet(context, depth);
  if (reader.Accept("{")) return ParseRecord(context, depth);
  const auto word = reader.Word();
  if (word == "true" || word == "false") return Value::OfBool(word == "true");
  if (reader.Accept("(")) return ParseConstructor(context, word, depth);
  return Value::OfEntity(ParseEntityFrom(context, word));
}

}  // namespace

auto ParseValue(ValueContext& context) -> Value { return ParseNested(context, 0); }

auto ParseEntity(ValueContext& context) -> EntityUid { return ParseEntityFrom(context, context.reader.Word()); }

}  // namespace remit::ir
