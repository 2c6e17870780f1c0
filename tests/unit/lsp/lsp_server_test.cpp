// The server as an editor meets it: one behaviour a test, on a small project.
#include "tests/unit/lsp/client.h"

#include <algorithm>
#include <set>

namespace remit::lsp::test {
namespace {

using Codes = std::vector<std::string>;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    folder.Write("schema.cedarschema", kSchema);
    folder.Write("policies/a.remit", kPolicies);
    folder.Write("policies/a.test.remit", kTests);
  }
  auto Labels(const Json& completion) -> std::set<std::string> {
    std::set<std::string> labels;
    for (const auto& item : completion["items"]) labels.insert(item["label"].get<std::string>());
    return labels;
  }
  // Of a text, where `|` is.
  auto Complete(Client& client, std::string text) -> std::set<std::string> {
    const auto at = text.find('|');
    text.erase(at, 1);
    client.Open("policies/b.remit", text);
    const auto position = TextDocument(text).PositionAt(static_cast<uint32_t>(at), Encoding::Utf16);
    return Labels(client.Ask("textDocument/completion", client.At("policies/b.remit", position.line, position.character)));
  }
  auto Hover(Client& client, const std::string& name, uint32_t line, uint32_t character) -> std::string {
    const auto hover = client.Ask("textDocument/hover", client.At(name, line, character));
    return hover.is_null() ? "" : hover["contents"]["value"].get<std::string>();
  }
  // What texts become when edits are made.
  auto Apply(const std::string& text, const Json& edits) -> std::string {
    TextDocument document(text);
    auto sorted = edits.get<std::vector<Json>>();
    std::ranges::sort(sorted,
                      [](const Json& a, const Json& b) { return ReadPosition(a["range"]["start"]) > ReadPosition(b["range"]["start"]); });
    for (const auto& edit : sorted) {
      document.Replace(ReadPosition(edit["range"]["start"]), ReadPosition(edit["range"]["end"]), edit["newText"].get<std::string>(),
                       Encoding::Utf16);
    }
    return std::string(document.text());
  }

  Folder folder;
};

// ---- what is wrong -----------------------------------------------------------------------------------------------------------

TEST_F(ServerTest, FindsWhatIsOnDiskWithoutOpeningIt) {
  folder.Write("policies/b.remit", "permit (principal, action == Action::\"raed\", resource);");
  const Client client(folder);
  EXPECT_EQ(client.CodesOf("policies/b.remit"), (Codes{"unknown-action"}));
  EXPECT_EQ(client.CodesOf("policies/a.remit"), (Codes{}));
}

TEST_F(ServerTest, ReportsSyntaxTypesAndFindingsAsTheyAreTyped) {
  Client client(folder);
  client.Open("policies/b.remit", "permit (principal, action, resource) when { 1 +");
  EXPECT_EQ(client.DiagnosticsOf("policies/b.remit").size(), 1U);
  client.Replace("policies/b.remit", "@id(\"b\")\npermit (principal, action, resource) when { resource.total == 1 };");
  EXPECT_EQ(client.CodesOf("policies/b.remit"), (Codes{"unknown-attribute"}));
  client.Replace("policies/b.remit", "@id(\"b\")\npermit (principal, action, resource);");
  const auto codes = client.CodesOf("policies/b.remit");
  EXPECT_NE(std::ranges::find(codes, "broad-permit"), codes.end());
  client.Replace("policies/b.remit", "");
  EXPECT_TRUE(client.DiagnosticsOf("policies/b.remit").empty());
}

// The same offsets on other lines.
TEST_F(ServerTest, PlacesMoveWithTheLinesAroundThem) {
  Client client(folder);
  client.Open("policies/b.remit", "@id(\"b\") permit (principal, action, resource) when { resource.total == 1 };");
  EXPECT_EQ(client.DiagnosticsOf("policies/b.remit").at(0)["range"]["start"]["line"], 0);
  client.Replace("policies/b.remit", "@id(\"b\")\npermit (principal, action, resource) when { resource.total == 1 };");
  EXPECT_EQ(client.DiagnosticsOf("policies/b.remit").at(0)["range"]["start"]["line"], 1);
}

TEST_F(ServerTest, AChangeInOneFileShowsInTheOthers) {
  Client client(folder);
  EXPECT_EQ(client.CodesOf("policies/a.test.remit"), (Codes{}));
  client.Open("policies/a.remit", kPolicies);
  auto text = kPolicies;
  text.replace(text.find("@id(\"refund\")"), 13, "@id(\"refnud\")");
  client.Replace("policies/a.remit", text);
  EXPECT_EQ(client.CodesOf("policies/a.test.remit"), (Codes{"unknown-statement-id"}));
  client.Replace("policies/a.remit", kPolicies);
  EXPECT_EQ(client.CodesOf("policies/a.test.remit"), (Codes{}));
  client.Open("schema.cedarschema", kSchema, "cedarschema");
  auto schema = kSchema;
  schema.replace(schema.find("total_cents"), 11, "total_sense");
  client.Replace("schema.cedarschema", schema);
  EXPECT_EQ(client.CodesOf("policies/a.remit"), (Codes{"unknown-attribute"}));
}

TEST_F(ServerTest, WatchesFilesAndFoldersOfTheDisk) {
  Client client(folder);
  folder.Write("policies/b.remit", "permit");
  const auto change = [&](const std::string& name, int kind) {
    client.Tell("workspace/didChangeWatchedFiles", {{"changes", Json::array({{{"uri", folder.uri(name)}, {"type", kind}}})}});
    client.Settle();
  };
  change("policies/b.remit", 1);
  EXPECT_EQ(client.DiagnosticsOf("policies/b.remit").size(), 1U);
  folder.Remove("policies/b.remit");
  change("policies/b.remit", 3);
  EXPECT_EQ(client.DiagnosticsOf("policies/b.remit").size(), 0U);
  folder.Remove("schema.cedarschema");
  change("schema.cedarschema", 3);
  client.Tell("workspace/didChangeWorkspaceFolders",
              {{"event", {{"added", Json::array()}, {"removed", Json::array({{{"uri", folder.uri()}, {"name", "x"}}})}}}});
  client.Settle();
  EXPECT_TRUE(client.server().session().workspace.documents().empty());
}

TEST_F(ServerTest, EachFolderWithASchemaIsAProject) {
  folder.Write("other/x.cedarschema", "entity U; action a appliesTo { principal: U, resource: U };");
  folder.Write("other/deep/p.cedar", "@id(\"p\") permit (principal == U::\"a\", action == Action::\"a\", resource == U::\"b\");");
  Client client(folder);
  EXPECT_EQ(client.CodesOf("other/deep/p.cedar"), (Codes{}));
  EXPECT_EQ(client.server().session().workspace.projects().size(), 2U);
}

TEST_F(ServerTest, DiagnosticsCanBePulled) {
  folder.Write("policies/b.remit", "permit");
  Client client(folder, Json::object(), {{"diagnostics", "pull"}});
  EXPECT_TRUE(client.initialized()["capabilities"].contains("diagnosticProvider"));
  EXPECT_TRUE(client.diagnostics().empty());
  EXPECT_EQ(client.Ask("textDocument/diagnostic", client.Document("policies/b.remit"))["items"].size(), 1U);
  EXPECT_EQ(client.Ask("workspace/diagnostic", {{"previousResultIds", Json::array()}})["items"].size(), 4U);
}

TEST_F(ServerTest, PositionsAreInTheEncodingOfTheClient) {
  const auto column = [&](const Json& encodings) {
    Client client(folder, {{"general", {{"positionEncodings", encodings}}}});
    client.Open("policies/b.remit", "@id(\"\U0001F600\") permit (principal, action, resource) when { resource.x == 1 };");
    const auto all = client.DiagnosticsOf("policies/b.remit");
    return all.at(0)["range"]["start"]["character"].get<int>();
  };
  const auto utf32 = column({"utf-32"});
  EXPECT_EQ(column(Json::array({"utf-16"})), utf32 + 1);
  EXPECT_EQ(column(Json::array({"utf-16", "utf-8"})), utf32 + 3);
}

// ---- reading -----------------------------------------------------------------------------------------------------------------

TEST_F(ServerTest, HoverTellsTypesAndWords) {
  Client client(folder);
  EXPECT_NE(Hover(client, "policies/a.remit", 2, 16).find("amount_cents: Long"), std::string::npos);
  EXPECT_NE(Hover(client, "policies/a.remit", 2, 66).find("owner: User"), std::string::npos);
  EXPECT_NE(Hover(client, "policies/a.remit", 5, 22).find("A person."), std::string::npos);
  EXPECT_NE(Hover(client, "policies/a.remit", 1, 52).find("action refund appliesTo"), std::string::npos);
  EXPECT_NE(Hover(client, "policies/a.remit", 1, 2).find("unless a `forbid`"), std::string::npos);
  EXPECT_NE(Hover(client, "policies/a.remit", 2, 10).find("context: {amount_cents: Long, reason?: String}"), std::string::npos);
  EXPECT_NE(Hover(client, "policies/a.test.remit", 5, 23).find("permit (principal is Agent"), std::string::npos);
  client.Open("policies/b.remit", "permit (principal, action, resource) when { ip(\"1.1.1.1\").isIpv4() };");
  EXPECT_NE(Hover(client, "policies/b.remit", 0, 60).find("isIpv4() -> Bool"), std::string::npos);
  EXPECT_EQ(Hover(client, "policies/b.remit", 0, 36), "");
}

TEST_F(ServerTest, CompletesWhatMayStandThere) {
  Client client(folder);
  const auto head = std::string("permit (principal is Agent, action == Action::\"refund\", resource) when { ");
  EXPECT_EQ(Complete(client, head + "context.|"), (std::set<std::string>{"amount_cents", "reason"}));
  EXPECT_TRUE(Complete(client, head + "principal.owner.l|").contains("level"));
  EXPECT_FALSE(Complete(client, head + "principal.owner.|").contains("tools"));
  EXPECT_TRUE(Complete(client, head + "principal.tools.| };").contains("any"));
  EXPECT_FALSE(Complete(client, head + "principal.tools.|").contains("isIpv4"));
  EXPECT_TRUE(Complete(client, head + "ip(\"1\").|").contains("isIpv4"));
  EXPECT_EQ(Complete(client, head + "context has |"), (std::set<std::string>{"amount_cents", "reason"}));
  EXPECT_EQ(Complete(client, head + "budget.|"), (std::set<std::string>{"refunds"}));
  EXPECT_TRUE(Complete(client, head + "budget.refunds.|").contains("remaining"));
  EXPECT_TRUE(Complete(client, head + "|").contains("principal"));
  EXPECT_EQ(Complete(client, "permit (principal, action == Action::|"), (std::set<std::string>{"\"read\"", "\"refund\""}));
  EXPECT_EQ(Complete(client, "permit (principal, action == Action::\"|"), (std::set<std::string>{"read", "refund"}));
  EXPECT_TRUE(Complete(client, "permit (principal is |").contains("Agent"));
  EXPECT_TRUE(Complete(client, "|").contains("escalate"));
  EXPECT_TRUE(Complete(client, "@|").contains("id"));
  EXPECT_TRUE(Complete(client, "budget x (principal, action, resource) |").contains("limit"));
  EXPECT_TRUE(Complete(client, "test \"x\" { expect deny by \"|").contains("refund"));
  EXPECT_TRUE(Complete(client, "test \"x\" { |").contains("settle"));
  EXPECT_TRUE(Complete(client, "// remit: allow(|").contains("broad-permit"));
  EXPECT_TRUE(Complete(client, "permit (principal, action, resource) when { \"a|").empty());
}

TEST_F(ServerTest, SignatureHelpKnowsTheParameter) {
  Client client(folder);
  client.Open("policies/b.remit", "permit (principal, action, resource) when { ip(\"1.1.1.1\").isInRange(");
  const auto help = client.Ask("textDocument/signatureHelp", client.At("policies/b.remit", 0, 68));
  EXPECT_EQ(help["signatures"][0]["label"], "ipaddr.isInRange(ipaddr) -> Bool");
  EXPECT_TRUE(client.Ask("textDocument/signatureHelp", client.At("policies/b.remit", 0, 40)).is_null());
}

TEST_F(ServerTest, DefinitionAndReferencesFollowNames) {
  Client client(folder);
  const auto lines = [&](const std::string& method, const std::string& name, uint32_t line, uint32_t character) {
    auto params = client.At(name, line, character);
    params["context"] = {{"includeDeclaration", true}};
    std::multiset<std::string> found;
    for (const auto& each : client.Ask(method, params)) {
      const auto uri = each["uri"].get<std::string>();
      found.insert(uri.substr(uri.rfind('/') + 1) + ":" + each["range"]["start"]["line"].dump());
    }
    return found;
  };
  using Lines = std::multiset<std::string>;
  const auto definition = [&](const std::string& name, uint32_t line, uint32_t character) {
    return lines("textDocument/definition", name, line, character);
  };
  EXPECT_EQ(definition("policies/a.remit", 2, 16), (Lines{"schema.cedarschema:7"})) << "an attribute of the context";
  EXPECT_EQ(definition("policies/a.remit", 2, 73), (Lines{"schema.cedarschema:2"})) << "an attribute of an attribute";
  EXPECT_EQ(definition("policies/a.remit", 1, 22), (Lines{"schema.cedarschema:3"})) << "an entity type";
  EXPECT_EQ(definition("policies/a.remit", 1, 52), (Lines{"schema.cedarschema:7"})) << "an action";
  EXPECT_EQ(definition("policies/a.test.remit", 5, 23), (Lines{"a.remit:0"})) << "a statement";
  EXPECT_EQ(definition("policies/a.test.remit", 6, 18), (Lines{"a.remit:8"})) << "a budget";
  EXPECT_EQ(definition("policies/a.test.remit", 4, 67), (Lines{"schema.cedarschema:7"})) << "a key of a request's context";
  EXPECT_EQ(lines("textDocument/references", "schema.cedarschema", 5, 19),
            (Lines{"schema.cedarschema:5", "a.remit:2", "a.test.remit:3", "a.test.remit:11"}));
}

TEST_F(ServerTest, RenameChangesPoliciesSchemaAndTestsTogether) {
  Client client(folder);
  const auto rename = [&](const std::string& name, uint32_t line, uint32_t character, const std::string& to) {
    auto params = client.At(name, line, character);
    params["newName"] = to;
    return client.Ask("textDocument/rename", params)["changes"];
  };
  const auto all = [&](const Json& changes) {
    return Apply(kSchema, changes.value(folder.uri("schema.cedarschema"), Json::array())) +
           Apply(kPolicies, changes.value(folder.uri("policies/a.remit"), Json::array())) +
           Apply(kTests, changes.value(folder.uri("policies/a.test.remit"), Json::array()));
  };
  const auto replaced = [&](const std::string& from, const std::string& to) {
    auto text = kSchema + kPolicies + kTests;
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
    return text;
  };
  EXPECT_EQ(all(rename("policies/a.remit", 2, 16, "cents")), replaced("amount_cents", "cents"));
  EXPECT_EQ(all(rename("policies/a.remit", 8, 8, "spend")), replaced("refunds", "spend"));
  EXPECT_EQ(all(rename("policies/a.remit", 4, 6, "see")).find("@id(\"read\")"), std::string::npos);
  auto params = client.At("policies/a.remit", 1, 22);
  params["newName"] = "not a name";
  EXPECT_TRUE(client.AskFull("textDocument/rename", params).contains("error"));
  EXPECT_EQ(client.Ask("textDocument/prepareRename", client.At("policies/a.remit", 2, 16))["placeholder"], "amount_cents");
  EXPECT_TRUE(client.Ask("textDocument/prepareRename", client.At("policies/a.test.remit", 1, 17)).is_null()) << "the id of an entity";
}

// What is renamed still checks: nothing was forgotten and nothing was changed that is another's.
TEST_F(ServerTest, AfterARenameNothingIsWrong) {
  for (const auto& [line, character, to] :
       {std::tuple{2U, 16U, "cents"}, {2U, 66U, "boss"}, {1U, 22U, "Bot"}, {1U, 52U, "pay back"}, {8U, 8U, "spend"}, {0U, 6U, "x"}}) {
    Client client(folder);
    auto params = client.At("policies/a.remit", line, character);
    params["newName"] = to;
    const auto changes = client.Ask("textDocument/rename", params)["changes"];
    for (const auto& [name, text] :
         {std::pair{"schema.cedarschema", kSchema}, {"policies/a.remit", kPolicies}, {"policies/a.test.remit", kTests}}) {
      client.Open(name, Apply(text, changes.value(folder.uri(name), Json::array())),
                  std::string(name).ends_with("schema") ? "cedarschema" : "remit");
    }
    client.Settle();
    for (const auto& [uri, diagnostics] : client.diagnostics()) EXPECT_TRUE(diagnostics.empty()) << to << " " << diagnostics.dump();
  }
}

TEST_F(ServerTest, SymbolsAreStatementsAndDeclarations) {
  Client client(folder);
  std::vector<std::string> names;
  for (const auto& each : client.Ask("textDocument/documentSymbol", client.Document("policies/a.remit"))) names.push_back(each["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"refund", "read", "refunds"}));
  const auto schema = client.Ask("textDocument/documentSymbol", client.Document("schema.cedarschema"));
  EXPECT_EQ(schema.size(), 8U);
  EXPECT_EQ(client.Ask("workspace/symbol", {{"query", "rfnds"}}).size(), 1U);
}

TEST_F(ServerTest, ColoursFoldsAndSelects) {
  Client client(folder);
  const auto tokens = client.Ask("textDocument/semanticTokens/full", client.Document("policies/a.remit"))["data"];
  EXPECT_EQ(tokens.size() % 5, 0U);
  EXPECT_GT(tokens.size(), 100U);
  EXPECT_EQ(tokens[3], 7) << "`@id` is a decorator";
  auto range = client.Document("policies/a.remit");
  range["range"] = {{"start", {{"line", 8}, {"character", 0}}}, {"end", {{"line", 9}, {"character", 0}}}};
  EXPECT_LT(client.Ask("textDocument/semanticTokens/range", range)["data"].size(), tokens.size());
  EXPECT_GE(client.Ask("textDocument/foldingRange", client.Document("policies/a.test.remit")).size(), 1U);
  auto params = client.Document("policies/a.remit");
  params["positions"] = Json::array({{{"line", 2}, {"character", 16}}});
  auto selection = client.Ask("textDocument/selectionRange", params)[0];
  size_t depth = 1;
  for (; selection.contains("parent"); ++depth) selection = Json(selection["parent"]);
  EXPECT_GE(depth, 4U);
}

TEST_F(ServerTest, HintsTellWhatQuantifiersBind) {
  Client client(folder);
  client.Open("policies/b.remit", "permit (principal is Agent, action, resource) when { principal.tools.any(t, t.risk > 3) };");
  auto params = client.Document("policies/b.remit");
  params["range"] = {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 0}}}};
  const auto hints = client.Ask("textDocument/inlayHint", params);
  ASSERT_EQ(hints.size(), 1U);
  EXPECT_EQ(hints[0]["label"], ": Tool");
}

// ---- writing -----------------------------------------------------------------------------------------------------------------

TEST_F(ServerTest, FormatsFilesAndRanges) {
  Client client(folder);
  const std::string text = "permit(principal,action,resource);\n// b\nforbid(principal,action,resource);\n";
  client.Open("policies/b.remit", text);
  auto params = client.Document("policies/b.remit");
  params["options"] = {{"tabSize", 2}, {"insertSpaces", true}};
  EXPECT_EQ(Apply(text, client.Ask("textDocument/formatting", params)),
            "permit (principal, action, resource);\n// b\nforbid (principal, action, resource);\n");
  params["range"] = {{"start", {{"line", 2}, {"character", 1}}}, {"end", {{"line", 2}, {"character", 2}}}};
  EXPECT_EQ(Apply(text, client.Ask("textDocument/rangeFormatting", params)),
            "permit(principal,action,resource);\n// b\nforbid (principal, action, resource);\n");
  client.Replace("policies/b.remit", "permit(");
  EXPECT_TRUE(client.Ask("textDocument/formatting", params).is_null());
}

TEST_F(ServerTest, CodeActionsMendWhatIsFound) {
  Client client(folder);
  const auto actions = [&](const std::string& text) {
    client.Open("policies/b.remit", text);
    auto params = client.Document("policies/b.remit");
    params["range"] = {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 9}, {"character", 0}}}};
    params["context"] = {{"diagnostics", Json::array()}};
    std::map<std::string, std::string> made;
    for (const auto& action : client.Ask("textDocument/codeAction", params)) {
      const auto changes = action["edit"].value("changes", Json::object());
      made[action["title"]] = Apply(text, changes.value(folder.uri("policies/b.remit"), Json::array()));
    }
    return made;
  };
  const std::string head = "@id(\"b\")\npermit (principal is User, action == Action::\"read\", resource) ";
  EXPECT_EQ(actions(head + "when { !(!(resource.total_cents > 3)) };")["fix all that is safe to fix in this file"].find("!!"),
            std::string::npos);
  EXPECT_EQ(actions(head + "when { resource.total_cent > 3 };")["change to `total_cents`"], head + "when { resource.total_cents > 3 };");
  EXPECT_EQ(actions("@id(\"b\")\npermit (principal, action == Action::\"raed\", resource);")["change to `Action::\"read\"`"],
            "@id(\"b\")\npermit (principal, action == Action::\"read\", resource);");
  const auto allowed = actions("@id(\"b\")\npermit (principal, action, resource);")["allow `broad-permit` here, with a reason"];
  EXPECT_TRUE(allowed.starts_with("// remit: allow(broad-permit) \n@id")) << allowed;
}

TEST_F(ServerTest, AStatementBecomesATestWithTheOutcomeThatComesOut) {
  Client client(folder);
  auto params = client.Document("policies/a.remit");
  params["range"] = {{"start", {{"line", 5}, {"character", 0}}}, {"end", {{"line", 5}, {"character", 0}}}};
  params["context"] = {{"diagnostics", Json::array()}, {"only", {"refactor"}}};
  const auto actions = client.Ask("textDocument/codeAction", params);
  ASSERT_EQ(actions.size(), 1U);
  const auto text = Apply(kTests, actions[0]["edit"]["changes"][folder.uri("policies/a.test.remit")]);
  client.Open("policies/a.test.remit", text);
  EXPECT_EQ(client.CodesOf("policies/a.test.remit"), (Codes{})) << text;
  const auto run = client.Ask("workspace/executeCommand",
                              {{"command", "remit.runTest"}, {"arguments", Json::array({{{"uri", folder.uri("policies/a.test.remit")}}})}});
  EXPECT_EQ(run["failed"], 0) << text;
  EXPECT_EQ(run["passed"], 3);
}

TEST_F(ServerTest, TestsRunFromTheirLens) {
  Client client(folder);
  auto text = kTests;
  text.replace(text.find("execute"), 7, "deny");
  client.Open("policies/a.test.remit", text);
  const auto lenses = client.Ask("textDocument/codeLens", client.Document("policies/a.test.remit"));
  ASSERT_EQ(lenses.size(), 3U);
  const auto& command = lenses[1]["command"];
  const auto result = client.Ask("workspace/executeCommand", {{"command", command["command"]}, {"arguments", command["arguments"]}});
  EXPECT_EQ(result["failed"], 1);
  EXPECT_NE(result["report"].get<std::string>().find("a refund"), std::string::npos);
  EXPECT_NE(client
                .Ask("workspace/executeCommand",
                     {{"command", "remit.explainRule"}, {"arguments", Json::array({{{"code", "broad-permit"}}})}})["markdown"]
                .get<std::string>()
                .find("broad-permit"),
            std::string::npos);
}

TEST_F(ServerTest, LinksGoToThePagesOfRules) {
  Client client(folder, Json::object(), {{"documentation", "https://example.org/rules/"}});
  client.Open("policies/b.remit", "// remit: allow(broad-permit, nothing) a reason\npermit (principal, action, resource);");
  const auto links = client.Ask("textDocument/documentLink", client.Document("policies/b.remit"));
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0]["target"], "https://example.org/rules/broad-permit.md");
  EXPECT_TRUE(
      std::ranges::any_of(client.DiagnosticsOf("policies/b.remit"), [](const Json& each) { return each.contains("codeDescription"); }));
}

// ---- the protocol ------------------------------------------------------------------------------------------------------------

TEST_F(ServerTest, AnswersOnlyWhatWasAskedRightly) {
  Client client(folder);
  const auto code = [&](const std::string& method, Json params) { return client.AskFull(method, std::move(params))["error"]["code"]; };
  EXPECT_EQ(code("textDocument/nothing", Json::object()), -32601);
  EXPECT_EQ(code("textDocument/hover", Json::object()), -32602);
  EXPECT_EQ(code("textDocument/hover", {{"textDocument", 3}}), -32602);
  EXPECT_EQ(code("initialize", Json::object()), -32600);
  EXPECT_TRUE(client.Ask("textDocument/hover", client.At("nothing.remit", 0, 0)).is_null());
  client.Tell("textDocument/didChange", {{"textDocument", Json::array()}});
  client.server().Handle(Json::array({1, 2}));
  client.server().Cancel(99);
  client.server().Handle({{"jsonrpc", "2.0"}, {"id", 99}, {"method", "shutdown"}});
  EXPECT_FALSE(client.server().exit_code()) << "cancelled before it came";
  client.Ask("shutdown", Json());
  EXPECT_EQ(code("textDocument/hover", client.At("policies/a.remit", 0, 0)), -32600);
  client.Tell("exit", Json());
  EXPECT_EQ(client.server().exit_code(), 0);
}

TEST(Server, RefusesRequestsBeforeItIsInitialized) {
  Json answer;
  Server server([&](const Json& message) { answer = message; }, "test");
  server.Handle({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "textDocument/hover"}, {"params", Json::object()}});
  EXPECT_EQ(answer["error"]["code"], -32002);
  server.Handle({{"jsonrpc", "2.0"}, {"method", "exit"}});
  EXPECT_EQ(server.exit_code(), 1);
}

}  // namespace
}  // namespace remit::lsp::test
