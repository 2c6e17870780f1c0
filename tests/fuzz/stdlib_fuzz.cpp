// The constructors of the standard library on any text, and every method on what they make. The first byte picks the constructor, the rest is the
// text, in which a NUL ends what the methods get as their argument.
//
// What is accepted has one canonical text, which reads back to an equal value; results are texts of the language.
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/text.h"
#include "stdlib/builtin.h"
#include "stdlib/regex.h"
#include "stdlib/semver.h"

namespace {

using namespace remit;

class Library {
 public:
  auto Call(const BuiltinInfo& builtin, const std::vector<Value>& args) -> std::optional<Value> {
    context_.error.clear();
    Value result;
    if (!builtin.call(context_, args, result)) {
      CHECK(builtin.signature.fallible && !context_.error.empty());
      return std::nullopt;
    }
    CHECK(result.is(builtin.signature.result));
    RequireText(result);
    return result;
  }

  void RequireReadsBack(const BuiltinInfo& constructor, const Value& value) {
    const auto text = CanonicalText(value);
    const auto again = Call(constructor, {Value::OfString(text)});
    CHECK(again && *again == value && CanonicalText(*again) == text, text);
    CHECK(CopyValue(arena_, value) == value);
  }

  // All methods of the value's kind, with each of `arguments` where one is asked for.
  void CallMethods(const Value& value, const std::vector<Value>& arguments) {
    for (const auto& builtin : AllBuiltins()) {
      const auto& params = builtin.signature.params;
      if (builtin.style != CallStyle::Method || builtin.is_operation || !value.is(params[0])) continue;
      if (builtin.signature.arity == 1) Call(builtin, {value});
      if (builtin.signature.arity != 2) continue;
      for (const Value& argument : arguments) {
        if (argument.is(params[1])) Call(builtin, {value, argument});
      }
    }
  }

 private:
  static void RequireText(const Value& value) {
    if (value.is(Kind::String)) CHECK(!FindInvalidUtf8(value.as_string()));
    if (!value.is(Kind::Set)) return;
    for (const Value& element : value.as_set()) RequireText(element);
  }

  Arena arena_;
  Interner interner_;
  BuiltinContext context_{.arena = arena_, .interner = interner_, .error = {}};
};

auto Constructors() -> std::vector<const BuiltinInfo*> {
  std::vector<const BuiltinInfo*> constructors;
  for (const auto& builtin : AllBuiltins()) {
    if (builtin.is_constructor) constructors.push_back(&builtin);
  }
  return constructors;
}

void RunPattern(std::string_view pattern, std::string_view text) {
  if (const auto regex = Regex::Compile(pattern)) {
    (*regex)->Matches(text);
  } else {
    CHECK(!regex.error().empty() && !FindInvalidUtf8(regex.error()));
  }
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  if (size == 0) return 0;
  static const auto constructors = Constructors();
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto argument = text.substr(0, text.find('\0'));
  const auto& constructor = *constructors[data[0] % constructors.size()];

  Library library;
  const auto value = library.Call(constructor, {Value::OfString(text)});
  if (FindInvalidUtf8(text)) {
    CHECK(!value);
    return 0;
  }
  const std::vector<Value> arguments = {Value::OfString(argument), Value::OfString("example.com"), Value::OfString("/workspace"),
                                        Value::OfDecimal({5'000})};
  library.CallMethods(Value::OfString(text), arguments);
  RunPattern(argument, text);
  if (!value) return 0;
  if (!constructor.is_cedar) library.RequireReadsBack(constructor, *value);
  library.CallMethods(*value, arguments);
  if (value->is(Kind::Semver)) CHECK(Precedence(value->as_semver(), value->as_semver()) == 0);
  return 0;
}
