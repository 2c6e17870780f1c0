// The project file: found upwards, read whole, and told precisely where it is wrong.
#include "compiler/project/project.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fmt/ranges.h>

#include <fstream>

namespace remit::project {
namespace {

namespace fs = std::filesystem;

// A folder with some policies and a schema.
class ProjectTest : public testing::Test {
 protected:
  ProjectTest() : folder_(fs::canonical(fs::temp_directory_path()) / ("remit-project-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "policies" / "deep");
    Write("a.cedarschema", "");
    Write("e.json", "[]");
  }
  ~ProjectTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  auto Read(std::string text) -> std::optional<Project> { return ReadProject(folder_ / kFileName, std::move(text), sources_, sink_); }
  // `code line:column help`, a line each; the text must not be a project.
  auto Problems(std::string text) -> std::string {
    SourceManager sources;
    DiagnosticSink sink;
    EXPECT_FALSE(ReadProject(folder_ / kFileName, std::move(text), sources, sink).has_value());
    std::string out;
    for (const auto& each : sink.diagnostics()) {
      const auto place = sources.file(each.span.file).locate(each.span.begin);
      out += fmt::format("{} {}:{} {}\n", CodeName(each.code), place.line, place.column, each.help);
    }
    return out;
  }

  fs::path folder_;
  SourceManager sources_;
  DiagnosticSink sink_;
};

auto Paths(const std::vector<ProjectPath>& paths, const fs::path& root) -> std::string {
  std::string out;
  for (const auto& each : paths) out += (each.is_builtin() ? each.path : fs::path(each.path).lexically_relative(root).string()) + " ";
  return out;
}

TEST_F(ProjectTest, IsFoundUpwards) {
  EXPECT_FALSE(FindProjectFile(folder_ / "policies" / "deep").has_value());
  Write("remit.toml", "");
  EXPECT_EQ(FindProjectFile(folder_ / "policies" / "deep"), folder_ / "remit.toml");
  EXPECT_EQ(FindProjectFile(folder_), folder_ / "remit.toml");
  EXPECT_EQ(FindProjectFile(folder_ / "policies" / "not-there"), folder_ / "remit.toml");
}

TEST_F(ProjectTest, TheNearestFileCounts) {
  Write("remit.toml", "");
  Write("policies/remit.toml", "");
  EXPECT_EQ(FindProjectFile(folder_ / "policies" / "deep"), folder_ / "policies" / "remit.toml");
}

TEST_F(ProjectTest, AnEmptyFileHasTheFolderPoliciesAndCedarsDefaults) {
  const auto project = Read("");
  ASSERT_TRUE(project);
  EXPECT_EQ(Paths(project->policies, folder_), "policies ");
  EXPECT_FALSE(project->forbid_errors_deny);
  EXPECT_EQ(project->ids, ast::IdConvention::Remit);
  EXPECT_TRUE(project->schema.empty());
  EXPECT_FALSE(project->entities);
}

TEST_F(ProjectTest, EverySettingIsRead) {
  const auto project = Read(R"(policies = ["policies", "builtin:approvals"]
tests = "policies/deep"
schema = ["a.cedarschema", "builtin:remit"]
entities = "e.json"
ids = "cedar"
forbid_errors = "deny"
engine = "native"
ledger = "var/l.db"
[check]
mode = "permissive"
level = 3
deny_warnings = true
[lint]
deny_warnings = true
levels = { all = "info", broad-permit = "error", any-action = "off" }
[test]
min_coverage = 80
[format]
line_width = 100
indent = 4
[approvals]
signing_key = "keys/k.pem"
[audit]
folder = "log"
origin = "example.com/log"
[server]
listen = ["127.0.0.1:1", "127.0.0.1:2"]
tls.cert = "c.pem"
loops = 2
watch = false
)");
  ASSERT_TRUE(project);
  EXPECT_EQ(Paths(project->policies, folder_), "policies builtin:approvals ");
  EXPECT_EQ(Paths(project->tests, folder_), "policies/deep ");
  EXPECT_EQ(Paths(project->schema, folder_), "a.cedarschema builtin:remit ");
  EXPECT_EQ(project->entities->path, folder_ / "e.json");
  EXPECT_EQ(project->ids, ast::IdConvention::Cedar);
  EXPECT_TRUE(project->forbid_errors_deny);
  EXPECT_EQ(project->engine, EngineChoice::Native);
  EXPECT_EQ(project->ledger, "sqlite:" + (folder_ / "var/l.db").string());
  EXPECT_EQ(project->check.options.mode, check::Mode::Permissive);
  EXPECT_EQ(project->check.options.max_level, 3);
  EXPECT_TRUE(project->check.deny_warnings && project->lint.deny_warnings);
  EXPECT_EQ(project->lint.levels.level(*lint::FindRule("broad-permit")), lint::Level::Error);
  EXPECT_EQ(project->lint.levels.level(*lint::FindRule("any-action")), lint::Level::Off);
  EXPECT_EQ(project->lint.levels.level(*lint::FindRule("always-true")), lint::Level::Info);
  EXPECT_EQ(project->min_coverage, 80);
  EXPECT_EQ(project->format.line_width, 100U);
  EXPECT_EQ(project->format.indent, 4U);
  EXPECT_EQ(project->approvals.signing_key->path, folder_ / "keys/k.pem");
  EXPECT_EQ(project->audit.folder->path, folder_ / "log");
  EXPECT_EQ(project->audit.origin, "example.com/log");
  std::string settings;
  for (const auto& each : project->server.settings) settings += fmt::format("{}={} ", each.key, fmt::join(each.values, ","));
  EXPECT_EQ(settings, "listen=127.0.0.1:1,127.0.0.1:2 tls.cert=c.pem loops=2 watch=false ");
}

TEST_F(ProjectTest, WhatIsShownIsReadAgainAsTheSame) {
  const auto project = Read(R"(tests = "policies/deep"
schema = ["a.cedarschema", "builtin:remit"]
entities = "e.json"
ids = "cedar"
forbid_errors = "deny"
engine = "native"
ledger = "l.db"
check = { mode = "permissive", level = 3, deny_warnings = true }
lint = { deny_warnings = true, levels = { all = "info", broad-permit = "error" } }
test.min_coverage = 92.5
format = { line_width = 100, indent = 4 }
approvals = { signing_key = "k.pem", accepted_keys = ["e.json"] }
audit = { folder = "log", key = "k", origin = "o" }
server.config = "e.json"
)");
  ASSERT_TRUE(project);
  std::string text;
  size_t shown = 0;
  for (const auto& each : ShowSettings(*project)) {
    if (each.key == "file") continue;
    text += each.key + " = " + each.value + "\n";
    shown += each.key.starts_with("lint.levels.") ? 0 : 1;
  }
  // But for `links`, and the two that stand for many.
  EXPECT_EQ(shown, ProjectSettings().size() - 3) << text;
  EXPECT_NE(text.find("test.min_coverage = 92.5\n"), std::string::npos) << text;
  const auto again = Read(text);
  ASSERT_TRUE(again) << text;
  std::string text_again;
  for (const auto& each : ShowSettings(*again)) text_again += each.key == "file" ? "" : each.key + " = " + each.value + "\n";
  EXPECT_EQ(text, text_again);
}

TEST_F(ProjectTest, CoverageMayHaveDigitsBehindThePoint) {
  EXPECT_EQ(Read("test.min_coverage = 92.5")->min_coverage, 92.5);
  EXPECT_EQ(Read("test.min_coverage = 92")->min_coverage, 92);
  EXPECT_EQ(Problems("test.min_coverage = 100.5"), "project-value 1:21 from 0 to 100\n");
  EXPECT_EQ(Problems("test.min_coverage = nan"), "project-value 1:21 from 0 to 100\n");
  EXPECT_EQ(Problems("test.min_coverage = \"92\""), "project-type 1:21 \n");
}

TEST_F(ProjectTest, OtherStoresAreWhatTheyAre) {
  EXPECT_EQ(Read("ledger = \"redis://h/n.db\"")->ledger, "redis://h/n.db");
  EXPECT_EQ(Read("ledger = \"memory:\"")->ledger, "memory:");
  EXPECT_EQ(Read("ledger = \"sqlite:x\"")->ledger, "sqlite:" + (folder_ / "x").string());
}

TEST_F(ProjectTest, UnknownSettingsAreRefusedWithTheNearestOne) {
  EXPECT_EQ(Problems("polices = \"policies\""), "project-unknown-key 1:1 did you mean `policies`?\n");
  EXPECT_EQ(Problems("[lint]\ndeny_warning = true"), "project-unknown-key 2:1 did you mean `lint.deny_warnings`?\n");
  EXPECT_EQ(Problems("[lint.levels]\nbroad-permits = \"off\""), "project-unknown-rule 2:1 did you mean `broad-permit`?\n");
  EXPECT_EQ(Problems("schema = \"builtin:remti\""), "project-unknown-builtin 1:10 did you mean `builtin:remit`?\n");
}

TEST_F(ProjectTest, ValuesThatCannotBeAreToldWhereTheyStand) {
  EXPECT_EQ(Problems("forbid_errors = \"denny\""), "project-value 1:17 did you mean `deny`?\n");
  EXPECT_EQ(Problems("forbid_errors = true"), "project-type 1:17 \n");
  EXPECT_EQ(Problems("[format]\nindent = 17"), "project-value 2:10 from 0 to 16\n");
  EXPECT_EQ(Problems("[lint.levels]\nbroad-permit = \"loud\""), "project-value 2:16 a level is off, info, warning or error\n");
  EXPECT_EQ(Problems("policies = [\"policies\", 3]"), "project-type 1:25 \n");
  EXPECT_EQ(Problems("policies = []"), "project-no-policies 1:12 \n");
}

TEST_F(ProjectTest, PathsThatAreNotThereAreToldAllAtOnce) {
  EXPECT_EQ(Problems("policies = [\"policies\", \"\u00e9\", \"no\"]\nentities = \"none.json\""),
            "project-path-missing 1:25 \nproject-path-missing 1:30 \nproject-path-missing 2:12 \n");
}

TEST_F(ProjectTest, WhatIsNoTomlIsToldWithItsPlace) {
  EXPECT_EQ(Problems("policies = [\n\"a\"\nschema = 1"), "project-syntax 3:1 \n");
  EXPECT_EQ(Problems("a = 1\na = 2"), "project-syntax 2:5 \n");
  EXPECT_NE(Problems("a = \"\xff\""), "");
  EXPECT_NE(Problems("x = " + std::string(100'000, '[')), "");
  EXPECT_NE(Problems(std::string("x\0y = 1", 7)), "");
}

TEST_F(ProjectTest, CredentialsOfCallersStayInTheServersFile) {
  EXPECT_NE(Problems("[[server.callers.token]]\nsha256 = \"x\"\nid = \"a\"").find("server.config"), std::string::npos);
}

TEST_F(ProjectTest, NoFolderPoliciesIsNoProject) {
  fs::remove_all(folder_ / "policies");
  EXPECT_EQ(Problems(""), "project-no-policies 1:1 `policies` names files or folders\n");
}

TEST_F(ProjectTest, ManySettingsOnOneLongLineAreReadInNoTime) {
  std::string text = "[lint]\nlevels = {";
  for (int i = 0; i < 60'000; ++i) text += fmt::format("r{} = \"off\", ", i);
  text.resize(text.size() - 2);
  DiagnosticSink sink;
  EXPECT_FALSE(ReadProject(folder_ / kFileName, text + "}", sources_, sink));
  EXPECT_EQ(sink.error_count(), 101U);  // one more than are told
}

TEST(ShownPath, IsAsSomebodyThereWouldWriteIt) {
  EXPECT_EQ(ShownPath("/a/b/policies", "/a/b"), "policies");
  EXPECT_EQ(ShownPath("/a/b/policies", "/a/b/policies/deep"), "..");
  EXPECT_EQ(ShownPath("/x", "/a/b/c/d/e"), "/x");
  EXPECT_EQ(ShownPath("builtin:approvals", "/a"), "builtin:approvals");
}

}  // namespace
}  // namespace remit::project
