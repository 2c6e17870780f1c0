// Parsing, printing and formatting in one job, for tests: trees of one job share its interner and can be compared.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/ast/formatter.h"
#include "compiler/ast/printer.h"
#include "compiler/parse/parse.h"

namespace remit {

class Job {
 public:
  // Fails the test if the text has errors.
  auto Parse(const std::string& text) -> ast::Ast {
    ast::Ast ast;
    file_ = sources.Add("test.remit", text);
    DiagnosticSink sink;
    ParseContext context{.sources = sources, .interner = interner, .sink = sink, .limits = {}};
    const bool parsed = ParsePolicies(file_, context, ast);
    EXPECT_TRUE(parsed) << text << (sink.diagnostics().empty() ? "" : "\n" + FormatDiagnostic(sink.diagnostics()[0], sources));
    return ast;
  }

  auto Comments() const -> std::vector<std::string> {
    std::vector<std::string> texts;
    for (const auto& comment : CollectComments(file_, sources)) {
      texts.emplace_back(ast::CommentBody(sources.text(comment.span)));
    }
    return texts;
  }

  // The file parsed last.
  auto Format(ast::FormatOptions options = {}) -> std::string {
    std::vector<ast::CommentText> comments;
    for (const auto& comment : CollectComments(file_, sources)) comments.push_back({comment.span, comment.own_line});
    return ast::FormatSource(file_, sources, comments, options);
  }

  SourceManager sources;
  Interner interner;

 private:
  FileId file_;
};

// Formats, and checks what must hold of every result: same meaning, same comments in the same order, no change when formatted again.
inline auto CheckedFormat(const std::string& text, ast::FormatOptions options = {}) -> std::string {
  Job job;
  const auto before = job.Parse(text);
  const auto comments_before = job.Comments();
  const auto formatted = job.Format(options);
  const auto after = job.Parse(formatted);
  EXPECT_TRUE(ast::SameMeaning(before, after)) << "---- source\n" << text << "\n---- formatted\n" << formatted;
  EXPECT_EQ(comments_before, job.Comments()) << "---- source\n" << text << "\n---- formatted\n" << formatted;
  EXPECT_EQ(job.Format(options), formatted) << "formatting again changes the result; source:\n" << text;
  return formatted;
}

inline auto ReadText(const std::filesystem::path& path) -> std::string {
  std::ifstream in{path, std::ios::binary};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Every policy file of the examples and the packaged tests: real text, in all the constructs people use.
inline auto PolicyFiles() -> std::vector<std::filesystem::path> {
  std::vector<std::filesystem::path> files;
  for (const auto* folder : {"examples", "tests/golden/format"}) {
    const auto root = std::filesystem::path{REMIT_SOURCE_DIR} / folder;
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const auto extension = entry.path().extension();
      if (extension == ".cedar" || extension == ".remit") files.push_back(entry.path());
    }
  }
  return files;
}

// One of each statement, with every clause.
inline constexpr const char* kEveryStatement = R"(
@id("a") @advice
permit (principal is User in Group::"g", action in [Action::"read", Action::"write"], resource == Doc::"d")
when { context.n + 1 * 2 - 3 >= -4 && principal has a.b || !(resource like "a*\*b") }
unless { if context.x then [1, 2].contains(3) else { "a b": 1, c: ip("10.0.0.1").isIpv4() } == {} }
oblige { redact: ["$.ssn"], route: "small-model", max_tokens: 4000 };
forbid (principal in ?principal, action, resource == ?resource);
@id("refund-over-100")
escalate (principal in AgentGroup::"support", action == Action::"refund", resource)
when { context.amount_cents > 10000 }
approval { by: [Role::"support_leads"], quorum: 2, expires: duration("15m"), uses: 1, scope: "exact" }
oblige { show: "diff" };
restrict (principal, action in Action::"writes", resource) to draft
when { principal.stage == "pilot" || budget.tool_calls.after > 8 && budget has tool_calls };
@id("tenant-spend") @unit("usd_micros")
budget tenant_spend (principal is Agent, action in Action::"llm", resource)
when { context has cost }
charge { context.cost }
per { resource.tenant, context.model }
limit { 50000000 } each day in "Europe/Berlin"
hold { duration("90s") } unsettled release
exceeded escalate approval { by: [Role::"r"], expires: duration("1h") };
budget b2 (principal, action, resource) limit { 5 } within { duration("1m") } exceeded restrict to observe;
budget b3 (principal, action, resource) limit { 5 } refill { duration("1m") };
budget b4 (principal, action, resource) limit { 5 } concurrent exceeded deny;
breaker crm (principal, action in Action::"crm", resource)
per { resource.tenant }
trip { calls >= 20 && failures * 10 >= calls * 3 } within { duration("1m") }
cooldown { duration("30s") } probe { 3 }
open restrict to draft;
@id("no-silent-large-refund")
assert never execute (principal, action == Action::"refund", resource)
when { context.amount_cents > 10000 };
assert always deny or draft (principal, action, resource);
test "a second large refund waits for a person" {
  entity Agent::"s1" in [AgentGroup::"support"] { stage: "live" } tags { k: "v" };
  request (Agent::"s1", Action::"refund", Order::"o1") with { amount_cents: 15000 };
  expect approve by "refund-over-100";
  approve by User::"lee" in [Role::"support_leads"];
  expect execute;
  settle success { tenant_spend: 5 };
  advance { duration("1d") };
  expect budget tenant_spend used 0;
}
)";

}  // namespace remit
