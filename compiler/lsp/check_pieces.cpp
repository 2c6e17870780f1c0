// What is found in the pieces that changed, and in all statements together.
#include <algorithm>
#include <set>

#include "compiler/check/cycles.h"
#include "compiler/driver/check.h"
#include "compiler/lint/passes.h"
#include "compiler/lsp/project.h"

namespace remit::lsp {
namespace {

constexpr uint32_t kMostDiagnostics = 100'000;

// Names that are given twice, and circles, are a matter of all statements.
auto IsOfWholeSet(DiagnosticCode code) -> bool { return code == DiagnosticCode::RepeatedState || code == DiagnosticCode::StateCycle; }

auto LevelOf(DiagnosticCode code) -> lint::Level {
  switch (CodeSeverity(code)) {
    case Severity::Error: return lint::Level::Error;
    case Severity::Warning: return lint::Level::Warning;
  }
  return lint::Level::Error;
}

// Pieces in the order of the text, with a tree of their own.
struct Batch {
  std::vector<Piece*> pieces;
  std::vector<uint32_t> ends;  // of its statements, by piece
  ast::Ast ast;
};

}  // namespace

// Those that are stale, and the budgets and breakers that they read: enough to say what is wrong with the stale ones.
void Project::CheckStale() {
  Batch batch;
  std::set<FileId> wanted;
  std::vector<StateName> pending;
  bool reads_ids = false;
  for (auto& [path, file] : files_) {
    for (auto& piece : file.pieces) {
      if (!piece->is_stale) continue;
      wanted.insert(piece->file);
      pending.insert(pending.end(), piece->reads.begin(), piece->reads.end());
      reads_ids = reads_ids || !piece->expected_ids.empty();
    }
  }
  if (wanted.empty()) return;
  std::set<StateName> seen;
  while (!pending.empty()) {
    const auto name = pending.back();
    pending.pop_back();
    const auto it = states_.find(name);
    if (!seen.insert(name).second || it == states_.end()) continue;
    for (const auto file : it->second) {
      if (!wanted.insert(file).second) continue;
      const auto& reads = piece_of_[file.value]->reads;
      pending.insert(pending.end(), reads.begin(), reads.end());
    }
  }
  std::vector<FileId> stale_files;
  for (auto& [path, file] : files_) {
    for (auto& piece : file.pieces) {
      if (!wanted.contains(piece->file)) continue;
      DiagnosticSink sink(kMostDiagnostics);
      auto parsing = context(sink);
      ParsePolicies(piece->file, parsing, batch.ast);
      batch.pieces.push_back(piece.get());
      batch.ends.push_back(static_cast<uint32_t>(batch.ast.statements.size()));
      if (!piece->is_stale) continue;
      piece->diagnostics = sink.diagnostics();
      piece->findings.clear();
      stale_files.push_back(piece->file);
    }
  }

  const auto find_piece = [&](Span span) -> Piece* {
    const auto it = std::ranges::find_if(batch.pieces, [&](const Piece* each) { return each->file == span.file; });
    return it != batch.pieces.end() && (*it)->is_stale ? *it : nullptr;
  };
  std::unique_ptr<check::TypedPolicySet> typed;
  // Every id of the project is one a test may expect; beyond that an id only stands for what has no place in a text.
  auto ids = reads_ids ? sorted_ids_ : std::vector<std::string>{};
  ids.resize(std::max(ids.size(), batch.ast.statements.size()));
  if (schema_) {
    DiagnosticSink sink(kMostDiagnostics);
    typed = std::make_unique<check::TypedPolicySet>(batch.ast, ids, schema_->schema, job_->sources, job_->interner, settings_.check,
                                                    sink);
    // In the order of the text, like the pieces.
    std::map<FileId, std::vector<Diagnostic>> found;
    for (const auto& diagnostic : sink.diagnostics()) {
      if (!IsOfWholeSet(diagnostic.code) && diagnostic.span.has_place()) found[diagnostic.span.file].push_back(diagnostic);
    }
    for (auto& [file, diagnostics] : found) {
      auto* piece = find_piece({.file = file});
      if (piece != nullptr) std::ranges::move(diagnostics, std::back_inserter(piece->diagnostics));
    }
  }

  // Rules are about statements that check.
  std::vector<uint32_t> all, sound;
  uint32_t first = 0;
  for (size_t i = 0; i < batch.pieces.size(); ++i) {
    auto& piece = *batch.pieces[i];
    const auto end = batch.ends[i];
    for (uint32_t statement = first; piece.is_stale && statement < end; ++statement) {
      all.push_back(statement);
      if (typed == nullptr || typed->statements()[statement].ok) sound.push_back(statement);
    }
    first = end;
    if (!piece.is_stale) continue;
    piece.has_errors = std::ranges::any_of(piece.diagnostics, [](const Diagnostic& each) { return CodeSeverity(each.code) == Severity::Error; });
  }
  lint::LintInput input = {.ast = batch.ast, .ids = ids, .sources = job_->sources, .interner = job_->interner, .typed = typed.get(), .only = &all};
  std::vector<lint::Finding> findings;
  {
    const lint::LintContext lint(input, settings_.levels, findings);
    std::map<FileId, std::vector<lint::Allowance>> allowances;
    for (auto& allowance : lint::CollectAllowances(lint, stale_files)) allowances[allowance.comment.file].push_back(std::move(allowance));
    for (auto* piece : batch.pieces) {
      if (piece->is_stale) piece->allowances = std::move(allowances[piece->file]);
    }
  }
  if (!has_schema_files_ || schema_) {
    input.only = &sound;
    lint::LintContext lint(input, settings_.levels, findings);
    for (const auto pass :
         {lint::LintConditions, lint::LintExpressions, lint::LintErrors, lint::LintBreakers, lint::LintApprovals}) {
      pass(lint);
    }
  }
  std::map<FileId, Piece*> stale;
  for (auto* piece : batch.pieces) {
    if (piece->is_stale) stale[piece->file] = piece;
    piece->is_stale = false;
  }
  for (auto& finding : findings) {
    const auto it = stale.find(finding.span.file);
    if (it != stale.end()) it->second->findings.push_back(std::move(finding));
  }
}

// Ids first: what tests are checked with.
void Project::CheckWholeSet() {
  job_->sink = DiagnosticSink(kMostDiagnostics);
  ids_ = StatementIds(*job_, ast::IdConvention::Remit);
  CheckLinks(*job_, ids_);
  const check::StateTable states(job_->ast);
  check::ReportStateMistakes(job_->ast, states, job_->interner, job_->sink);
  set_diagnostics_ = job_->sink.diagnostics();
}

// ---- notes -------------------------------------------------------------------------------------------------------------------

auto Project::CollectNotes() -> std::vector<const ProjectFile*> {
  set_findings_.clear();
  lint::LintInput input = {.ast = job_->ast, .ids = ids_, .sources = job_->sources, .interner = job_->interner, .typed = bare_.get()};
  if (schema_) input.fragments = &schema_->fragments;
  std::vector<lint::Finding> findings;
  lint::LintContext lint(input, settings_.levels, findings);
  std::vector<lint::Allowance> allowances = schema_allowances_;
  for (const auto& [path, file] : files_) {
    for (const auto& piece : file.pieces) {
      findings.insert(findings.end(), piece->findings.begin(), piece->findings.end());
      allowances.insert(allowances.end(), piece->allowances.begin(), piece->allowances.end());
    }
  }
  // Rules that compare statements would say of a statement what another one, which cannot be read just now, will refute in a moment.
  if (!HasErrors()) {
    for (const auto pass : {lint::LintReach, lint::LintWidth, lint::LintNames, lint::LintBudgets, lint::LintSchema, lint::LintTests}) pass(lint);
    const auto owner = [&](FileId file) { return PlaceOf({.file = file}).file; };
    lint::ApplyAllowances(allowances, lint, findings, [&](FileId a, FileId b) { return owner(a) == owner(b); });
  } else {
    // What is allowed stays so; what nothing needs cannot be known.
    std::vector<lint::Finding> kept = findings;
    lint::ApplyAllowances(allowances, lint, kept, [&](FileId a, FileId b) { return PlaceOf({.file = a}).file == PlaceOf({.file = b}).file; });
    std::erase_if(kept, [](const lint::Finding& each) { return each.rule == lint::Rule::UnusedAllow; });
    findings = std::move(kept);
  }

  std::map<const ProjectFile*, std::vector<Note>> notes;
  const auto add = [&](Span span, Note note, const std::vector<Edit>& fix) {
    const auto place = PlaceOf(span);
    if (place.file == nullptr) return;
    note.range = place.range;
    for (const auto& edit : fix) {
      const auto where = PlaceOf(edit.span);
      if (where.file == place.file) note.fix.push_back({.range = where.range, .text = edit.text});
    }
    notes[place.file].push_back(std::move(note));
  };
  const auto add_diagnostic = [&](const Diagnostic& each) {
    add(each.span,
        {.level = LevelOf(each.code), .code = std::string(CodeName(each.code)), .message = each.message, .help = each.help}, {});
  };
  for (const auto* diagnostics : {&schema_diagnostics_, &set_diagnostics_}) std::ranges::for_each(*diagnostics, add_diagnostic);
  for (const auto& [path, file] : files_) {
    for (const auto& piece : file.pieces) std::ranges::for_each(piece->diagnostics, add_diagnostic);
  }
  for (const auto& each : findings) {
    add(each.span,
        {.level = each.level,
         .code = std::string(lint::RowOf(each.rule).code),
         .message = each.message,
         .help = each.help,
         .is_finding = true},
        each.fix);
  }
  std::vector<const ProjectFile*> changed;
  for (auto& [path, file] : files_) {
    auto& now = notes[&file];
    std::ranges::stable_sort(now, {}, [](const Note& note) {
      return std::tuple(note.range.begin, note.range.end, note.is_finding, note.code, note.message);
    });
    if (now == file.notes) continue;
    file.notes = std::move(now);
    changed.push_back(&file);
  }
  return changed;
}

}  // namespace remit::lsp
