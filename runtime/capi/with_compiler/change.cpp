// Some policies from source into the snapshot that there is.
//
// The job begins with the files that the engine's policies came from, so that the places of those that stay and of those that come are in one list of
// files. A file that nothing is in any more gives its text back.
#include <unordered_set>

#include "runtime/capi/compiler.h"
#include "runtime/capi/with_compiler/compile_policies.h"

namespace remit::capi {
namespace {

class PolicyChange {
 public:
  PolicyChange(EngineState& state, const remit_sources& sources, const remit_load_options& options)
      : state_(state), sources_(sources), options_(options), job_(state.limits(), state.interner) {}

  auto Run(std::span<const remit_string> removed) -> Result {
    if (auto valid = CheckArguments(); !valid) return valid;
    const auto policies = state_.engine.snapshots().current().policies;
    former_texts_ = state_.TextsOf(*policies);
    ReadRemoved(removed);
    TakeFormerFiles();
    if (!ReadPolicies(job_, sources_)) return Fail();
    if (auto named = CheckIds(); !named) return named;
    if (!CheckAgainst(job_, policies->schema(), kIds, options_.check)) return Fail();
    const auto program = CompileFor(state_, job_, kIds, policies->schema());
    if (!program) return Fail();
    auto amended = ir::Amend(policies->program(), removed_, *program);
    if (!amended) return capi::Fail(std::move(amended.error()));
    auto changed = std::make_shared<Policies>(std::move(*amended), *policies);
    auto warnings = job_.sink.diagnostics().empty() ? nullptr : MakeReport(job_.sink, job_.sources);
    // INVARIANT: nothing fails from here on but for want of memory, and then before anything is published.
    if (KeepsTexts(*policies)) state_.SetTexts(changed, TakeTexts());
    state_.engine.PublishPolicies(std::move(changed));
    if (options_.warnings != nullptr) *options_.warnings = warnings.release();
    return {};
  }

 private:
  static constexpr auto kIds = ast::IdConvention::Remit;

  auto CheckArguments() const -> Result {
    if (options_.ids != REMIT_IDS_BY_ANNOTATION) return FailArgument("policies are changed by their `@id`");
    if (!sources_.schema.empty() || !sources_.entities.empty()) return FailArgument("policies are changed and nothing else");
    return CheckOptions(options_);
  }

  auto Fail() const -> std::unexpected<Failure> { return FailReport(job_.sink, job_.sources); }

  // Without the files of what stays its places would be shown in others.
  auto KeepsTexts(const Policies& former) const -> bool {
    return options_.drop_sources == 0 && (former_texts_ != nullptr || former.program().policies.empty());
  }

  // Names that the engine never saw are of no policy.
  void ReadRemoved(std::span<const remit_string> removed) {
    for (const remit_string id : removed) {
      if (const SymbolId known = state_.interner->Find(View(id)); known.has_value()) removed_.push_back(known);
    }
  }

  void TakeFormerFiles() {
    if (former_texts_ == nullptr) return;
    const std::unordered_set<SymbolId> gone(removed_.begin(), removed_.end());
    std::unordered_set<uint32_t> used;
    for (const auto& [id, span] : former_texts_->statements) {
      if (!gone.contains(id)) used.insert(span.file.value);
    }
    const auto& files = former_texts_->sources;
    for (uint32_t i = 0; i < files.size(); ++i) {
      const SourceFile& file = files.file({i});
      job_.sources.Add(used.contains(i) ? file.name() : std::string(), used.contains(i) ? std::string(file.text()) : std::string());
    }
  }

  // What goes by its position in these texts would replace what has the same position in others.
  auto CheckIds() const -> Result {
    for (size_t i = 0; i < job_.ast.statements.size(); ++i) {
      if (!HasId(i))
        return capi::Fail({.code = "missing-id", .message = "a statement that is changed has no `@id`", .pointer = {}, .help = {}});
    }
    return {};
  }

  auto HasId(size_t index) const -> bool {
    const auto& statement = job_.ast.statements[index];
    const bool goes_by_position = std::holds_alternative<ast::Policy>(statement.body) ||
                                  std::holds_alternative<ast::Escalate>(statement.body) ||
                                  std::holds_alternative<ast::Restrict>(statement.body);
    if (!goes_by_position || (index < job_.ast.explicit_ids.size() && job_.ast.explicit_ids[index].has_value())) return true;
    const auto* id = ast::FindAnnotation(statement, job_.interner, "id");
    return id != nullptr && id->value.has_value();
  }

  auto TakeTexts() -> std::shared_ptr<const PolicyTexts> {
    auto texts = std::make_shared<PolicyTexts>();
    if (former_texts_ != nullptr) texts->statements = former_texts_->statements;
    for (const SymbolId id : removed_) texts->statements.erase(id);
    AddStatements(job_, kIds, *texts);
    texts->sources = std::move(job_.sources);
    return texts;
  }

  EngineState& state_;
  const remit_sources& sources_;
  const remit_load_options& options_;
  CompileJob job_;
  std::vector<SymbolId> removed_;
  std::shared_ptr<const PolicyTexts> former_texts_;  // null: they were not kept
};

}  // namespace

auto ChangePolicies(EngineState& state, const remit_sources& sources, std::span<const remit_string> removed,
                    const remit_load_options& options) -> Result {
  return PolicyChange(state, sources, options).Run(removed);
}

}  // namespace remit::capi
