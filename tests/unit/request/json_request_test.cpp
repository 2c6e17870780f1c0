// Request documents, contexts and uids.
#include <gtest/gtest.h>

#include <string>

#include "runtime/request/json.h"

namespace remit {
namespace {

class JsonRequestTest : public testing::Test {
 protected:
  auto Read(std::string_view json, const EntityStore* base = nullptr) -> Expected<RequestDocument> {
    return ReadRequest(json, interner_, arena_, options_, base);
  }
  auto Failure(std::string_view json) -> Error {
    const auto request = Read(json);
    return request ? Error{.code = "ok", .message = {}, .pointer = {}, .help = {}} : request.error();
  }
  auto Context(std::string_view json) -> std::string {
    const auto context = ReadContext(json, interner_, arena_, options_);
    if (!context) return context.error().code + " " + context.error().pointer;
    return FormatValue(Value::OfSortedRecord(*context), interner_);
  }

  static constexpr std::string_view kScope =
      R"("principal":{"type":"U","id":"a"},"action":"Action::\"x\"","resource":{"__entity":{"type":"R","id":"r"}})";
  static auto With(const std::string& members) -> std::string { return "{" + std::string(kScope) + members + "}"; }

  Interner interner_;
  Arena arena_;
  JsonOptions options_;
};

TEST_F(JsonRequestTest, ReadsTheThreeSpellingsOfAnEntity) {
  const auto request = Read(With(""));
  ASSERT_TRUE(request) << FormatError(request.error());
  EXPECT_EQ(FormatEntityUid(request->request.principal, interner_), R"(U::"a")");
  EXPECT_EQ(FormatEntityUid(request->request.action, interner_), R"(Action::"x")");
  EXPECT_EQ(FormatEntityUid(request->request.resource, interner_), R"(R::"r")");
  EXPECT_TRUE(request->request.context.empty());
  EXPECT_FALSE(request->entities);
  EXPECT_EQ(request->id, "");
}

TEST_F(JsonRequestTest, ReadsContextIdAndEntities) {
  const auto base = ReadEntities(R"([{"uid":{"type":"G","id":"g"},"attrs":{},"parents":[]}])", interner_, options_);
  ASSERT_TRUE(base);
  const auto request = Read(
      With(
          R"(,"id":"r-1","description":"","context":{"n":1},"entities":[{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[{"type":"G","id":"g"}]}])"),
      &*base);
  ASSERT_TRUE(request) << FormatError(request.error());
  EXPECT_EQ(request->id, "r-1");
  EXPECT_EQ(request->request.context.size(), 1U);
  ASSERT_TRUE(request->entities);
  EXPECT_EQ(request->entities->entities().size(), 2U);
  EXPECT_TRUE(request->entities->IsIn(request->request.principal, {interner_.Find("G"), interner_.Find("g")}));
}

TEST_F(JsonRequestTest, MisspeltMembersAreNotIgnored) {
  const auto error = Failure(With(R"(,"contxt":{})"));
  EXPECT_EQ(error.code, "unknown-member");
  EXPECT_EQ(error.pointer, "/contxt");
  EXPECT_EQ(error.help, "did you mean `context`?");
}

TEST_F(JsonRequestTest, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(Failure("[]").code, "unexpected-json");
  EXPECT_EQ(Failure(R"({"principal":"U::\"a\"","action":"A::\"a\""})").code, "missing-field");
  EXPECT_EQ(Failure(R"({"principal":"U::a","action":"A::\"a\"","resource":"R::\"r\""})").pointer, "/principal");
  EXPECT_EQ(Failure(R"({"principal":"U::a","action":"A::\"a\"","resource":"R::\"r\""})").code, "invalid-entity-uid");
  EXPECT_EQ(Failure(R"({"principal":null,"action":"A::\"a\"","resource":"R::\"r\""})").code, "expected-entity");
  EXPECT_EQ(Failure(With(R"(,"context":{"a":{"b":null}})")).pointer, "/context/a/b");
  EXPECT_EQ(Failure(With(R"(,"entities":[{"uid":{"type":"U","id":"a"},"attrs":{"x":1.5},"parents":[]}])")).pointer, "/entities/0/attrs/x");
  EXPECT_EQ(Failure(With(R"(,"entities":[{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[{"type":"U","id":"a"}]}])")).pointer,
            "/entities");
  EXPECT_EQ(Failure(With(R"(,"id":7)")).pointer, "/id");
  EXPECT_EQ(Failure(With(R"(,"id":"a","id":"a")")).code, "duplicate-key");
}

TEST_F(JsonRequestTest, RequestsHaveALimitOfTheirOwn) {
  options_.limits.max_request_bytes = 10;
  EXPECT_EQ(Failure(With("")).code, "json-too-large");
}

TEST_F(JsonRequestTest, AContextIsARecord) {
  EXPECT_EQ(Context("{}"), "{}");
  EXPECT_EQ(Context(R"({"a":{"__entity":{"type":"U","id":"x"}}})"), R"({"a": U::"x"})");
  EXPECT_EQ(Context("[]"), "context-not-a-record ");
  EXPECT_EQ(Context("1"), "context-not-a-record ");
  EXPECT_EQ(Context("null"), "null-value ");
  EXPECT_EQ(Context(R"({"__extn":{"fn":"ip","arg":"1.1.1.1"}})"), "context-not-a-record ");
  EXPECT_EQ(Context(R"({"a":1,"a":2})"), "duplicate-key /a");
}

TEST_F(JsonRequestTest, SymbolsOfARequestStayInItsOverlay) {
  interner_.Intern("U");
  const auto size = interner_.size();
  Interner overlay(&interner_);
  ASSERT_TRUE(ReadEntityUid(R"({"type":"U","id":"only here"})", overlay, options_));
  EXPECT_EQ(interner_.size(), size);
  EXPECT_TRUE(overlay.Find("only here").has_value());
}

}  // namespace
}  // namespace remit
