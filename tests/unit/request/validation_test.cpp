// What is wrong with entities and requests by a schema: code, place, message and help, word for word.
#include "runtime/entity/validate_entity.h"
#include "tests/unit/request/schema_job.h"

namespace remit {
namespace {

constexpr auto* kSchema = R"(
type Address = { street: String, zip?: Long };
entity Org;
entity Team in [Org];
entity Level enum ["low", "high"];
entity Doc;
entity User in [Team] { name: String, address?: Address, level?: Level, friends?: Set<User>, scores?: Set<Long>, ip?: ipaddr } tags Long;
action all;
action writes in [all];
action edit in [writes] appliesTo { principal: [User, Team], resource: Doc, context: { amount: Long, level?: Level, address?: Address } };
)";

class ValidationTest : public testing::Test {
 protected:
  // All errors of one document, a line each.
  auto Entities(const std::string& json) const -> std::string {
    std::string all;
    for (const auto& error : job_.Entities(json)) all += (all.empty() ? "" : "\n") + Show(error);
    return all.empty() ? "ok" : all;
  }
  auto User(const std::string& attrs, const std::string& parents = "[]", const std::string& more = "") const -> std::string {
    return Entities(R"([{"uid": {"type": "User", "id": "a"}, "attrs": )" + attrs + R"(, "parents": )" + parents + more + "}]");
  }
  auto Request(const std::string& principal, const std::string& action, const std::string& resource, const std::string& context) const
      -> std::string {
    const auto error = job_.Request(R"({"principal": )" + principal + R"(, "action": )" + action + R"(, "resource": )" + resource +
                                    (context.empty() ? "" : R"(, "context": )" + context) + "}");
    return error ? Show(*error) : "ok";
  }
  auto Context(const std::string& context) const -> std::string {
    return Request(R"("User::\"a\"")", R"("Action::\"edit\"")", R"("Doc::\"d\"")", context);
  }

  ValidationJob job_{kSchema};
};

TEST_F(ValidationTest, Conforming) {
  EXPECT_EQ(User(R"({"name": "a", "address": {"street": "s"}, "level": {"type": "Level", "id": "low"}, "friends": [], "ip": "::1"})",
                 R"([{"type": "Team", "id": "t"}, {"type": "Org", "id": "o"}])", R"(, "tags": {"k": 1})"),
            "ok");
  EXPECT_EQ(Context(R"({"amount": 1})"), "ok");
}

TEST_F(ValidationTest, AttributesOfTheWrongType) {
  EXPECT_EQ(
      User(R"({"name": 5})"),
      "type-mismatch /0/attrs/name: `User::\"a\"` does not conform to its type: attribute `name`: expected `String`, found the long `5`");
  EXPECT_EQ(
      User(R"({"name": "a", "scores": [1, "b"]})"),
      "type-mismatch /0/attrs/scores: `User::\"a\"` does not conform to its type: attribute `scores`: expected `Long`, found the string "
      "`\"b\"`");
  EXPECT_EQ(
      User(R"({"name": "a", "address": {"street": 7}})"),
      "type-mismatch /0/attrs/address/street: `User::\"a\"` does not conform to its type: attribute `street`: expected `String`, found the "
      "long `7`");
  EXPECT_EQ(
      User(R"({"name": "a", "friends": [{"type": "Team", "id": "t"}]})"),
      "type-mismatch /0/attrs/friends: `User::\"a\"` does not conform to its type: attribute `friends`: expected `User`, found the entity "
      "`Team::\"t\"`");
  EXPECT_EQ(
      User(R"({"name": {"q": 1}})"),
      "type-mismatch /0/attrs/name: `User::\"a\"` does not conform to its type: attribute `name`: expected `String`, found the record "
      "`{\"q\": 1}`");
}

TEST_F(ValidationTest, AttributesMissingOrTooMany) {
  EXPECT_EQ(
      User("{}"),
      "missing-attribute /0/attrs: `User::\"a\"` does not conform to its type: the attribute `name` is missing (the schema requires it, as "
      "`String`)");
  EXPECT_EQ(
      User(R"({"name": "a", "adress": {}})"),
      "unexpected-attribute /0/attrs/adress: attribute `adress` on `User::\"a\"` should not exist according to the schema (did you mean "
      "`address`?)");
  EXPECT_EQ(User(R"({"name": "a", "address": {"zip": 1}})"),
            "missing-attribute /0/attrs/address: expected the record to have an attribute `street`, but it does not");
}

TEST_F(ValidationTest, EnumeratedIds) {
  EXPECT_EQ(
      User(R"({"name": "a", "level": {"type": "Level", "id": "mid"}})"),
      "unknown-enumerated-id /0/attrs/level: `User::\"a\"` does not conform to its type: attribute `level`: there is no `Level::\"mid\"`: "
      "the schema lists all entities of the type `Level` (its ids are `\"high\"`, `\"low\"`)");
  EXPECT_EQ(Entities(R"([{"uid": {"type": "Level", "id": "mid"}, "attrs": {}, "parents": []}])"),
            "unknown-enumerated-id /0/uid: there is no `Level::\"mid\"`: the schema lists all entities of the type `Level` (its ids are "
            "`\"high\"`, `\"low\"`)");
  EXPECT_EQ(
      Context(R"({"amount": 1, "level": {"type": "Level", "id": "mid"}})"),
      "unknown-enumerated-id /context/level: the context does not conform to that of `Action::\"edit\"`: attribute `level`: there is no "
      "`Level::\"mid\"`: the schema lists all entities of the type `Level` (its ids are `\"high\"`, `\"low\"`)");
}

TEST_F(ValidationTest, Parents) {
  EXPECT_EQ(User(R"({"name": "a"})", R"([{"type": "Team", "id": "t"}, {"type": "Doc", "id": "d"}])"),
            "parent-not-allowed /0/parents/1: `User::\"a\"` is not allowed to be in `Doc::\"d\"`: the schema lets no `User` be in a `Doc` "
            "(it may "
            "be in `Team`)");
  EXPECT_EQ(Entities(R"([{"uid": {"type": "Org", "id": "o"}, "attrs": {}, "parents": [{"type": "Org", "id": "p"}]}])"),
            "parent-not-allowed /0/parents/0: `Org::\"o\"` is not allowed to be in `Org::\"p\"`: the schema lets no `Org` be in a `Org` "
            "(`Org` is "
            "declared without `in`)");
}

TEST_F(ValidationTest, Tags) {
  EXPECT_EQ(User(R"({"name": "a"})", "[]", R"(, "tags": {"a/b": "x"})"),
            "type-mismatch /0/tags/a~1b: `User::\"a\"` does not conform to its type: tag `a/b`: expected `Long`, found the string `\"x\"`");
  EXPECT_EQ(Entities(R"([{"uid": {"type": "Doc", "id": "d"}, "attrs": {}, "parents": [], "tags": {"x": 1}}])"),
            "unexpected-tag /0/tags/x: found a tag `x` on `Doc::\"d\"`, but no tags should exist on it according to the schema");
}

TEST_F(ValidationTest, UndeclaredTypesAndActions) {
  EXPECT_EQ(
      Entities(R"([{"uid": {"type": "Usr", "id": "d"}, "attrs": {}, "parents": []}])"),
      "undeclared-entity-type /0/uid: entity `Usr::\"d\"` has type `Usr`, which is not declared in the schema (did you mean `User`?)");
  EXPECT_EQ(Entities(R"([{"uid": {"type": "Action", "id": "edt"}, "attrs": {}, "parents": []}])"),
            "undeclared-action /0/uid: action `Action::\"edt\"` is not declared in the schema (did you mean `Action::\"edit\"`?)");
}

TEST_F(ValidationTest, ActionsRepeatTheSchema) {
  const auto action = [](const std::string& id, const std::string& parents, const std::string& attrs = "{}", const std::string& more = "") {
    return R"({"uid": {"type": "Action", "id": ")" + id + R"("}, "attrs": )" + attrs + R"(, "parents": )" + parents + more + "}";
  };
  const std::string in_writes = R"([{"type": "Action", "id": "writes"}])";
  const std::string in_all = R"([{"type": "Action", "id": "all"}])";
  const std::string in_both = R"([{"type": "Action", "id": "all"}, {"type": "Action", "id": "writes"}])";
  EXPECT_EQ(Entities("[" + action("edit", in_writes) + "," + action("writes", in_all) + "]"), "ok");
  EXPECT_EQ(Entities("[" + action("edit", in_both) + "]"), "ok");
  const std::string mismatch = "does not match its schema declaration: ";
  const std::string help = " (leave the action out of the entities: the schema's actions are always there)";
  EXPECT_EQ(Entities("[" + action("edit", in_writes) + "]"), "action-mismatch /0/parents: the definition of action `Action::\"edit\"` " +
                                                                 mismatch + "there it is also in `Action::\"all\"`" + help);
  EXPECT_EQ(Entities("[" + action("all", in_writes) + "]"), "action-mismatch /0/parents: the definition of action `Action::\"all\"` " +
                                                                mismatch + "there it is not in `Action::\"writes\"`" + help);
  EXPECT_EQ(Entities("[" + action("all", "[]", R"({"x": 1})") + "]"),
            "action-mismatch /0/attrs: the definition of action `Action::\"all\"` " + mismatch + "actions have no attributes" + help);
  EXPECT_EQ(Entities("[" + action("all", "[]", "{}", R"(, "tags": {"x": 1})") + "]"),
            "action-mismatch /0/tags: the definition of action `Action::\"all\"` " + mismatch + "actions have no tags" + help);
}

TEST_F(ValidationTest, EveryEntityIsReported) {
  const auto errors = job_.Entities(R"([{"uid": {"type": "User", "id": "a"}, "attrs": {"name": 1}, "parents": []},
                                        {"uid": {"type": "Nope", "id": "a"}, "attrs": {}, "parents": []},
                                        {"uid": {"type": "Doc", "id": "d"}, "attrs": {}, "parents": []},
                                        {"uid": {"type": "Action", "id": "edit"}, "attrs": {}, "parents": []},
                                        5])");
  std::vector<std::string> places;
  places.reserve(errors.size());
  for (const auto& error : errors) places.push_back(error.code + " " + error.pointer);
  EXPECT_EQ(places, (std::vector<std::string>{"type-mismatch /0/attrs/name", "undeclared-entity-type /1/uid", "unexpected-json /4",
                                              "action-mismatch /3/parents"}));
}

TEST_F(ValidationTest, RequestsOutsideTheSchema) {
  const std::string user = R"("User::\"a\"")";
  const std::string edit = R"("Action::\"edit\"")";
  const std::string doc = R"("Doc::\"d\"")";
  EXPECT_EQ(Request(R"("Usr::\"a\"")", edit, doc, R"({"amount": 1})"),
            "undeclared-entity-type /principal: principal type `Usr` is not declared in the schema (did you mean `User`?)");
  EXPECT_EQ(Request(user, R"("Action::\"edt\"")", doc, "{}"),
            "undeclared-action /context: action `Action::\"edt\"` is not declared in the schema (did you mean `Action::\"edit\"`?)");
  EXPECT_EQ(Request(doc, edit, doc, R"({"amount": 1})"),
            "principal-not-applicable /principal: principal type `Doc` is not valid for `Action::\"edit\"` (valid principal types for "
            "`Action::\"edit\"`: `Team`, `User`)");
  EXPECT_EQ(Request(user, edit, user, R"({"amount": 1})"),
            "resource-not-applicable /resource: resource type `User` is not valid for `Action::\"edit\"` (valid resource types for "
            "`Action::\"edit\"`: `Doc`)");
  EXPECT_EQ(Request(user, R"("Action::\"all\"")", doc, "{}"),
            "principal-not-applicable /principal: principal type `User` is not valid for `Action::\"all\"` (`Action::\"all\"` is declared "
            "without "
            "`appliesTo`: it groups other actions and is never requested itself)");
  EXPECT_EQ(Request(R"("Level::\"mid\"")", edit, doc, R"({"amount": 1})").substr(0, 33), "unknown-enumerated-id /principal:");
}

TEST_F(ValidationTest, Contexts) {
  EXPECT_EQ(Context(R"({"amount": "1"})"),
            "type-mismatch /context/amount: the context does not conform to that of `Action::\"edit\"`: attribute `amount`: expected "
            "`Long`, found "
            "the string `\"1\"`");
  EXPECT_EQ(Context("{}"), "missing-attribute /context: expected the record to have an attribute `amount`, but it does not");
  EXPECT_EQ(Context(""),
            "missing-attribute the context does not conform to that of `Action::\"edit\"`: the attribute `amount` is missing (the schema "
            "requires "
            "it, as `Long`)");
  EXPECT_EQ(
      Context(R"({"amount": 1, "address": {"street": "s", "zip": "z"}})"),
      "type-mismatch /context/address/zip: the context does not conform to that of `Action::\"edit\"`: attribute `zip`: expected `Long`, "
      "found the string `\"z\"`");
}

TEST_F(ValidationTest, ARequestsOwnEntities) {
  const auto error =
      job_.Request(R"({"principal": "User::\"a\"", "action": "Action::\"edit\"", "resource": "Doc::\"d\"", "context": {"amount": 1},
                                      "entities": [{"uid": {"type": "User", "id": "a"}, "attrs": {"name": 1}, "parents": []}]})");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code + " " + error->pointer, "type-mismatch /entities/0/attrs/name");
}

TEST_F(ValidationTest, WithoutValidationARequestIsOnlyRead) {
  const auto* undeclared =
      R"({"principal": "Nope::\"a\"", "action": "Action::\"edit\"", "resource": "Doc::\"d\"", "context": {"amount": "x"}})";
  EXPECT_TRUE(job_.Request(undeclared));
  EXPECT_FALSE(job_.Request(undeclared, false));
  const auto* unreadable =
      R"({"principal": "Nope::\"a\"", "action": "Action::\"edit\"", "resource": "Doc::\"d\"", "context": {"more": 1}})";
  EXPECT_TRUE(job_.Request(unreadable, false));
}

TEST_F(ValidationTest, LongTextsAreClipped) {
  const std::string lengthy(100'000, 'x');
  const auto errors = job_.Entities(std::string(R"([{"uid": {"type": "User", "id": ")") + lengthy + R"("}, "attrs": {"name": [")" +
                                    lengthy + R"("]}, "parents": []}])");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_LT(errors[0].message.size(), 1000U);
}

// A hierarchy of types as deep as it likes: judged without recursion, and each pair of types once.
TEST(ValidationScaleTest, DeepTypeHierarchies) {
  std::string schema = "entity T0;";
  constexpr int kDepth = 5000;
  for (int i = 1; i < kDepth; ++i) schema += "entity T" + std::to_string(i) + " in [T" + std::to_string(i - 1) + "];";
  const ValidationJob job(schema);
  std::string entities = "[";
  for (int i = 0; i < 1000; ++i) {
    entities += std::string(i == 0 ? "" : ",") + R"({"uid": {"type": "T4999", "id": ")" + std::to_string(i) +
                R"("}, "attrs": {}, "parents": [{"type": "T0", "id": "top"}]})";
  }
  EXPECT_TRUE(job.Entities(entities + "]").empty());
  EXPECT_EQ(job.Entities(R"([{"uid": {"type": "T0", "id": "a"}, "attrs": {}, "parents": [{"type": "T4999", "id": "x"}]}])").size(), 1U);
}

// Entities that come without JSON.
TEST_F(ValidationTest, StoresAreValidatedToo) {
  auto& interner = job_.interner();
  const EntityUid uid{.type = interner.Intern("User"), .id = interner.Intern("a")};
  const std::vector<Entity> entities = {{.uid = uid, .attrs = {}, .tags = {}, .parents = {}}};
  const auto checked = ValidateEntities(job_.schema(), interner, entities);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code + " " + checked.error().pointer, "missing-attribute /0/attrs");
  EXPECT_TRUE(ValidateEntities(job_.schema(), interner, {}));
}

}  // namespace
}  // namespace remit
