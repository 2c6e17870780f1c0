// Messages of the Model Context Protocol, decided.
#include "tests/server/authzen_fixture.h"

namespace remit::authzen {
namespace {

const Json kToken = {{"sub", "alice"}, {"client_id", "agent-7"}, {"aud", "https://mcp.example.com"}, {"roles", {"treasury", "staff"}}};

auto Message(const char* method, Json params = Json::object()) -> Json {
  return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
}

TEST(Mcp, MessagesAreDecided) {
  World world({.policies = R"(permit (principal == identity::"alice", action == Action::"tools/call", resource == tool::"get");)"});
  const auto ask = [&](const Json& message) {
    return world.Post("/access/v1/mcp", Json({{"message", message}, {"token", kToken}}).dump()).json;
  };
  EXPECT_EQ(ask(Message("tools/call", {{"name", "get"}}))["allow"], true);
  const auto denied = ask(Message("tools/call", {{"name", "drop"}}));
  EXPECT_EQ(denied["allow"], false);
  EXPECT_EQ(denied["error"]["error"]["code"], -32001);
  EXPECT_EQ(denied["error"]["id"], 1);
  EXPECT_EQ(ask(Message("tools/call"))["error"]["error"]["code"], -32602);
  EXPECT_EQ(ask(Message("tools/destroy"))["error"]["error"]["code"], -32001);
  EXPECT_EQ(ask(Message("ping"))["allow"], true);
  EXPECT_EQ(world.Post("/access/v1/mcp", "[]").status, 400);
  EXPECT_EQ(world.Post("/access/v1/mcp", std::string(100'000, '[')).status, 413);
  EXPECT_EQ(world.Post("/access/v1/mcp", std::string(10'000, '[')).status, 400);
}

}  // namespace
}  // namespace remit::authzen
