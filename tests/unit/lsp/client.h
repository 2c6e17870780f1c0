// An editor for tests: speaks to a server in this process and keeps what it is told.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "compiler/lsp/server.h"
#include "compiler/lsp/uri.h"

namespace remit::lsp::test {

// A folder that is gone when the test is.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "remit-lsp-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  auto operator=(const Folder&) -> Folder& = delete;

  void Write(const std::string& name, const std::string& text) const {
    const auto path = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  void Remove(const std::string& name) const { std::filesystem::remove(std::filesystem::path(path_) / name); }
  auto uri(const std::string& name = {}) const -> std::string { return UriOfPath(name.empty() ? path_ : path_ + "/" + name); }

 private:
  std::string path_;
};

class Client {
 public:
  explicit Client(const Folder& folder, Json capabilities = Json::object(), Json options = Json::object())
      : folder_(folder), server_([this](const Json& message) { Take(message); }, "test") {
    initialized_ = Ask("initialize", {{"processId", nullptr},
                                      {"capabilities", std::move(capabilities)},
                                      {"initializationOptions", std::move(options)},
                                      {"workspaceFolders", Json::array({{{"uri", folder.uri()}, {"name", "test"}}})}});
    Tell("initialized", Json::object());
    server_.Settle();
  }

  auto server() -> Server& { return server_; }
  auto initialized() const -> const Json& { return initialized_; }
  auto diagnostics() const -> const std::map<std::string, Json>& { return diagnostics_; }
  // Those of a file of the folder; an empty list if nothing was said of it.
  auto DiagnosticsOf(const std::string& name) const -> Json {
    const auto it = diagnostics_.find(folder_.uri(name));
    return it == diagnostics_.end() ? Json::array() : it->second;
  }
  auto CodesOf(const std::string& name) const -> std::vector<std::string> {
    std::vector<std::string> codes;
    for (const auto& each : DiagnosticsOf(name)) codes.push_back(each["code"]);
    return codes;
  }
  auto requests() const -> const std::vector<Json>& { return requests_; }

  auto AskFull(const std::string& method, Json params) -> Json {
    answer_ = Json();
    server_.Handle({{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}, {"params", std::move(params)}});
    return answer_;
  }
  auto Ask(const std::string& method, Json params) -> Json {
    auto answer = AskFull(method, std::move(params));
    EXPECT_TRUE(answer.contains("result")) << method << ": " << answer.dump();
    return answer.value("result", Json());
  }
  void Tell(const std::string& method, Json params) {
    server_.Handle({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
  }
  void Settle() { server_.Settle(); }

  void Open(const std::string& name, const std::string& text, const std::string& language = "remit") {
    Tell("textDocument/didOpen",
         {{"textDocument", {{"uri", folder_.uri(name)}, {"languageId", language}, {"version", 1}, {"text", text}}}});
    Settle();
  }
  void Change(const std::string& name, Json changes) {
    Tell("textDocument/didChange",
         {{"textDocument", {{"uri", folder_.uri(name)}, {"version", ++version_}}}, {"contentChanges", std::move(changes)}});
  }
  void Replace(const std::string& name, const std::string& text) {
    Change(name, Json::array({{{"text", text}}}));
    Settle();
  }
  auto At(const std::string& name, uint32_t line, uint32_t character) const -> Json {
    return {{"textDocument", {{"uri", folder_.uri(name)}}}, {"position", {{"line", line}, {"character", character}}}};
  }
  auto Document(const std::string& name) const -> Json { return {{"textDocument", {{"uri", folder_.uri(name)}}}}; }

 private:
  void Take(const Json& message) {
    if (!message.contains("method")) {
      answer_ = message;
      return;
    }
    requests_.push_back(message);
    if (message["method"] == "textDocument/publishDiagnostics") diagnostics_[message["params"]["uri"]] = message["params"]["diagnostics"];
  }

  const Folder& folder_;
  Server server_;
  Json initialized_;
  Json answer_;
  std::map<std::string, Json> diagnostics_;
  std::vector<Json> requests_;
  int64_t last_id_ = 0;
  int64_t version_ = 1;
};

inline const std::string kSchema = R"(entity Role, AgentGroup;
@doc("A person.")
entity User in [Role] = { level: Long, email?: String };
entity Agent in [AgentGroup] = { owner: User, tools: Set<Tool> };
entity Tool = { name: String, risk: Long };
entity Order = { total_cents: Long, owner: User };
action read appliesTo { principal: [User, Agent], resource: Order, context: {} };
action refund appliesTo { principal: Agent, resource: Order, context: { amount_cents: Long, reason?: String } };
)";

inline const std::string kPolicies = R"(@id("refund")
permit (principal is Agent, action == Action::"refund", resource)
when { context.amount_cents <= resource.total_cents && principal.owner.level > 2 };

@id("read")
permit (principal is User, action == Action::"read", resource)
when { resource.owner == principal };

budget refunds (principal is Agent, action == Action::"refund", resource)
  charge { context.amount_cents }
  per { principal }
  limit { 50000 } each day;
)";

inline const std::string kTests = R"(test "a refund" {
  entity User::"ana" { level: 3 };
  entity Agent::"s1" { owner: User::"ana", tools: [Tool::"t1"] };
  entity Order::"o1" { total_cents: 20000, owner: User::"ana" };
  request (Agent::"s1", Action::"refund", Order::"o1") with { amount_cents: 900 };
  expect execute by "refund";
  expect budget refunds used 900;
}

test "an order of her own" {
  entity User::"ana" { level: 3 };
  entity Order::"o1" { total_cents: 20000, owner: User::"ana" };
  request (User::"ana", Action::"read", Order::"o1");
  expect execute by "read";
}
)";

}  // namespace remit::lsp::test
