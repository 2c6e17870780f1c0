#include "compiler/mcp/server_process.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/mcp/child_process.h"
#include "runtime/base/json_depth.h"
#include "stdlib/shell_words.h"

namespace remit::mcp {
namespace {

using Json = nlohmann::json;

constexpr const char* kProtocolVersion = "2025-06-18";
constexpr size_t kMostDepth = 512;

// JSON-RPC over lines: one question at a time. What else the server sends is let pass, but for questions, which are answered with a refusal.
class Session {
 public:
  Session(ChildProcess& process, const ServerLimits& limits)
      : process_(process), limits_(limits), deadline_(ChildProcess::Clock::now() + std::chrono::milliseconds(limits.milliseconds)) {}

  auto Ask(const std::string& method, Json params) -> Expected<Json> {
    const int id = ++last_id_;
    if (auto sent = Send({{"id", id}, {"method", method}, {"params", std::move(params)}}); !sent) return std::unexpected(sent.error());
    while (true) {
      auto message = Receive();
      if (!message) return message;
      if (message->contains("method")) {
        if (auto answered = Answer(*message); !answered) return std::unexpected(answered.error());
      } else if (message->value("id", Json()) == id) {
        return Result(method, *message);
      }
    }
  }

  auto Send(Json message) -> Expected<void> {
    message["jsonrpc"] = "2.0";
    return process_.WriteLine(message.dump(), deadline_);
  }

 private:
  // Lines that are no messages are logs of servers that write them to the wrong place.
  auto Receive() -> Expected<Json> {
    while (true) {
      auto line = process_.ReadLine(deadline_, limits_.max_bytes);
      if (!line) return std::unexpected(line.error());
      if (!IsShallowJson(*line, kMostDepth)) return Fail("invalid-answer", "the server's answer nests too much");
      auto json = Json::parse(*line, nullptr, false);
      if (!json.is_discarded() && json.is_object()) return json;
    }
  }

  auto Answer(const Json& question) -> Expected<void> {
    if (!question.contains("id")) return {};
    if (question["method"] == "ping") return Send({{"id", question["id"]}, {"result", Json::object()}});
    return Send({{"id", question["id"]}, {"error", {{"code", -32601}, {"message", "not supported"}}}});
  }

  static auto Result(const std::string& method, const Json& message) -> Expected<Json> {
    if (const auto error = message.find("error"); error != message.end()) {
      const auto text = error->is_object() && error->contains("message") && (*error)["message"].is_string()
                            ? (*error)["message"].get<std::string>()
                            : error->dump();
      return Fail("server-refused", fmt::format("the server refuses `{}`: {}", method, text));
    }
    const auto result = message.find("result");
    if (result == message.end() || !result->is_object())
      return Fail("invalid-answer", fmt::format("the server's answer to `{}` has no result", method));
    return *result;
  }

  ChildProcess& process_;
  const ServerLimits& limits_;
  ChildProcess::Clock::time_point deadline_;
  int last_id_ = 0;
};

auto ListTools(Session& session, const ServerLimits& limits) -> Expected<Json> {
  Json tools = Json::array();
  Json params = Json::object();
  for (uint32_t page = 0; page < limits.max_pages; ++page) {
    auto result = session.Ask("tools/list", params);
    if (!result) return result;
    const auto found = result->find("tools");
    if (found == result->end() || !found->is_array()) return Fail("invalid-answer", "the server's answer to `tools/list` has no `tools`");
    for (auto& tool : *found) tools.push_back(std::move(tool));
    const auto next = result->find("nextCursor");
    if (next == result->end() || !next->is_string()) return tools;
    params["cursor"] = *next;
  }
  return Fail("answer-too-large", fmt::format("the server has more than {} pages of tools", limits.max_pages));
}

auto Words(const std::string& command) -> Expected<std::vector<std::string>> {
  const auto pipeline = SplitShellCommand(command);
  if (!pipeline) return Fail("invalid-command", fmt::format("`{}` is no command: {}", command, pipeline.error()));
  if (pipeline->size() != 1 || pipeline->front().empty()) return Fail("invalid-command", fmt::format("`{}` is not one command", command));
  return std::vector<std::string>(pipeline->front().begin(), pipeline->front().end());
}

}  // namespace

auto ListServerTools(const std::string& command, const ServerLimits& limits) -> Expected<std::string> {
  const auto words = Words(command);
  if (!words) return std::unexpected(words.error());
  auto process = ChildProcess::Start(*words);
  if (!process) return std::unexpected(process.error());
  Session session(*process, limits);
  const auto hello = session.Ask(
      "initialize",
      {{"protocolVersion", kProtocolVersion}, {"capabilities", Json::object()}, {"clientInfo", {{"name", "remit"}, {"version", "1"}}}});
  if (!hello) return std::unexpected(hello.error());
  if (auto sent = session.Send({{"method", "notifications/initialized"}}); !sent) return std::unexpected(sent.error());
  auto tools = ListTools(session, limits);
  if (!tools) return std::unexpected(tools.error());
  return Json{{"tools", std::move(*tools)}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace remit::mcp
