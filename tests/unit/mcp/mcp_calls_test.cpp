// Calls of tools as requests, servers as processes.
#include <nlohmann/json.hpp>

#include "compiler/mcp/call_to_request.h"
#include "compiler/mcp/formats.h"
#include "compiler/mcp/server_process.h"
#include "runtime/request/json.h"
#include "tests/unit/mcp/mcp_fixture.h"

namespace remit::mcp {
namespace {

constexpr std::string_view kTool = R"({"name": "t", "inputSchema": {"required": ["s"], "properties": {
  "s": {"type": "string"}, "n": {"type": "number"}, "i": {"type": "integer"}, "at": {"type": "string", "format": "date-time"},
  "mode": {"type": "string", "enum": ["fast"]}, "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "integer"}}}},
  "choice": {"anyOf": [{"type": "object", "properties": {"x": {"type": "object", "properties": {}}, "y": {}}, "required": ["y"]}, {"type": "integer"}, {}]},
  "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "items": false},
  "map": {"type": "object", "additionalProperties": {"type": "integer"}}}}})";

// The request, after the schema has accepted it; or the error.
auto Call(std::string_view arguments, const SchemaOptions& options = Bare(), std::string_view tool = kTool) -> std::string {
  const auto imported = Import(tool, options);
  EXPECT_EQ(imported.error, "");
  const CallParts parts = {.principal = "S::User::\"u\"",
                           .resource = "S::Server::\"s\"",
                           .context = R"({"session": {"at": {"__extn": {"fn": "datetime", "arg": "2026-01-05"}}}})"};
  const auto call = fmt::format(R"({{"method": "tools/call", "params": {{"name": "t", "arguments": {}}}}})", arguments);
  const auto request = CallToRequest(imported.manifest, imported.schema, call, parts, {});
  if (!request) return request.error().code + " " + request.error().pointer;
  CompileJob job;
  const auto schema = LoadSchema(job, "schema", imported.schema.text);
  EXPECT_TRUE(schema.has_value());
  Arena arena;
  const auto read = ReadRequest(*request, job.interner, arena, {.limits = {}, .schema = &*schema});
  if (!read) return FormatError(read.error()) + *request;
  return nlohmann::json::parse(*request)["context"]["input"].dump();
}

TEST(McpCall, PlainArguments) {
  EXPECT_EQ(Call(R"({"s": "x", "i": 3})"), R"({"i":3,"s":"x"})");
  EXPECT_EQ(Call(R"({"s": "x", "n": 1.5})"), R"({"n":{"__entity":{"id":"1.5","type":"S::Number"}},"s":"x"})");
  EXPECT_EQ(Call(R"({"s": "x", "mode": "fast"})"), R"({"mode":{"__entity":{"id":"fast","type":"S::t::Input::mode"}},"s":"x"})");
  EXPECT_EQ(Call(R"({"s": "x", "at": "2026-01-05T10:00:00.5+01:00"})"),
            R"({"at":{"__extn":{"arg":"2026-01-05T10:00:00.500+0100","fn":"datetime"}},"s":"x"})");
}

TEST(McpCall, ObjectsAreEntitiesNamedByTheirPlace) {
  EXPECT_EQ(
      Call(R"({"s": "x", "list": [{"x": 1}, {}]})"),
      R"({"list":[{"__entity":{"id":"/list/0","type":"S::t::Input::list"}},{"__entity":{"id":"/list/1","type":"S::t::Input::list"}}],"s":"x"})");
  EXPECT_EQ(Call(R"({"s": "x", "map": {"a": 1}})"), R"({"map":{"__entity":{"id":"/map","type":"S::t::Input::map"}},"s":"x"})");
}

TEST(McpCall, TheFirstChoiceThatFitsCounts) {
  EXPECT_EQ(Call(R"({"s": "x", "choice": 3})"), R"({"choice":{"typeChoice1":3},"s":"x"})");
  EXPECT_EQ(Call(R"({"s": "x", "choice": {"x": {}}})"),
            R"({"choice":{"typeChoice2":{"__entity":{"id":"{\"x\":{}}","type":"S::Unknown"}}},"s":"x"})");
  EXPECT_EQ(Call(R"({"s": "x", "pair": ["a", null]})"),
            R"({"pair":{"proj0":"a","proj1":{"__entity":{"id":"null","type":"S::Null"}}},"s":"x"})");
}

TEST(McpCall, WhatTheToolDoesNotTakeIsRefused) {
  EXPECT_EQ(Call("{}"), "invalid-argument ");
  EXPECT_EQ(Call(R"({"s": 3})"), "invalid-argument /s");
  EXPECT_EQ(Call(R"({"s": "x", "more": 1})"), "invalid-argument /more");
  EXPECT_EQ(Call(R"({"s": "x", "i": 1.5})"), "invalid-argument /i");
  EXPECT_EQ(Call(R"({"s": "x", "i": 18446744073709551615})"), "invalid-argument /i");
  EXPECT_EQ(Call(R"({"s": "x", "mode": "slow"})"), "invalid-argument /mode");
  EXPECT_EQ(Call(R"({"s": "x", "at": "soon"})"), "invalid-argument /at");
  EXPECT_EQ(Call(R"({"s": "x", "list": [{"x": 1}, {"z": 1}]})"), "invalid-argument /list/1/z");
  EXPECT_EQ(Call(R"({"s": "x", "pair": ["a"]})"), "invalid-argument /pair");
}

TEST(McpCall, TypesThatContainThemselvesAndManyChoices) {
  const std::string tree = R"({"name": "t", "inputSchema": {"$defs": {"N": {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}}},
                               "properties": {"a": {"$ref": "#/$defs/N"}}}})";
  EXPECT_NE(Call(R"({"a": {"n": {"n": {}}}})", Bare(), tree).find("S::t::Input::N"), std::string::npos);
  const std::string one = R"({"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}})";
  const std::string bomb = R"({"name": "t", "inputSchema": {"$defs": {"N": {"anyOf": [)" + one + "," + one + "," + one + R"(]}},
                               "properties": {"a": {"$ref": "#/$defs/N"}}}})";
  std::string deep = "1";
  for (int i = 0; i < 40; ++i) deep = R"({"n": )" + deep + "}";
  EXPECT_EQ(Call(R"({"a": )" + deep + "}", Bare(), bomb).substr(0, 16), "invalid-argument");
}

TEST(McpFormats, AsCedarWritesThem) {
  EXPECT_EQ(CedarDatetime("2026-01-05"), "2026-01-05");
  EXPECT_EQ(CedarDatetime("2026-01-05T10:00:00.1234567Z"), "2026-01-05T10:00:00.123Z");
  EXPECT_EQ(CedarDatetime("2026-01-05T10:00:00"), "2026-01-05T10:00:00Z");
  EXPECT_EQ(CedarDatetime("2026-13-05"), std::nullopt);
  EXPECT_EQ(CedarDuration("P1Y2M3W4DT5H6M7.25S"), "450d5h6m7s250ms");
  EXPECT_EQ(CedarDuration("PT0S"), "0ms");
  for (const auto* bad : {"P", "PT", "1D", "P1H", "PT1D", "P1D1Y", "P-1D", "P1.5D", "P99999999999999999999D"})
    EXPECT_EQ(CedarDuration(bad), std::nullopt) << bad;
  EXPECT_EQ(CedarIp("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(CedarIp("10.0.0.0/8"), "10.0.0.0/8");
  EXPECT_EQ(CedarIp("10.0.0"), std::nullopt);
  EXPECT_EQ(CedarDecimal(1e300), std::nullopt);
}

// A server in sh: answers line by line, whatever is asked.
auto Ask(const std::string& script, const ServerLimits& limits = {.milliseconds = 10'000}) -> std::string {
  const auto tools = ListServerTools("sh -c '" + script + "'", limits);
  return tools ? nlohmann::json::parse(*tools).dump() : tools.error().code;
}

constexpr const char* kHello = R"(read a; echo "{\"id\":1,\"result\":{}}"; read b; read c; )";

TEST(McpServer, ListsToolsPageByPage) {
  EXPECT_EQ(
      Ask(std::string("echo log; ") + kHello + R"(echo "{\"id\":2,\"result\":{\"tools\":[{\"name\":\"a\"}],\"nextCursor\":\"x\"}}"; read d;
            echo "{\"id\":9,\"method\":\"ping\"}"; read e; echo "{\"id\":3,\"result\":{\"tools\":[{\"name\":\"b\"}]}}")"),
      R"({"tools":[{"name":"a"},{"name":"b"}]})");
}

TEST(McpServer, WhatDoesNotAnswerIsEnded) {
  EXPECT_EQ(Ask("sleep 1000", {.milliseconds = 300}), "server-timeout");
  EXPECT_EQ(Ask("trap \"\" TERM; while true; do sleep 1; done", {.milliseconds = 300}), "server-timeout");
  EXPECT_EQ(Ask("exit 3"), "server-ended");
  EXPECT_EQ(Ask("read a; yes", {.milliseconds = 10'000, .max_bytes = 100'000}), "answer-too-large");
  EXPECT_EQ(Ask(std::string(kHello) + R"(echo "{\"id\":2,\"error\":{\"message\":\"no\"}}")"), "server-refused");
  EXPECT_EQ(Ask(std::string(kHello) +
                    R"(i=2; while echo "{\"id\":$i,\"result\":{\"tools\":[],\"nextCursor\":\"x\"}}"; do i=$((i+1)); read d; done)",
                {.milliseconds = 10'000, .max_pages = 3}),
            "answer-too-large");
}

TEST(McpServer, CommandsAreSplitAndNotRunByAShell) {
  const auto code = [](const std::string& command) { return ListServerTools(command, {.milliseconds = 1000}).error().code; };
  EXPECT_EQ(code("/no/such/program x"), "cannot-start");
  EXPECT_EQ(code("a | b"), "invalid-command");
  EXPECT_EQ(code("a $(b)"), "invalid-command");
}

}  // namespace
}  // namespace remit::mcp
