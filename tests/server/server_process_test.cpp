// The whole server over its sockets: deciding, settling, approving, publishing, and who may.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "runtime/approval/digest.h"
#include "runtime/approval/key_files.h"
#include "runtime/server/process/server_process.h"
#include "tests/server/http_client.h"

namespace remit::server {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view kPolicies = R"(
@id("support-may-refund")
permit (principal in AgentGroup::"support", action == Action::"refund", resource) when { context.amount_cents <= 50000 };
@id("leads-approve")
permit (principal in Remit::Role::"support_leads", action == Remit::Action::"approve", resource);
@id("refund-over-100")
escalate (principal in AgentGroup::"support", action == Action::"refund", resource) when { context.amount_cents > 10000 }
approval { by: [Remit::Role::"support_leads"], expires: duration("15m") };
@id("calls")
budget calls (principal, action == Action::"refund", resource) per { principal } limit { 3 };
)";
constexpr std::string_view kEntities = R"([
{"uid":{"type":"Agent","id":"s1"},"attrs":{},"parents":[{"type":"AgentGroup","id":"support"}]},
{"uid":{"type":"User","id":"lee"},"attrs":{},"parents":[{"type":"Remit::Role","id":"support_leads"}]}])";

auto Refund(int amount, const std::string& more = "") -> std::string {
  return R"({"principal":{"type":"Agent","id":"s1"},"action":{"type":"Action","id":"refund"},"resource":{"type":"Order","id":"o1"},"context":{"amount_cents":)" +
         std::to_string(amount) + "}" + more + "}";
}

class Process : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("remit-server-" + std::to_string(::getpid()) + "-" + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "policies");
    WritePolicies(std::string(kPolicies));
    std::ofstream(folder_ / "entities.json") << kEntities;
    ASSERT_TRUE(approval::WriteSigningKey(folder_ / "key.pem", approval::SigningKey::Generate()));
    config_.policies = {folder_ / "policies"};
    config_.entities = folder_ / "entities.json";
    config_.signing_key = folder_ / "key.pem";
    config_.audit_folder = folder_ / "audit";
    config_.is_native = false;
    config_.log_level = "error";
    config_.transport.listen.tcp = {"127.0.0.1:0"};
    config_.transport.listen.unix_path = folder_ / "s";
    config_.transport.loops = 2;
    AddToken("agent-token-0123456789abcdef", {.id = "agent", .roles = {"agent"}});
    AddToken("lee-token-0123456789abcdefgh", {.type = "User", .id = "lee", .roles = {"approver"}});
    AddToken("ops-token-0123456789abcdefgh", {.id = "ops", .roles = {"operator"}});
    AddToken("root-token-0123456789abcdefg", {.id = "root", .roles = {"admin"}});
  }
  void TearDown() override {
    process_.reset();
    fs::remove_all(folder_);
  }

  void AddToken(const std::string& token, const Identity& identity) {
    config_.callers.tokens.push_back({.sha256 = approval::ToHex(approval::Sha256(token)), .identity = identity});
  }
  void WritePolicies(const std::string& text) {
    std::ofstream(folder_ / "new.remit") << text;
    fs::rename(folder_ / "new.remit", folder_ / "policies" / "p.remit");
  }
  void Start() {
    auto opened = ServerProcess::Open(config_);
    ASSERT_TRUE(opened) << opened.error().message;
    process_ = std::move(*opened);
    address_ = process_->addresses()[0];
  }

  struct Answer {
    int status;
    json body;
  };
  auto Ask(const std::string& method, const std::string& path, const std::string& body = "", const std::string& token = "") -> Answer {
    RawClient client(address_);
    std::string text = method + " " + path + " HTTP/1.1\r\nHost: h\r\n";
    if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
    const auto answer = client.Ask(text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return {.status = answer.status, .body = json::parse(answer.body, nullptr, false)};
  }
  auto Decide(int amount, const std::string& more = "") -> json { return Ask("POST", "/v1/decide", Refund(amount, more)).body; }

  fs::path folder_;
  ServerConfig config_;
  std::unique_ptr<ServerProcess> process_;
  std::string address_;
  const std::string agent_ = "agent-token-0123456789abcdef";
  const std::string lee_ = "lee-token-0123456789abcdefgh";
  const std::string ops_ = "ops-token-0123456789abcdefgh";
  const std::string root_ = "root-token-0123456789abcdefg";
};

TEST_F(Process, DecidesReservesAndSettles) {
  Start();
  const json decided = Decide(500);
  EXPECT_EQ(decided["outcome"], "execute");
  EXPECT_EQ(decided["determining"][0]["id"], "support-may-refund");
  EXPECT_EQ(decided["policy_version"].get<std::string>().size(), 64U);
  const std::string reservation = decided["reservation"]["id"];
  const auto settled = Ask("POST", "/v1/settle", R"({"reservation":")" + reservation + R"(","outcome":"success"})");
  EXPECT_EQ(settled.status, 200);
  EXPECT_EQ(settled.body["repeated"], false);
  EXPECT_EQ(Ask("GET", "/v1/budgets", "", ops_).body["budgets"][0]["used"], 1);
  EXPECT_EQ(Decide(60000)["outcome"], "deny");
}

TEST_F(Process, TheBudgetHoldsUnderPipelining) {
  Start();
  int executed = 0;
  for (int i = 0; i < 10; ++i) executed += static_cast<int>(Decide(500)["outcome"] == "execute");
  EXPECT_EQ(executed, 3);
}

TEST_F(Process, AnEscalationIsApprovedAndRedeemedOnce) {
  Start();
  const json waiting = Decide(15000);
  EXPECT_EQ(waiting["outcome"], "approve");
  const std::string id = waiting["escalations"][0]["id"];
  const auto listed = Ask("GET", "/v1/escalations?state=pending", "", lee_);
  ASSERT_EQ(listed.body["escalations"].size(), 1U);
  EXPECT_EQ(listed.body["escalations"][0]["context"]["amount_cents"], 15000);
  EXPECT_EQ(Ask("POST", "/v1/escalations/" + id + "/approve", "{}", ops_).status, 403);
  const auto approved = Ask("POST", "/v1/escalations/" + id + "/approve", "{}", lee_);
  EXPECT_EQ(approved.body["state"], "approved") << approved.body;
  const std::string grant = Ask("GET", "/v1/escalations/" + id + "/grant", "", agent_).body["grant"];
  const std::string with = R"(,"approvals":[")" + grant + R"("])";
  EXPECT_EQ(Decide(15000, with)["outcome"], "execute");
  EXPECT_EQ(Decide(15000, with)["outcome"], "approve");
  EXPECT_EQ(Decide(15001, with)["outcome"], "approve");
}

TEST_F(Process, QuarantineStopsAtOnceAndReleaseLetsGo) {
  Start();
  EXPECT_EQ(Ask("POST", "/v1/quarantine", R"({"type":"Agent","id":"s1","reason":"odd"})").status, 403);
  EXPECT_EQ(Ask("POST", "/v1/quarantine", R"({"type":"Agent","id":"s1","reason":"odd"})", ops_).status, 200);
  const json stopped = Decide(500);
  EXPECT_EQ(stopped["outcome"], "deny");
  EXPECT_EQ(stopped["quarantined"], "Agent::\"s1\"");
  EXPECT_EQ(Ask("DELETE", "/v1/quarantine/Agent/s1", "", ops_).status, 200);
  EXPECT_EQ(Decide(500)["outcome"], "execute");
}

TEST_F(Process, BatchesAnswerEachByItself) {
  Start();
  const auto answer = Ask("POST", "/v1/decide/batch", R"({"requests":[)" + Refund(500) + R"(,{"principal":1},)" + Refund(60000) + "]}");
  ASSERT_EQ(answer.body["decisions"].size(), 3U);
  EXPECT_EQ(answer.body["decisions"][0]["outcome"], "execute");
  EXPECT_TRUE(answer.body["decisions"][1].contains("refused"));
  EXPECT_EQ(answer.body["decisions"][2]["outcome"], "deny");
}

TEST_F(Process, ExplainsClauseByClause) {
  Start();
  const auto answer = Ask("POST", "/v1/explain", Refund(60000), ops_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  bool is_found = false;
  for (const json& policy : answer.body["policies"]) {
    if (policy["id"] != "support-may-refund") continue;
    is_found = true;
    EXPECT_EQ(policy["satisfied"], false);
    EXPECT_EQ(policy["conditions"][0]["holds"], false);
    EXPECT_NE(policy["conditions"][0]["place"]["text"].get<std::string>().find("50000"), std::string::npos);
  }
  EXPECT_TRUE(is_found);
  const auto budgets = Ask("GET", "/v1/budgets", "", ops_);
  for (const json& budget : budgets.body["budgets"]) EXPECT_EQ(budget["used"], 0);
}

TEST_F(Process, VersionsArePublishedTriedAndRolledBack) {
  config_.data = folder_ / "data";
  Start();
  const std::string first = Ask("GET", "/v1/policies", "", root_).body["live"];
  const json sources = {{"policies", {{{"name", "p"}, {"text", "permit(principal, action, resource);"}}}}};
  const auto uploaded = Ask("POST", "/v1/policies", sources.dump(), root_);
  ASSERT_EQ(uploaded.status, 201) << uploaded.body;
  const std::string second = uploaded.body["version"];
  EXPECT_EQ(Decide(60000)["outcome"], "deny");
  EXPECT_EQ(Ask("POST", "/v1/policies/" + second + "/try", "{}", root_).status, 200);
  EXPECT_EQ(Decide(60000)["outcome"], "deny");
  EXPECT_EQ(process_->service().metrics().shadow_differences, 1U);
  EXPECT_EQ(Ask("POST", "/v1/policies/" + second + "/try", R"({"percent":100})", root_).status, 200);
  EXPECT_EQ(Decide(60000)["policy_version"], second);
  EXPECT_EQ(Ask("DELETE", "/v1/policies/candidate", "", root_).status, 200);
  EXPECT_EQ(Decide(60000)["policy_version"], first);
  EXPECT_EQ(Ask("POST", "/v1/policies/" + second + "/publish", "{}", root_).status, 200);
  EXPECT_EQ(Decide(60000)["outcome"], "execute");
  EXPECT_EQ(Ask("POST", "/v1/policies/rollback", "{}", root_).body["live"], first);
  EXPECT_EQ(Decide(60000)["outcome"], "deny");
  const json broken = {{"policies", {{{"name", "p"}, {"text", "permit(principal action);"}}}}};
  const auto refused = Ask("POST", "/v1/policies?publish=true", broken.dump(), root_);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(Ask("GET", "/v1/policies", "", root_).body["live"], first);
}

TEST_F(Process, ReloadsUnderLoadFailAndMixNothing) {
  Start();
  std::atomic<bool> is_over = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> served = 0;
  // Versions differ in two policies that must change together.
  const auto text = [](int i) {
    return "@id(\"a" + std::to_string(i) + "\") permit(principal, action, resource);\n@id(\"b" + std::to_string(i) +
           "\") permit(principal, action, resource);\n";
  };
  WritePolicies(text(0));
  process_->Reload();
  std::thread load([&] {
    RawClient client(address_);
    const std::string body = Refund(5);
    const std::string request = "POST /v1/decide HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    while (!is_over) {
      const auto answer = client.Ask(request);
      const json decided = json::parse(answer.body, nullptr, false);
      const bool is_right =
          answer.status == 200 && decided["determining"].size() == 2 &&
          decided["determining"][0]["id"].get<std::string>().substr(1) == decided["determining"][1]["id"].get<std::string>().substr(1);
      if (!is_right) ++wrong;
      ++served;
    }
  });
  for (int i = 1; i <= 100; ++i) {
    WritePolicies(text(i));
    process_->Reload();
  }
  is_over = true;
  load.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(served, 10);
}

TEST_F(Process, ChangedFilesArePublishedAndBrokenOnesAreNot) {
  Start();
  const auto wait_for = [&](const std::string& outcome) {
    for (int i = 0; i < 100; ++i) {
      process_->Maintain();
      if (Decide(60000)["outcome"] == outcome) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  };
  WritePolicies("permit(principal, action, resource);");
  EXPECT_TRUE(wait_for("execute"));
  WritePolicies("permit(principal,");
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  process_->Maintain();
  EXPECT_EQ(Decide(60000)["outcome"], "execute");
}

TEST_F(Process, EntitiesChangeInOneStep) {
  Start();
  const std::string other = R"([{"uid":{"type":"Agent","id":"s2"},"attrs":{},"parents":[{"type":"AgentGroup","id":"support"}]}])";
  EXPECT_EQ(Ask("POST", "/v1/entities", other, root_).status, 200);
  std::string request = Refund(500);
  request.replace(request.find("s1"), 2, "s2");
  EXPECT_EQ(Ask("POST", "/v1/decide", request).body["outcome"], "execute");
  EXPECT_EQ(Ask("DELETE", "/v1/entities/Agent/s2", "", root_).status, 200);
  EXPECT_EQ(Ask("POST", "/v1/decide", request).body["outcome"], "deny");
  EXPECT_EQ(Ask("DELETE", "/v1/entities/Agent/s2", "", root_).status, 404);
  EXPECT_EQ(Ask("POST", "/v1/entities", "[{]", root_).status, 422);
  EXPECT_EQ(Ask("POST", "/v1/entities/changes", R"({"upsert":)" + other + R"(,"delete":[{"type":"Agent","id":"s1"}]})", root_).status, 200);
  EXPECT_EQ(Decide(500)["outcome"], "deny");
  EXPECT_EQ(Ask("POST", "/v1/decide", request).body["outcome"], "execute");
}

// ---- who may -------------------------------------------------------------------------------------------------------------------

// Every endpoint of the document, without a credential, with a wrong one, and with one that may do everything.
TEST_F(Process, EveryEndpointRefusesWhoHasNoRight) {
  config_.callers.trusts_local = false;
  config_.callers.anonymous_rate = 0;
  Start();
  const json document = Ask("GET", "/openapi.json").body;
  ASSERT_TRUE(document.contains("paths"));
  EXPECT_EQ(document["openapi"], "3.1.0");
  const auto expect_refusals = [&](const std::string& method, const std::string& path) {
    EXPECT_EQ(Ask(method, path, "{}").status, 401) << method << " " << path;
    EXPECT_EQ(Ask(method, path, "{}", "wrong-token-0123456789abcdef").status, 401) << method << " " << path;
    const auto allowed = Ask(method, path, "{}", root_);
    const bool is_refused = allowed.status == 401 || (allowed.status == 403 && allowed.body["error"]["code"] == "forbidden");
    EXPECT_FALSE(is_refused) << method << " " << path << allowed.body;
    EXPECT_LT(allowed.status, 500) << method << " " << path << allowed.body;
  };
  int tried = 0;
  for (const auto& [pattern, methods] : document["paths"].items()) {
    std::string path = pattern;
    while (path.find('{') != std::string::npos) path.replace(path.find('{'), path.find('}') - path.find('{') + 1, "x");
    for (const auto& [name, operation] : methods.items()) {
      std::string method = name;
      for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
      if (!operation.contains("security")) {
        EXPECT_EQ(Ask(method, path).status, 200) << path;
        continue;
      }
      ++tried;
      expect_refusals(method, path);
    }
  }
  EXPECT_GT(tried, 25);
  // What is served without being in the document.
  for (const Route& route : process_->service().router().routes()) {
    if (route.right == Right::Public || !route.docs.operation.empty() || route.method == Method::Head) continue;
    const std::string pattern(route.pattern);
    expect_refusals(std::string(MethodName(route.method)), pattern.substr(0, pattern.find('{')) + (pattern.contains('{') ? "x" : ""));
  }
}

TEST_F(Process, LocalCallersDecideAndSettleAlone) {
  Start();
  EXPECT_EQ(Ask("POST", "/v1/decide", Refund(500)).status, 200);
  EXPECT_EQ(Ask("GET", "/v1/policies").status, 403);
  EXPECT_EQ(Ask("POST", "/v1/explain", Refund(500)).status, 403);
  EXPECT_EQ(Ask("GET", "/v1/policies", "", agent_).status, 403);
}

TEST_F(Process, TheUnixSocketServes) {
  Start();
  RawClient client(folder_ / "s");
  const std::string body = Refund(500);
  const auto answer =
      client.Ask("POST /v1/decide HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_EQ(json::parse(answer.body)["outcome"], "execute");
}

TEST_F(Process, UsersOfTheUnixSocketAreKnown) {
  config_.callers.unix_users.push_back({.uid = ::getuid(), .identity = {.id = "me", .roles = {"auditor"}}});
  Start();
  EXPECT_EQ(RawClient(folder_ / "s").Ask("GET /v1/policies HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
}

TEST_F(Process, ProxiesAskByMethodAndPath) {
  WritePolicies(
      R"(permit(principal == User::"ana", action == Action::"GET", resource == Path::"/docs"); permit(principal == User::"ana", action, resource) when { context.path like "/api/*" };)");
  Start();
  const auto ask = [&](const std::string& line, const std::string& user) {
    return RawClient(address_).Ask(line + " HTTP/1.1\r\nHost: h\r\nX-Forwarded-User: " + user + "\r\nContent-Length: 0\r\n\r\n").status;
  };
  EXPECT_EQ(ask("GET /v1/ext_authz/docs", "ana"), 200);
  EXPECT_EQ(ask("GET /v1/ext_authz/other", "ana"), 403);
  EXPECT_EQ(ask("POST /v1/ext_authz/api/x?y=1", "ana"), 200);
  EXPECT_EQ(ask("POST /v1/ext_authz/api/x", "bob"), 403);
}

TEST_F(Process, DeepAndBrokenBodiesAreRefusedWhileOthersAreServed) {
  Start();
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (const std::string& body : {deep, R"({"principal":)" + deep + "}", std::string("\xff\xfe"), std::string(), std::string("null"),
                                  std::string(R"({"principal":{"type":"A","id":"\ud800"}})")}) {
    EXPECT_EQ(Ask("POST", "/v1/decide", body).status, 400);
    EXPECT_GE(Ask("POST", "/v1/settle", body).status, 400);
    EXPECT_EQ(Ask("POST", "/v1/decide/batch", body).status, 400);
    EXPECT_GE(Ask("POST", "/v1/policies", body, root_).status, 400);
    EXPECT_GE(Ask("POST", "/v1/entities", body, root_).status, 400);
    EXPECT_EQ(Decide(60000)["outcome"], "deny");
  }
}

TEST_F(Process, MetricsCount) {
  Start();
  Decide(60000);
  RawClient client(address_);
  const auto answer = client.Ask("GET /metrics HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + ops_ + "\r\n\r\n");
  EXPECT_NE(answer.body.find("remit_decision_duration_seconds_count{outcome=\"deny\"} 1\n"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("remit_audit_records_total"), std::string::npos);
}

TEST_F(Process, EveryAnsweredDecisionIsInTheLog) {
  Start();
  for (int i = 0; i < 20; ++i) Decide(60000);
  EXPECT_TRUE(process_->Stop());
  process_.reset();
  // Start, twenty decisions, stop.
  config_.transport.listen.unix_path = {};
  Start();
  EXPECT_EQ(process_->service().audit()->durable() >= 22, true);
}

// Else it could not be made again from its record.
TEST_F(Process, WhatAnEvaluationSaysOfItsEntitiesIsInItsRecord) {
  Start();
  RawClient client(address_);
  const std::string body =
      R"({"subject":{"type":"Agent","id":"s1","properties":{"level":3}},"action":{"name":"refund"},"resource":{"type":"Order","id":"o1","properties":{"tags":["b","a"]}},"context":{"amount_cents":60000}})";
  const auto answer = client.Ask("POST /access/v1/evaluation HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto found = Ask("GET", "/v1/audit?kind=decision", "", root_);
  ASSERT_EQ(found.body["records"].size(), 1U) << found.body;
  const json& entities = found.body["records"][0]["record"]["entities"];
  ASSERT_EQ(entities.size(), 2U) << found.body;
  EXPECT_EQ(entities[0],
            json::parse(R"({"uid":{"type":"Agent","id":"s1"},"attrs":{"level":3},"parents":[{"type":"AgentGroup","id":"support"}]})"));
  EXPECT_EQ(entities[1], json::parse(R"({"uid":{"type":"Order","id":"o1"},"attrs":{"tags":["a","b"]},"parents":[]})"));
}

TEST_F(Process, AChangeOfNothingIsAMistake) {
  Start();
  EXPECT_EQ(Ask("POST", "/v1/entities/changes", "", root_).status, 400);
}

TEST(Config, LaterOnesOverrideEarlierAndSecretsAreMasked) {
  const auto path = fs::temp_directory_path() / ("remit-config-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path) << "listen = [\"127.0.0.1:1\"]\nledger = \"redis://u:secret@h:1\"\n[limits]\nbody = 5\n[[callers.token]]\nsha256 = "
                         "\"abcdef\"\nid = \"a\"\nroles = [\"agent\"]\n";
  ServerConfig config;
  ASSERT_TRUE(ApplyFile(config, path));
  EXPECT_EQ(config.transport.limits.max_body_bytes, 5U);
  ASSERT_TRUE(Apply(config, "limits.body", {"7"}));
  EXPECT_EQ(config.transport.limits.max_body_bytes, 7U);
  const std::string text = PrintConfig(config);
  EXPECT_EQ(text.find("secret"), std::string::npos);
  EXPECT_EQ(text.find("abcdef"), std::string::npos);
  EXPECT_NE(text.find("roles = [\"agent\"]"), std::string::npos);
  EXPECT_FALSE(Apply(config, "limits.body", {"many"}));
  ASSERT_TRUE(Apply(config, "audit.delay-ms", {"1000"}));
  EXPECT_EQ(config.audit_delay_ms, 1000);
  EXPECT_FALSE(Apply(config, "audit.delay-ms", {"1001"}));
  EXPECT_FALSE(Apply(config, "audit.delay-ms", {"-1"}));
  EXPECT_FALSE(Apply(config, "nonsense", {"1"}));
  fs::remove(path);
}

}  // namespace
}  // namespace remit::server
