// The linter: what in policies that check is probably not what was meant, or not safe.
//
// It never needs a schema, but sees more with one. Rules look at the tree, the types and the schema's text, never at entities: a finding holds
// for every data set. Findings that a comment allows are left out, and allowing what is not found is a finding of its own.
//
//   // remit: allow(broad-permit) the sandbox tenant has no data
//   permit (principal, action, resource);
//
// allows for the statement below it; at the end of a line, for what begins on that line; `allow-file` for the file.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/driver/compile_job.h"
#include "compiler/lint/finding.h"
#include "compiler/schema/ast.h"

namespace remit::lint {

struct LintOptions {
  LintOptions();
  // By rule. What is Off is not looked for.
  std::array<Level, 256> levels;
  void Set(Rule rule, Level level) { levels[static_cast<size_t>(rule)] = level; }
  auto level(Rule rule) const -> Level { return levels[static_cast<size_t>(rule)]; }
};

struct LintInput {
  const ast::Ast& ast;
  const std::vector<std::string>& ids;  // parallel to the statements
  const SourceManager& sources;
  const Interner& interner;
  std::vector<FileId> commented_files = {};  // whose comments may allow findings
  check::TypedPolicySet* typed = nullptr;  // null without a schema, and where policies do not check
  // Statements to look at, ascending; null: all of them. For whoever keeps what was found in the others.
  const std::vector<uint32_t>* only = nullptr;
  // As written, for what a resolved schema no longer knows; empty without a schema.
  const std::vector<schema_ast::Fragment>* fragments = nullptr;
};

struct LintReport {
  std::vector<Finding> findings;  // by file and place
  uint32_t allowed = 0;  // left out because a comment allows them

  auto Count(Level level) const -> size_t;
};

auto Lint(const LintInput& input, const LintOptions& options) -> LintReport;

}  // namespace remit::lint
