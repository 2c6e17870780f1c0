// The table of builtins: complete rows, quick lookup, signatures deduced from the bodies.
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "stdlib/builtin.h"

namespace remit {
namespace {

auto Params(std::string_view name) -> std::vector<Kind> {
  const auto& signature = FindBuiltin(name)->signature;
  return {signature.params.begin(), signature.params.begin() + signature.arity};
}

class BuiltinCallTest : public testing::Test {
 protected:
  auto Call(std::string_view name, std::vector<Value> args) -> std::optional<Value> {
    Value result;
    if (FindBuiltin(name)->call(context_, args, result)) return result;
    return std::nullopt;
  }

  Arena arena_;
  Interner interner_;
  BuiltinContext context_{.arena = arena_, .interner = interner_, .error = {}};
};

TEST(BuiltinTest, EveryRowIsFoundByNameAndById) {
  std::set<std::string_view> keys;
  for (const BuiltinInfo& builtin : AllBuiltins()) {
    EXPECT_EQ(FindBuiltin(builtin.key), &builtin);
    EXPECT_EQ(FindBuiltin(builtin.name, builtin.style), &builtin);
    EXPECT_EQ(&GetBuiltin(builtin.id), &builtin);
    EXPECT_TRUE(keys.insert(builtin.key).second) << builtin.key;
  }
  for (const auto name : {"", "i", "ipp", "isipv4", "zzz", "~", "contains"}) EXPECT_EQ(FindBuiltin(name), nullptr) << name;
}

TEST(BuiltinTest, AMethodMayHaveTheNameOfAFunction) {
  EXPECT_EQ(FindBuiltin("path")->style, CallStyle::Function);
  EXPECT_EQ(FindBuiltin(".path")->style, CallStyle::Method);
  EXPECT_EQ(FindBuiltin("path", CallStyle::Function), FindBuiltin("path"));
  EXPECT_EQ(FindBuiltin("path", CallStyle::Method), FindBuiltin(".path"));
  EXPECT_EQ(FindBuiltin("host", CallStyle::Function), nullptr);
  EXPECT_EQ(FindBuiltin("url", CallStyle::Method), nullptr);
  EXPECT_EQ(FindBuiltin(".host"), nullptr);
  EXPECT_EQ(FindBuiltin("", CallStyle::Method), nullptr);
}

TEST(BuiltinTest, EveryRowIsDocumentedWithAnExampleThatUsesIt) {
  for (const BuiltinInfo& builtin : AllBuiltins()) {
    EXPECT_GT(builtin.doc.size(), 10U) << builtin.name;
    const auto use = (builtin.style == CallStyle::Method ? "." : "") + std::string(builtin.name) + "(";
    EXPECT_NE(builtin.example.find(use), std::string_view::npos) << builtin.name;
    EXPECT_EQ(builtin.signature.arity == 0, builtin.name == "now") << builtin.name;
    EXPECT_EQ(builtin.signature.element.has_value(), builtin.signature.result == Kind::Set) << builtin.name;
    EXPECT_NE(builtin.call, nullptr) << builtin.name;
  }
}

TEST(BuiltinTest, SignaturesComeFromTheBodies) {
  EXPECT_EQ(Params("ip"), (std::vector{Kind::String}));
  EXPECT_EQ(Params("isInRange"), (std::vector{Kind::Ip, Kind::Ip}));
  EXPECT_EQ(Params("offset"), (std::vector{Kind::Datetime, Kind::Duration}));
  EXPECT_EQ(FindBuiltin("ip")->signature.result, Kind::Ip);
  EXPECT_EQ(FindBuiltin("lessThan")->signature.result, Kind::Bool);
  EXPECT_EQ(FindBuiltin("durationSince")->signature.result, Kind::Duration);
  EXPECT_EQ(FindBuiltin("toDays")->signature.result, Kind::Long);
  EXPECT_TRUE(FindBuiltin("toDate")->signature.fallible);
  EXPECT_FALSE(FindBuiltin("toTime")->signature.fallible);
  EXPECT_FALSE(FindBuiltin("isIpv4")->signature.fallible);
  EXPECT_EQ(FindBuiltin("args")->signature.element, Kind::String);
  EXPECT_EQ(FindBuiltin("url")->signature.result, Kind::Url);
  EXPECT_EQ(Params("isHostUnder"), (std::vector{Kind::Url, Kind::String}));
}

TEST(BuiltinTest, TraitsOfRows) {
  for (const BuiltinInfo& builtin : AllBuiltins()) {
    EXPECT_EQ(builtin.is_operation, builtin.name == "matches" || builtin.name == "now") << builtin.name;
    EXPECT_EQ(builtin.literal_arguments, builtin.name == "matches" ? 0b10 : 0) << builtin.name;
  }
  EXPECT_TRUE(FindBuiltin("isInRange")->is_cedar);
  EXPECT_TRUE(FindBuiltin("unknown")->is_cedar);
  EXPECT_FALSE(FindBuiltin("add")->is_cedar);
  EXPECT_FALSE(FindBuiltin("url")->is_cedar);
}

TEST(BuiltinTest, ConstructorsAreFunctionsOfOneTextNamedInMessagesByTheirType) {
  std::set<std::string_view> constructors;
  std::set<std::string_view> of_cedar;
  for (const BuiltinInfo& builtin : AllBuiltins()) {
    if (!builtin.is_constructor) continue;
    constructors.insert(ExtensionTypeName(builtin));
    if (builtin.is_cedar) of_cedar.insert(ExtensionTypeName(builtin));
    EXPECT_EQ(builtin.style, CallStyle::Function);
    EXPECT_EQ(Params(builtin.name), std::vector{Kind::String});
  }
  EXPECT_EQ(of_cedar, (std::set<std::string_view>{"ipaddr", "decimal", "datetime", "duration"}));
  EXPECT_EQ(constructors,
            (std::set<std::string_view>{"ipaddr", "decimal", "datetime", "duration", "url", "path", "email", "command", "semver"}));
  EXPECT_EQ(ExtensionTypeName(*FindBuiltin("offset")), "offset");
}

TEST_F(BuiltinCallTest, BoxesArgumentsAndResult) {
  const auto net = Call("ip", {Value::OfString("10.1.2.3/8")});
  ASSERT_TRUE(net);
  EXPECT_EQ(net->as_ip().prefix, 8);
  EXPECT_EQ(Call("isIpv4", {*net}), Value::OfBool(true));
  EXPECT_EQ(Call("toSeconds", {Value::OfDuration({-1500})}), Value::OfLong(-1));
  EXPECT_EQ(Call("offset", {Value::OfDatetime({5}), Value::OfDuration({-7})}), Value::OfDatetime({-2}));
}

TEST_F(BuiltinCallTest, AFailureLeavesItsMessageInTheContext) {
  EXPECT_EQ(Call("decimal", {Value::OfString("1.")}), std::nullopt);
  EXPECT_EQ(context_.error, "`1.` is not a well-formed decimal value");
}

TEST_F(BuiltinCallTest, UnknownAlwaysFails) {
  EXPECT_EQ(Call("unknown", {Value::OfString("x\"")}), std::nullopt);
  EXPECT_EQ(context_.error, R"(the expression contains an unknown: `unknown("x\"")`)");
}

}  // namespace
}  // namespace remit
