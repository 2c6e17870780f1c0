// The checker: a policy set and a schema to a typed policy set, or to what is wrong with it.
//
// Every statement is checked for every kind of request (environment) that its scope does not exclude, by the rules of Cedar's validator;
// Remit's statements by the same rules and those of docs/language.md. What it finds goes to a sink; what it knows stays here, for
// lowering and for partial evaluation: which environments a statement can be satisfied in, and the type of each of its expressions there.
//
// Thread rule: one thread at a time; `ExprTypesIn` computes on demand, so that memory does not grow with statements times environments.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/environment_classes.h"
#include "compiler/check/expr_checker.h"

namespace remit::check {

struct CheckOptions {
  Mode mode = Mode::Strict;
  std::optional<uint32_t> max_level = std::nullopt;  // RFC 76
  // For lowering, which has no one to warn: links and whatever only deserves a warning are left out.
  bool types_only = false;
  // Statements in (classes of) environments. Those that are reached after so many are not looked at and not ok.
  std::optional<uint64_t> max_checks = std::nullopt;
};

struct CheckedStatement {
  bool ok = true;           // nothing but warnings
  bool impossible = false;  // never satisfied, whatever the request
  bool decided = false;     // in some environment the types tell the value of an expression, or of the `is` in `is T in`
  std::vector<uint32_t> environments = {};  // where it may be satisfied: positions in `environments()`, ascending; not with `types_only`
};

class TypedPolicySet {
 public:
  // Checks everything. `ids` is parallel to the statements. All but `ids` outlive the set.
  TypedPolicySet(const ast::Ast& ast, const std::vector<std::string>& ids, const Schema& schema, const SourceManager& sources,
                 const Interner& interner, const CheckOptions& options, DiagnosticSink& sink);
  ~TypedPolicySet();
  TypedPolicySet(const TypedPolicySet&) = delete;
  auto operator=(const TypedPolicySet&) -> TypedPolicySet& = delete;

  // No errors: everything below may be relied on.
  auto ok() const -> bool;
  // Parallel to the tree's statements and links. A link is not ok if its template is not for other reasons: see the template.
  auto statements() const -> const std::vector<CheckedStatement>&;
  auto links() const -> const std::vector<bool>&;

  auto ast() const -> const ast::Ast&;
  auto environments() const -> const std::vector<Environment>&;
  auto types() const -> const TypeTable&;
  auto schema() const -> const SchemaView&;
  // Parallel to the tree's expressions; none for expressions of other statements and for those that are never evaluated here, because
  // what is to their left decides. Valid until the next call.
  auto ExprTypesIn(uint32_t statement, uint32_t environment) -> const ExprTypes&;
  // In environments of one class the statement's expressions have the same types.
  auto ClassesFor(uint32_t statement) -> const EnvironmentClasses::Partition&;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace remit::check
