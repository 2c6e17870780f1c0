// COAZ for the Model Context Protocol: expressions, default and declared mappings.
#include "runtime/server/authzen/mcp.h"

#include <gtest/gtest.h>

namespace remit::coaz {
namespace {

const Json kToken = {{"sub", "alice"}, {"client_id", "agent-7"}, {"aud", "https://mcp.example.com"}, {"roles", {"treasury", "staff"}}};

auto Cel(std::string_view expression) -> std::string {
  const Variables variables = {
      {"params", {{"name", "get"}, {"n", 7}, {"x", 1.5}, {"list", {1, 2, 3}}, {"arguments", {{"id", "c-1"}, {"odd-key", "v"}}}}},
      {"token", kToken}};
  const auto value = EvaluateCel(expression, variables);
  if (!value) return "error: " + value.error().message;
  return *value ? (*value)->dump() : "absent";
}

TEST(Cel, Selects) {
  EXPECT_EQ(Cel("params.arguments.id"), "\"c-1\"");
  EXPECT_EQ(Cel("params.arguments[\"odd-key\"]"), "\"v\"");
  EXPECT_EQ(Cel("params.list[1]"), "2");
  EXPECT_EQ(Cel("token.?client_id"), "\"agent-7\"");
  EXPECT_EQ(Cel("token.?nothing"), "absent");
  EXPECT_EQ(Cel("token.?nothing.more"), "absent");
  EXPECT_EQ(Cel("token.?nothing.orValue('x')"), "\"x\"");
  EXPECT_EQ(Cel("params[?'none'].hasValue()"), "false");
  EXPECT_EQ(Cel("token.nothing"), "error: no such key \"nothing\"");
  EXPECT_EQ(Cel("secret.x"), "error: there is no variable `secret`");
  EXPECT_EQ(Cel("has(token.sub) && !has(token.nothing)"), "true");
}

TEST(Cel, Computes) {
  EXPECT_EQ(Cel("'urn:doc:' + params.arguments.id"), "\"urn:doc:c-1\"");
  EXPECT_EQ(Cel("params.n > 5 ? 'high' : 'standard'"), "\"high\"");
  EXPECT_EQ(Cel("1 + 2 * 3 - 4 / 2 % 3"), "5");
  EXPECT_EQ(Cel("-params.n + 1"), "-6");
  EXPECT_EQ(Cel("params.x * 2.0"), "3.0");
  EXPECT_EQ(Cel("params.x < 2"), "true");
  EXPECT_EQ(Cel("size('äöü') + size(params.list)"), "6");
  EXPECT_EQ(Cel("'a' in ['a', 'b'] && 'sub' in token"), "true");
  EXPECT_EQ(Cel("{'a': [1, {'b': null}]}"), R"({"a":[1,{"b":null}]})");
  EXPECT_EQ(Cel("string(params.n) + '!' + \"\\u00e4\""), "\"7!ä\"");
  EXPECT_EQ(Cel("int('12') == 12 && params.name.startsWith('g') && 'abc'.contains('b')"), "true");
}

TEST(Cel, HasMacros) {
  EXPECT_EQ(Cel("token.roles.exists(r, r == 'treasury') ? 'treasury_user' : 'standard_user'"), "\"treasury_user\"");
  EXPECT_EQ(Cel("params.list.all(x, x > 1)"), "false");
  EXPECT_EQ(Cel("params.list.filter(x, x > 1).map(x, x * 10)"), "[20,30]");
  EXPECT_EQ(Cel("params.list.exists_one(x, params.list.exists(y, y == x + 2))"), "true");
  EXPECT_EQ(Cel("[].exists(x, x.nothing)"), "false");
}

TEST(Cel, ErrorsAreAbsorbedWhereTheyDoNotCount) {
  EXPECT_EQ(Cel("token.nothing == 1 || true"), "true");
  EXPECT_EQ(Cel("false && token.nothing == 1"), "false");
  EXPECT_EQ(Cel("true ? 1 : token.nothing"), "1");
  EXPECT_EQ(Cel("token.nothing == 1 || false"), "error: no such key \"nothing\"");
}

TEST(Cel, RefusesWhatItCannotMean) {
  for (const auto* bad : {"",
                          "1 +",
                          "(1",
                          "a b",
                          "'x",
                          "1 ? 2 : 3",
                          "1 && true",
                          "'a' + 1",
                          "9223372036854775807 + 1",
                          "1 / 0",
                          "f(1)",
                          "params.n.size()",
                          "[1,",
                          "{1: 2}",
                          "params.list.all(x)",
                          "@",
                          "9999999999999999999",
                          "x.map(x, x",
                          "!1",
                          "'\\q'"}) {
    EXPECT_TRUE(Cel(bad).starts_with("error")) << bad << " " << Cel(bad);
  }
}

TEST(Cel, IsBounded) {
  EXPECT_TRUE(Cel(std::string(5000, ' ') + "1").starts_with("error"));
  EXPECT_TRUE(Cel(std::string(2000, '(')).starts_with("error"));
  EXPECT_TRUE(Cel(std::string(2000, '!') + "true").starts_with("error"));
  std::string nested = "1";
  for (int i = 0; i < 10; ++i) nested = "[1,2,3,4,5,6,7,8,9].map(x" + std::to_string(i) + ", " + nested + ")";
  EXPECT_EQ(Cel(nested), "error: the expression takes too much work");
}

// ---- mappings --------------------------------------------------------------------------------------------------------

auto Map(const Json& message, const Json* mapping = nullptr, const Json& token = kToken) -> std::string {
  const auto mapped = MapMcp({.message = message, .token = token, .mapping = mapping});
  if (!mapped) return mapped.error().message;
  switch (mapped->next) {
    case McpNext::Pass: return "pass";
    case McpNext::Deny: return "deny";
    case McpNext::Ask: return (mapped->is_anchored ? "" : "unanchored ") + mapped->request.dump();
  }
  return "";
}
auto Message(const char* method, Json params = Json::object()) -> Json {
  return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
}

TEST(Mcp, MethodsHaveDefaults) {
  EXPECT_EQ(
      Map(Message("tools/call", {{"name", "get"}})),
      R"({"action":{"name":"tools/call"},"context":{"agent":"agent-7"},"resource":{"id":"get","type":"tool"},"subject":{"id":"alice","type":"identity"}})");
  EXPECT_NE(Map(Message("initialize", {{"protocolVersion", "2025-11-25"}})).find(R"("protocol_version":"2025-11-25")"), std::string::npos);
  EXPECT_NE(Map(Message("tools/list")).find(R"("resource":{"id":"https://mcp.example.com","type":"mcp_server"})"), std::string::npos);
  EXPECT_NE(Map(Message("completion/complete", {{"ref", {{"type", "ref/prompt"}, {"name", "p"}}}})).find(R"({"id":"p","type":"prompt"})"),
            std::string::npos);
  EXPECT_EQ(Map(Message("ping")), "pass");
  EXPECT_EQ(Map(Message("notifications/cancelled")), "pass");
  EXPECT_EQ(Map(Message("sampling/createMessage")), "deny");
  EXPECT_EQ(Map(Message("tools/destroy")), "deny");
  EXPECT_NE(Map(Message("resources/read")).find("failed: no such key"), std::string::npos);
  auto token = kToken;
  token["aud"] = {"https://a", "https://b"};
  EXPECT_NE(Map(Message("tools/list"), nullptr, token).find("which server"), std::string::npos);
  token.erase("sub");
  EXPECT_NE(Map(Message("tools/list"), nullptr, token).find("`sub`"), std::string::npos);
  token["sub"] = "$token.client_id";  // a claim is a text, whatever it looks like
  token["aud"] = "x";
  EXPECT_NE(Map(Message("tools/list"), nullptr, token).find(R"("id":"$token.client_id")"), std::string::npos);
}

TEST(Mcp, ToolsDeclareTheirs) {
  const auto call = Message("tools/call", {{"name", "copy"}, {"arguments", {{"source", "/a"}, {"destination", "/b"}}}});
  const Json copy = {
      {"evaluations",
       {{"subject", {{"type", "identity"}, {"id", "$token.sub"}}},
        {"evaluations",
         {{{"action", {{"name", "read"}}}, {"resource", {{"type", "object"}, {"id", "$params.arguments.source"}}}},
          {{"action", {{"name", "write"}}}, {"resource", {{"type", "object"}, {"id", "$params.arguments.destination"}}}}}}}}};
  EXPECT_NE(Map(call, &copy).find(R"("resource":{"id":"/b","type":"object"})"), std::string::npos) << Map(call, &copy);
  auto smuggled = copy;
  smuggled["evaluations"]["evaluations"][0]["subject"] = {{"type", "identity"}, {"id", "root"}};
  EXPECT_EQ(Map(call, &smuggled), "an evaluation must not have a subject of its own");
  Json single = {{"evaluation", {{"action", {{"name", "$$x"}}}, {"resource", {{"type", "object"}, {"id", "$params.arguments.source"}}}}}};
  EXPECT_NE(Map(call, &single).find(R"("subject":{"id":"alice","type":"identity"})"), std::string::npos);
  EXPECT_NE(Map(call, &single).find(R"("name":"$x")"), std::string::npos);
  single["evaluation"]["subject"] = {{"id", "$token.sub"}};
  const auto for_agent = MapMcp({.message = call, .token = kToken, .mapping = &single, .identity_claim = "client_id"});
  ASSERT_TRUE(for_agent.has_value());
  EXPECT_EQ(for_agent->request["subject"]["id"], "agent-7");
  EXPECT_TRUE(for_agent->is_anchored);
  single["evaluation"]["subject"] = {{"id", "$params.arguments.source"}};
  EXPECT_TRUE(Map(call, &single).starts_with("unanchored ")) << Map(call, &single);
  single["evaluation"]["resource"]["id"] = "$params.arguments.?none";
  EXPECT_EQ(Map(call, &single), "the resource has no type or no id that is a text");
  for (const auto* bad : {"{}", "[]", R"({"evaluation":1})", R"({"search":{}})", R"({"evaluation":{},"evaluations":{}})",
                          R"({"evaluations":{"evaluations":[]}})"}) {
    const Json mapping = Json::parse(bad);
    EXPECT_EQ(Map(call, &mapping).find('{'), std::string::npos) << bad;
  }
  EXPECT_NE(Map(Message("tools/list"), &copy).find("mcp_server"), std::string::npos);  // of that tool's calls alone
}

}  // namespace
}  // namespace remit::coaz
