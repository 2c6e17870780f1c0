// What is found in the pieces that changed, and what their tests and conditions need of the others to be read.
#include <algorithm>
#include <set>

#include "compiler/check/check.h"
#include "compiler/lint/passes.h"
#include "compiler/lsp/project.h"

namespace remit::lsp {
namespace {

// Names that are given twice, and circles, are a matter of all statements.
auto IsOfWholeSet(DiagnosticCode code) -> bool { return code == DiagnosticCode::RepeatedState || code == DiagnosticCode::StateCycle; }

auto IsError(const Diagnostic& each) -> bool { return CodeSeverity(each.code) == Severity::Error; }

// Pieces in the order of the text, with a tree of their own.
class Batch {
 public:
  Batch(CompileJob& job, const lint::LintOptions& levels) : job_(job), levels_(levels) {}

  void Add(Piece& piece) {
    DiagnosticSink sink(kMostDiagnostics);
    ParseContext context = {.sources = job_.sources, .interner = job_.interner, .sink = sink, .limits = job_.limits};
    const auto first = static_cast<uint32_t>(ast_.statements.size());
    ParsePolicies(piece.file, context, ast_);
    if (!piece.is_stale) return;
    for (auto i = first; i < ast_.statements.size(); ++i) stale_statements_.push_back(i);
    stale_.emplace(piece.file, &piece);
    piece.diagnostics = sink.diagnostics();
    piece.findings.clear();
  }

  // Every id of the project is one a test may expect; beyond that an id only stands for what has no place in a text.
  void Check(const Schema* schema, const check::CheckOptions& options, const std::vector<std::string>& ids) {
    ids_ = ids;
    ids_.resize(std::max(ids_.size(), ast_.statements.size()));
    if (schema != nullptr) {
      DiagnosticSink sink(kMostDiagnostics);
      typed_ = std::make_unique<check::TypedPolicySet>(ast_, ids_, *schema, job_.sources, job_.interner, options, sink);
      for (const auto& each : sink.diagnostics()) {
        auto* piece = StalePiece(each.span);
        if (piece != nullptr && !IsOfWholeSet(each.code)) piece->diagnostics.push_back(each);
      }
    }
    for (auto& [file, piece] : stale_) piece->has_errors = std::ranges::any_of(piece->diagnostics, IsError);
  }

  void FindAllowances() {
    const auto input = InputOf(stale_statements_);
    std::vector<lint::Finding> findings;
    const lint::LintContext lint(input, levels_, findings);
    std::vector<FileId> files;
    for (auto& [file, piece] : stale_) {
      piece->allowances.clear();
      files.push_back(file);
    }
    for (auto& each : lint::CollectAllowances(lint, files)) stale_.at(each.comment.file)->allowances.push_back(std::move(each));
  }

  // Rules are about statements that check.
  void Lint() {
    std::vector<uint32_t> sound;
    for (const auto i : stale_statements_) {
      if (typed_ == nullptr || typed_->statements()[i].ok) sound.push_back(i);
    }
    const auto input = InputOf(sound);
    std::vector<lint::Finding> findings;
    lint::LintContext lint(input, levels_, findings);
    for (const auto pass : {lint::LintConditions, lint::LintExpressions, lint::LintErrors, lint::LintBreakers, lint::LintApprovals})
      pass(lint);
    for (auto& each : findings) {
      if (auto* piece = StalePiece(each.span)) piece->findings.push_back(std::move(each));
    }
  }

  void Finish() {
    for (auto& [file, piece] : stale_) piece->is_stale = false;
  }

 private:
  auto StalePiece(Span span) const -> Piece* {
    const auto it = span.has_place() ? stale_.find(span.file) : stale_.end();
    return it == stale_.end() ? nullptr : it->second;
  }
  auto InputOf(const std::vector<uint32_t>& statements) const -> lint::LintInput {
    return {.ast = ast_, .ids = ids_, .sources = job_.sources, .interner = job_.interner, .typed = typed_.get(), .only = &statements};
  }

  CompileJob& job_;
  const lint::LintOptions& levels_;
  ast::Ast ast_;
  std::vector<std::string> ids_;
  std::map<FileId, Piece*> stale_;
  std::vector<uint32_t> stale_statements_;
  std::unique_ptr<check::TypedPolicySet> typed_;
};

}  // namespace

// Those that are stale, and the budgets and breakers that they read: enough to say what is wrong with the stale ones.
auto Project::PiecesToRead() const -> std::set<FileId> {
  std::set<FileId> wanted;
  std::vector<StateName> pending;
  const auto add = [&](const Piece& piece) {
    if (wanted.insert(piece.file).second) pending.insert(pending.end(), piece.reads.begin(), piece.reads.end());
  };
  for (const auto* piece : AllPieces()) {
    if (piece->is_stale) add(*piece);
  }
  std::set<StateName> seen;
  while (!pending.empty()) {
    const auto name = pending.back();
    pending.pop_back();
    const auto it = states_.find(name);
    if (!seen.insert(name).second || it == states_.end()) continue;
    for (const auto file : it->second) add(*piece_of_[file.value]);
  }
  return wanted;
}

void Project::CheckStale() {
  const auto wanted = PiecesToRead();
  if (wanted.empty()) return;
  Batch batch(*job_, settings_.levels);
  bool expects_ids = false;
  for (auto* piece : AllPieces()) {
    if (!wanted.contains(piece->file)) continue;
    batch.Add(*piece);
    expects_ids = expects_ids || !piece->expected_ids.empty();
  }
  batch.Check(schema_ ? &schema_->schema : nullptr, settings_.check, expects_ids ? sorted_ids_ : std::vector<std::string>{});
  batch.FindAllowances();
  if (!has_schema_files_ || schema_) batch.Lint();
  batch.Finish();
}

}  // namespace remit::lsp
