// Entities and contexts read with a schema: the implicit forms, what cannot be read for its type, and the schema's actions.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "runtime/request/json.h"

namespace remit {
namespace {

// entity U = {ip: ipaddr, d?: decimal, t?: datetime, e?: U, s?: Set<ipaddr>, r?: {a: Long, b?: decimal}, n?: Long} tags duration;
// entity G; action top, mid in top; action act in mid appliesTo {principal: U, resource: U, context: {ip?: ipaddr, n?: Long}};
class JsonSchemaTest : public testing::Test {
 protected:
  JsonSchemaTest() {
    const TypeId ip = AddType({.kind = Kind::Ip, .element = {}, .entity_type = {}, .fields = {}});
    const TypeId decimal = AddType({.kind = Kind::Decimal, .element = {}, .entity_type = {}, .fields = {}});
    const TypeId datetime = AddType({.kind = Kind::Datetime, .element = {}, .entity_type = {}, .fields = {}});
    const TypeId duration = AddType({.kind = Kind::Duration, .element = {}, .entity_type = {}, .fields = {}});
    const TypeId number = AddType({.kind = Kind::Long, .element = {}, .entity_type = {}, .fields = {}});
    const TypeId user = AddType({.kind = Kind::Entity, .element = {}, .entity_type = Symbol("U"), .fields = {}});
    const TypeId ips = AddType({.kind = Kind::Set, .element = ip, .entity_type = {}, .fields = {}});
    const TypeId record = AddRecord({{Symbol("a"), number, true}, {Symbol("b"), decimal, false}});
    const TypeId attributes = AddRecord({{Symbol("ip"), ip, true},
                                         {Symbol("d"), decimal, false},
                                         {Symbol("t"), datetime, false},
                                         {Symbol("e"), user, false},
                                         {Symbol("s"), ips, false},
                                         {Symbol("r"), record, false},
                                         {Symbol("n"), number, false}});
    const TypeId context = AddRecord({{Symbol("ip"), ip, false}, {Symbol("n"), number, false}});
    AddEntityType("U", attributes, duration);
    AddEntityType("G", AddRecord({}), {});
    AddAction("top", {}, {});
    AddAction("mid", {"top"}, {});
    AddAction("act", {"mid"}, context);
    options_.schema = &schema_;
  }

  auto Symbol(std::string_view text) -> SymbolId { return interner_.Intern(text); }
  auto AddType(Type type) -> TypeId {
    schema_.types.push_back(std::move(type));
    return {static_cast<uint32_t>(schema_.types.size() - 1)};
  }
  auto AddRecord(std::vector<TypeField> fields) -> TypeId {
    std::ranges::sort(fields, {}, &TypeField::key);
    return AddType({.kind = Kind::Record, .element = {}, .entity_type = {}, .fields = std::move(fields)});
  }
  void AddEntityType(std::string_view name, TypeId attributes, TypeId tags) {
    schema_.entity_type_index[Symbol(name)] = static_cast<uint32_t>(schema_.entity_types.size());
    schema_.entity_types.push_back({.name = Symbol(name), .attributes = attributes, .tags = tags, .parents = {}, .enumerated_ids = {}});
  }
  auto Action(std::string_view id) -> EntityUid { return {Symbol("Action"), Symbol(id)}; }
  void AddAction(std::string_view id, const std::vector<std::string_view>& parents, TypeId context) {
    ActionDecl action{.uid = Action(id), .parents = {}, .principal_types = {}, .resource_types = {}, .context = context};
    for (const auto parent : parents) action.parents.push_back(Action(parent));
    schema_.action_index[action.uid.packed()] = static_cast<uint32_t>(schema_.actions.size());
    schema_.actions.push_back(std::move(action));
  }

  // The attributes of U::"a" as text, or `code pointer` below the attributes.
  auto Attributes(const std::string& attributes, const std::string& more = "") -> std::string {
    const auto store =
        ReadEntities(R"([{"uid":{"type":"U","id":"a"},"attrs":)" + attributes + R"(,"parents":[])" + more + "}]", interner_, options_);
    if (!store) return store.error().code + " " + store.error().pointer;
    return FormatValue(Value::OfSortedRecord(store->Find({Symbol("U"), Symbol("a")})->attrs), interner_);
  }
  auto Context(std::string_view json, EntityUid action) -> std::string {
    const auto context = ReadContext(json, interner_, arena_, options_, action);
    if (!context) return context.error().code + " " + context.error().pointer;
    return FormatValue(Value::OfSortedRecord(*context), interner_);
  }

  Interner interner_;
  Arena arena_;
  Schema schema_;
  JsonOptions options_;
};

TEST_F(JsonSchemaTest, ExtensionValuesMayBePlainTexts) {
  EXPECT_EQ(Attributes(R"({"ip":"1.1.1.1","d":"1.0","t":"2024-01-01"})"),
            R"({"d": decimal("1.0"), "ip": ip("1.1.1.1"), "t": datetime("2024-01-01T00:00:00.000Z")})");
  EXPECT_EQ(Attributes(R"({"ip":{"fn":"ip","arg":"1.1.1.1"}})"), R"({"ip": ip("1.1.1.1")})");
  EXPECT_EQ(Attributes(R"({"ip":{"fn":"ip","args":["1.1.1.1"]}})"), R"({"ip": ip("1.1.1.1")})");
  EXPECT_EQ(Attributes(R"({"ip":{"__extn":{"fn":"ip","arg":"1.1.1.1"},"more":1}})"), R"({"ip": ip("1.1.1.1")})");
  EXPECT_EQ(Attributes(R"({"ip":"1.1.1.1","t":{"fn":"offset","args":["2024-01-01","1h"]}})"),
            R"({"ip": ip("1.1.1.1"), "t": datetime("2024-01-01T01:00:00.000Z")})");
  EXPECT_EQ(Attributes(R"({"ip":"zz"})"), "extension-error /0/attrs/ip");
  EXPECT_EQ(Attributes(R"({"ip":1})"), "type-error /0/attrs/ip");
  EXPECT_EQ(Attributes(R"({"ip":null})"), "null-value /0/attrs/ip");
  EXPECT_EQ(Attributes(R"({"ip":{"fn":"nope","arg":"1"}})"), "unknown-function /0/attrs/ip");
  EXPECT_EQ(Attributes(R"({"ip":"1.1.1.1","t":{"fn":"offset","arg":"2024-01-01"}})"), "wrong-argument-count /0/attrs/t");
  EXPECT_EQ(Attributes(R"({"ip":"1.1.1.1","t":{"fn":"offset","args":["2024-01-01","1x"]}})"), "extension-error /0/attrs/t/args/1");
}

TEST_F(JsonSchemaTest, EntitiesMayBeBare) {
  EXPECT_EQ(Attributes(R"({"ip":"::1","e":{"type":"U","id":"q"}})"), R"({"e": U::"q", "ip": ip("::1")})");
  EXPECT_EQ(Attributes(R"({"ip":"::1","e":{"__entity":{"type":"U","id":"q"}}})"), R"({"e": U::"q", "ip": ip("::1")})");
  EXPECT_EQ(Attributes(R"({"ip":"::1","e":"U::\"q\""})"), "expected-entity /0/attrs/e");
}

TEST_F(JsonSchemaTest, SetsAndRecordsAreReadByTheirParts) {
  EXPECT_EQ(Attributes(R"({"ip":"::1","s":["::1",{"fn":"ip","arg":"::2"}]})"), R"({"ip": ip("::1"), "s": [ip("::1"), ip("::2")]})");
  EXPECT_EQ(Attributes(R"({"ip":"::1","r":{"a":1,"b":"1.0"}})"), R"({"ip": ip("::1"), "r": {"a": 1, "b": decimal("1.0")}})");
  EXPECT_EQ(Attributes(R"({"ip":"::1","s":"::1"})"), "type-mismatch /0/attrs/s");
  EXPECT_EQ(Attributes(R"({"ip":"::1","s":["::1","x"]})"), "extension-error /0/attrs/s/1");
  EXPECT_EQ(Attributes(R"({"ip":"::1","r":1})"), "type-mismatch /0/attrs/r");
  EXPECT_EQ(Attributes(R"({"ip":"::1","r":{"b":"1.0"}})"), "missing-attribute /0/attrs/r");
  EXPECT_EQ(Attributes(R"({"ip":"::1","r":{"a":1,"c":2}})"), "unexpected-attribute /0/attrs/r/c");
}

TEST_F(JsonSchemaTest, UndeclaredThingsAreRefused) {
  EXPECT_EQ(Attributes(R"({"ip":"::1","never_heard_of":1})"), "unexpected-attribute /0/attrs/never_heard_of");
  const auto result = [&](std::string_view json) {
    const auto store = ReadEntities(json, interner_, options_);
    return store ? "ok" : store.error().code + " " + store.error().pointer;
  };
  EXPECT_EQ(result(R"([{"uid":{"type":"Z","id":"z"},"attrs":{},"parents":[]}])"), "undeclared-entity-type /0/uid");
  EXPECT_EQ(result(R"([{"uid":{"type":"Action","id":"z"},"attrs":{},"parents":[]}])"), "undeclared-action /0/uid");
  EXPECT_EQ(result(R"([{"uid":{"type":"G","id":"g"},"attrs":{},"parents":[],"tags":{"t":1}}])"), "unexpected-tag /0/tags/t");
  EXPECT_EQ(result(R"([{"uid":{"type":"G","id":"g"},"attrs":{},"parents":[],"tags":{}}])"), "ok");
}

TEST_F(JsonSchemaTest, TagsHaveOneType) {
  const auto store =
      ReadEntities(R"([{"uid":{"type":"U","id":"a"},"attrs":{"ip":"::1"},"parents":[],"tags":{"x":"1h"}}])", interner_, options_);
  ASSERT_TRUE(store);
  EXPECT_EQ(store->Find({Symbol("U"), Symbol("a")})->tags[0].value, Value::OfDuration({3600000}));
}

TEST_F(JsonSchemaTest, ActionsOfTheSchemaAreEntities) {
  const auto store = ReadEntities("[]", interner_, options_);
  ASSERT_TRUE(store);
  EXPECT_EQ(store->entities().size(), 3U);
  EXPECT_TRUE(store->IsIn(Action("act"), Action("top")));
  EXPECT_FALSE(store->IsIn(Action("top"), Action("act")));
  // A document cannot change them.
  const auto changed = ReadEntities(R"([{"uid":{"type":"Action","id":"top"},"attrs":{},"parents":[]}])", interner_, options_, &*store);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->entities().size(), 3U);
  EXPECT_TRUE(changed->IsIn(Action("act"), Action("top")));
}

TEST_F(JsonSchemaTest, TheActionChoosesTheContextType) {
  EXPECT_EQ(Context(R"({"ip":"1.1.1.1","n":5})", Action("act")), R"({"ip": ip("1.1.1.1"), "n": 5})");
  EXPECT_EQ(Context(R"({"q":1})", Action("act")), "unexpected-attribute /q");
  EXPECT_EQ(Context("[]", Action("act")), "type-mismatch ");
  EXPECT_EQ(Context("{}", Action("nope")), "undeclared-action ");
  // Reading is not validating.
  EXPECT_EQ(Context(R"({"n":"x"})", Action("act")), R"({"n": "x"})");
}

}  // namespace
}  // namespace remit
