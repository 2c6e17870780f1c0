// Which requests one scope takes of those of another, as far as the policies themselves tell: entities are never looked at.
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/lint/context.h"

namespace remit::lint {

// Every entity that `narrow` takes, `wide` takes. With a template's slot: only if they are the same, or `wide` takes all.
auto Covers(const LintContext& context, const ast::ScopeConstraint& wide, const ast::ScopeConstraint& narrow) -> bool;
auto Covers(const LintContext& context, const ast::Scope& wide, const ast::Scope& narrow) -> bool;

// No entity is certain to be outside of one of them: false only where types or entities exclude one another.
auto MayMeet(const ast::ScopeConstraint& a, const ast::ScopeConstraint& b) -> bool;
auto MayMeet(const LintContext& context, const ast::Scope& a, const ast::Scope& b) -> bool;

// Statements in whose scope another one's may be wholly: found by hash over their three positions, so that ten thousand statements are not
// compared with each other.
class ScopeBuckets {
 public:
  explicit ScopeBuckets(const LintContext& context) : context_(context) {}

  void Add(const ast::Scope& scope, uint32_t statement);
  // Those among which all are whose scope covers `scope`; ascending.
  auto Candidates(const ast::Scope& scope) const -> std::vector<uint32_t>;

 private:
  const LintContext& context_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> buckets_;
};

}  // namespace remit::lint
