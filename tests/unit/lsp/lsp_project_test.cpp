// What a project file says, the editor says too: shipped packs and schemas, JSON, links, levels, and what is wrong with the file itself.
#include "tests/unit/lsp/client.h"

namespace remit::lsp::test {
namespace {

using Codes = std::vector<std::string>;

class ProjectTest : public ::testing::Test {
 protected:
  ProjectTest() {
    folder.Write("schema.cedarschema", kSchema);
    folder.Write("policies/a.remit", kPolicies);
    folder.Write("policies/a.test.remit", kTests);
  }
  void Changed(Client& client, const std::string& name, const std::string& text) {
    folder.Write(name, text);
    client.Tell("workspace/didChangeWatchedFiles", {{"changes", Json::array({{{"uri", folder.uri(name)}, {"type", 2}}})}});
    client.Settle();
  }
  static auto MessagesOf(const Json& diagnostics) -> std::string {
    std::string all;
    for (const auto& each : diagnostics) all += each["message"].get<std::string>() + "\n";
    return all;
  }

  Folder folder;
};

TEST_F(ProjectTest, ShippedPacksAndSchemasArePartOfIt) {
  folder.Write("pay/remit.toml", "policies = [\"builtin:payments\", \"p.remit\"]\nschema = [\"builtin:payments\", \"builtin:remit\"]\n");
  folder.Write("pay/p.remit", R"(@id("calm")
restrict (principal is Payments::Agent, action == Payments::Action::"pay", resource) to draft
when { budget.payments_per_day.after > 1000 };

@id("who")
forbid (principal, action == Remit::Action::"approve", resource)
when { resource.quorum > 1 };

test "a pack's budget" {
  entity Payments::PayeeGroup::"approved";
  entity Payments::Payee::"p" in [Payments::PayeeGroup::"approved"] { currency: "EUR" };
  request (Payments::Agent::"a", Payments::Action::"pay", Payments::Payee::"p")
    with { amount_cents: 500, currency: "EUR", invoice: "i" };
  expect execute by "payments-known-payees";
  expect budget payments_per_day used 500;
}
)");
  Client client(folder);
  // What is wrong is wrong: `Remit::Escalation` has no `quorum`, and the rest checks.
  EXPECT_EQ(client.CodesOf("pay/p.remit"), Codes{"unknown-attribute"}) << client.DiagnosticsOf("pay/p.remit").dump(1);
  EXPECT_EQ(client.CodesOf("pay/remit.toml"), Codes{});
  const auto text = client.server().session().workspace.FindByKey(*PathOfUri(folder.uri("pay/p.remit")))->text.text();
  auto mended = std::string(text);
  mended.replace(mended.find("resource.quorum > 1"), 19, "principal in resource.by");
  client.Open("pay/p.remit", mended);
  // As `remit lint` says, and nothing of the pack's own statements.
  EXPECT_EQ(client.CodesOf("pay/p.remit"), (Codes{"untested-statement", "untested-statement"}))
      << client.DiagnosticsOf("pay/p.remit").dump(1);
  const auto ran = client.Ask("workspace/executeCommand",
                              {{"command", "remit.runTest"}, {"arguments", Json::array({{{"uri", folder.uri("pay/p.remit")}}})}});
  EXPECT_EQ(ran["passed"], 1) << ran.dump(1);
  // Names of what is shipped are completed and told, and nobody renames them.
  const auto hover = client.Ask("textDocument/hover", client.At("pay/p.remit", 1, 36));
  EXPECT_NE(hover.dump().find("entity Agent"), std::string::npos) << hover.dump();
  const auto rename = client.AskFull("textDocument/rename", [&] {
    auto params = client.At("pay/p.remit", 1, 36);
    params["newName"] = "Bot";
    return params;
  }());
  EXPECT_TRUE(rename.contains("error")) << rename.dump();
}

TEST_F(ProjectTest, APackThatDoesNotGoWithTheSchemaIsToldWhereItIsNamed) {
  folder.Write("remit.toml", "policies = [\"policies\", \"builtin:payments\"]\nschema = \"schema.cedarschema\"\n");
  const Client client(folder);
  const auto told = client.DiagnosticsOf("remit.toml");
  ASSERT_FALSE(told.empty());
  EXPECT_NE(MessagesOf(told).find("`builtin:payments`: "), std::string::npos) << told.dump(1);
  EXPECT_EQ(told[0]["range"]["start"], (Json{{"line", 0}, {"character", 24}}));
  EXPECT_EQ(client.CodesOf("policies/a.remit"), Codes{});
}

TEST_F(ProjectTest, WhatIsWrongWithTheFileIsShownInIt) {
  folder.Write("remit.toml", "policies = [\"policies\"]\nschema = \"schema.cedarschema\"\nforbid_errors = \"denny\"\n");
  Client client(folder);
  ASSERT_EQ(client.CodesOf("remit.toml"), Codes{"project-value"});
  EXPECT_EQ(client.DiagnosticsOf("remit.toml")[0]["range"]["start"], (Json{{"line", 2}, {"character", 16}}));
  EXPECT_NE(MessagesOf(client.DiagnosticsOf("remit.toml")).find("did you mean `deny`?"), std::string::npos);
  Changed(client, "remit.toml", "policies = [\"policies\"]\nschema = \"schema.cedarschema\"\n");
  EXPECT_EQ(client.CodesOf("remit.toml"), Codes{});
  // As it is typed, too.
  client.Open("remit.toml", "policies = [\"polices\"]\n", "toml");
  EXPECT_EQ(client.CodesOf("remit.toml"), Codes{"project-path-missing"});
  client.Replace("remit.toml", "policies = [\"policies\"]\nschema = \"schema.cedarschema\"\n");
  EXPECT_EQ(client.CodesOf("remit.toml"), Codes{});
  client.Replace("remit.toml", "policies = [");
  EXPECT_EQ(client.CodesOf("remit.toml"), Codes{"project-syntax"});
  EXPECT_TRUE(client.Ask("textDocument/hover", client.At("remit.toml", 0, 3)).is_null());
}

TEST_F(ProjectTest, APathThatComesToBeIsNoLongerMissing) {
  folder.Write("remit.toml", "policies = [\"policies\", \"more.json\"]\nschema = \"schema.cedarschema\"\n");
  Client client(folder);
  EXPECT_EQ(client.CodesOf("remit.toml"), Codes{"project-path-missing"});
  Changed(client, "more.json", R"({"staticPolicies": {}})");
  EXPECT_EQ(client.CodesOf("remit.toml"), Codes{});
}

TEST_F(ProjectTest, AForbidThatCanFailIsNoFindingWhereItDenies) {
  const std::string forbid =
      R"(@id("no") forbid (principal is Agent, action == Action::"refund", resource) when { context.amount_cents * 3 > 8 };
test "no" {
  request (Agent::"a", Action::"refund", Order::"o") with { amount_cents: 9223372036854775807 };
  expect deny by "no", "refunds";
}
)";
  folder.Write("policies/b.remit", forbid);
  folder.Write("remit.toml", "schema = \"schema.cedarschema\"\n");
  Client client(folder);
  EXPECT_EQ(client.CodesOf("policies/b.remit"), Codes{"forbid-can-fail"});
  const auto run = [&] {
    return client.Ask("workspace/executeCommand",
                      {{"command", "remit.runTest"}, {"arguments", Json::array({{{"uri", folder.uri("policies/b.remit")}}})}});
  };
  EXPECT_EQ(run()["failed"], 1) << run().dump(1);  // it is skipped, and denies by nothing
  Changed(client, "remit.toml", "schema = \"schema.cedarschema\"\nforbid_errors = \"deny\"\n");
  EXPECT_EQ(client.CodesOf("policies/b.remit"), Codes{});
  EXPECT_EQ(run()["passed"], 1) << run().dump(1);
}

const std::string kTemplate = R"(@id("shared")
permit (principal == ?principal, action == Action::"read", resource);
)";
auto Link(const std::string& type) -> std::string {
  return R"([{"templateId": "shared", "newId": "for-ana", "values": {"?principal": {"type": ")" + type + R"(", "id": "ana"}}}])";
}

TEST_F(ProjectTest, JsonPoliciesAndLinksAreRead) {
  folder.Write("policies/t.remit", kTemplate);
  folder.Write(
      "p.json",
      R"({"staticPolicies": {"forbids": {"effect": "forbid", "principal": {"op": "is", "entity_type": "User"}, "action": {"op": "All"},
    "resource": {"op": "All"}, "conditions": [{"kind": "when", "body": {".": {"left": {"Var": "principal"}, "attr": "nothing"}}}]}}})");
  folder.Write("links.json", Link("Order"));
  folder.Write("remit.toml", "policies = [\"policies\", \"p.json\"]\nschema = \"schema.cedarschema\"\nlinks = \"links.json\"\n");
  folder.Write("policies/u.test.remit", R"(test "json has ids" {
  request (User::"ana", Action::"read", Order::"o1");
  expect deny by "forbids";
}
)");
  Client client(folder);
  EXPECT_EQ(client.CodesOf("p.json"), Codes{"unknown-attribute"}) << client.DiagnosticsOf("p.json").dump(1);
  EXPECT_EQ(client.CodesOf("policies/t.remit"), Codes{"link-not-applicable"}) << client.DiagnosticsOf("policies/t.remit").dump(1);
  EXPECT_EQ(client.CodesOf("policies/u.test.remit"), Codes{}) << client.DiagnosticsOf("policies/u.test.remit").dump(1);
  Changed(client, "links.json", Link("User"));
  EXPECT_EQ(client.CodesOf("policies/t.remit"), Codes{});
  Changed(client, "links.json", R"([{"templateId": "nobody", "newId": "x", "values": {}}])");
  EXPECT_EQ(client.CodesOf("links.json"), Codes{"unknown-template"});
  Changed(client, "links.json", "[");
  EXPECT_EQ(client.CodesOf("links.json"), Codes{"json-invalid"});
  Changed(client, "p.json", R"({"staticPolicies": {"all": "permit (principal"}})");
  EXPECT_NE(MessagesOf(client.DiagnosticsOf("p.json")).find("/staticPolicies/all"), std::string::npos)
      << client.DiagnosticsOf("p.json").dump(1);
  // What is typed elsewhere meanwhile leaves them as they are.
  client.Open("policies/a.remit", kPolicies + "permit (principal, action == Action::\"raed\", resource);\n");
  EXPECT_EQ(client.CodesOf("links.json"), Codes{"json-invalid"});
  EXPECT_EQ(client.CodesOf("policies/a.remit").size(), 1U);
  // Named no more: nobody's.
  Changed(client, "remit.toml", "policies = [\"policies\"]\nschema = \"schema.cedarschema\"\n");
  EXPECT_EQ(client.CodesOf("p.json"), Codes{});
  EXPECT_EQ(client.CodesOf("links.json"), Codes{});
}

TEST_F(ProjectTest, RandomChangesComeToWhatAFreshStartFinds) {
  folder.Write("policies/t.remit", kTemplate);
  folder.Write("p.json", R"({"staticPolicies": {"a": "permit (principal, action, resource);"}})");
  folder.Write("links.json", Link("User"));
  const std::vector<std::string> projects = {
      "policies = [\"policies\", \"p.json\"]\nschema = \"schema.cedarschema\"\nlinks = \"links.json\"\n",
      "policies = [\"policies\", \"builtin:approvals\"]\nschema = [\"schema.cedarschema\", \"builtin:remit\"]\n", "policies = 3\n",
      "forbid_errors = \"deny\"\nschema = \"schema.cedarschema\"\n"};
  const std::vector<std::string> links = {Link("User"), Link("Order"), "[", "[]"};
  const std::vector<std::string> policies = {kPolicies, kPolicies + "permit (principal, action, resource) when { principal.nothing };",
                                             "permit"};
  folder.Write("remit.toml", projects[0]);
  Client client(folder);
  uint32_t seed = 7;
  const auto pick = [&](const std::vector<std::string>& from) {
    seed = seed * 1664525U + 1013904223U;
    return from[(seed >> 16U) % from.size()];
  };
  for (int round = 0; round < 40; ++round) {
    switch (round % 3) {
      case 0: Changed(client, "remit.toml", pick(projects)); break;
      case 1: Changed(client, "links.json", pick(links)); break;
      default: Changed(client, "policies/a.remit", pick(policies)); break;
    }
    const Client fresh(folder);
    for (const auto* name : {"remit.toml", "p.json", "links.json", "policies/a.remit", "policies/t.remit", "schema.cedarschema"}) {
      ASSERT_EQ(client.DiagnosticsOf(name), fresh.DiagnosticsOf(name)) << name << " after " << round;
    }
  }
}

TEST_F(ProjectTest, TokensComeAsWhatChanged) {
  Client client(folder);
  client.Open("policies/a.remit", kPolicies);
  const auto full = client.Ask("textDocument/semanticTokens/full", client.Document("policies/a.remit"));
  auto data = full["data"].get<std::vector<uint32_t>>();
  auto id = full["resultId"].get<std::string>();
  for (const auto& text : {"\n" + kPolicies, kPolicies + "permit (principal, action, resource);\n", kPolicies, std::string(), kPolicies}) {
    client.Replace("policies/a.remit", text);
    auto params = client.Document("policies/a.remit");
    params["previousResultId"] = id;
    const auto delta = client.Ask("textDocument/semanticTokens/full/delta", params);
    id = delta["resultId"];
    for (const auto& edit : delta["edits"]) {
      const auto at = data.begin() + edit["start"].get<ptrdiff_t>();
      const auto where = data.erase(at, at + edit["deleteCount"].get<ptrdiff_t>());
      const auto more = edit["data"].get<std::vector<uint32_t>>();
      data.insert(where, more.begin(), more.end());
    }
    const auto again = client.Ask("textDocument/semanticTokens/full", client.Document("policies/a.remit"));
    EXPECT_EQ(data, again["data"].get<std::vector<uint32_t>>()) << text.size();
    id = again["resultId"];
  }
  auto params = client.Document("policies/a.remit");
  params["previousResultId"] = "of nobody";
  EXPECT_TRUE(client.Ask("textDocument/semanticTokens/full/delta", params).contains("data"));
}

}  // namespace
}  // namespace remit::lsp::test
