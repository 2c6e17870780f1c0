// What is found in all statements together, and everything that was found as an editor is told it.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "compiler/check/cycles.h"
#include "compiler/driver/check.h"
#include "compiler/driver/packs.h"
#include "compiler/lint/passes.h"
#include "compiler/lsp/project.h"

namespace remit::lsp {
namespace {

auto LevelOf(DiagnosticCode code) -> lint::Level {
  switch (CodeSeverity(code)) {
    case Severity::Error: return lint::Level::Error;
    case Severity::Warning: return lint::Level::Warning;
  }
  return lint::Level::Error;
}

auto NoteOf(const Diagnostic& each) -> Note {
  return {.level = LevelOf(each.code), .code = std::string(CodeName(each.code)), .message = each.message, .help = each.help};
}

auto NoteOf(const lint::Finding& each) -> Note {
  return {.level = each.level,
          .code = std::string(lint::RowOf(each.rule).code),
          .message = each.message,
          .help = each.help,
          .is_finding = true};
}

}  // namespace

// Ids first: what tests are checked with.
void Project::CheckWholeSet() {
  job_->sink = DiagnosticSink(kMostDiagnostics);
  ids_ = StatementIds(*job_, ast::IdConvention::Remit);
  CheckLinks(*job_, ids_);
  const check::StateTable states(job_->ast);
  check::ReportStateMistakes(job_->ast, states, job_->interner, job_->sink);
  set_diagnostics_ = job_->sink.diagnostics();
  CheckLinkTypes();
}

// Findings of the pieces and of all statements together, but those that a comment allows.
auto Project::CollectFindings() const -> std::vector<lint::Finding> {
  lint::LintInput input = {.ast = job_->ast, .ids = ids_, .sources = job_->sources, .interner = job_->interner, .typed = bare_.get()};
  if (schema_) input.fragments = &schema_->fragments;
  std::vector<lint::Finding> findings;
  std::vector<lint::Allowance> allowances = schema_allowances_;
  for (const auto& [path, file] : files_) {
    for (const auto& piece : file.pieces) {
      findings.insert(findings.end(), piece->findings.begin(), piece->findings.end());
      allowances.insert(allowances.end(), piece->allowances.begin(), piece->allowances.end());
    }
  }
  lint::LintContext lint(input, settings_.levels, findings);
  // Rules that compare statements would say of one what another one, which cannot be read just now, will refute in a moment. For the same reason
  // nobody knows then what no allowance is needed for.
  const bool is_whole = !HasErrors();
  if (is_whole) {
    for (const auto pass : {lint::LintReach, lint::LintWidth, lint::LintNames, lint::LintBudgets, lint::LintSchema, lint::LintTests})
      pass(lint);
  }
  const auto owner = [&](FileId file) { return PlaceOf({.file = file}).file; };
  lint::ApplyAllowances(allowances, lint, findings, [&](FileId a, FileId b) { return owner(a) == owner(b); });
  if (!is_whole) std::erase_if(findings, [](const lint::Finding& each) { return each.rule == lint::Rule::UnusedAllow; });
  return findings;
}

namespace {

// Of what stands in no text: the pointer takes the place of a range. Policies that are text in JSON are named by theirs.
auto OutsideNote(const Diagnostic& each, const SourceManager& sources) -> Note {
  auto note = NoteOf(each);
  const auto pointer = each.span.has_place() ? sources.file(each.span.file).name() : each.pointer;
  if (!pointer.empty()) note.message += fmt::format(" (at `{}`)", pointer);
  return note;
}

// Where links, or else the policies that are JSON, come from: what is wrong with how they fit.
auto OutsideFile(const std::map<std::string, ProjectFile>& files) -> const ProjectFile* {
  for (const auto kind : {FileKind::Links, FileKind::JsonPolicies}) {
    const auto it = std::ranges::find_if(files, [&](const auto& entry) { return entry.second.kind == kind; });
    if (it != files.end()) return &it->second;
  }
  return nullptr;
}

}  // namespace

auto Project::CollectNotes() -> std::vector<const ProjectFile*> {
  std::map<const ProjectFile*, std::vector<Note>> notes;
  shipped_diagnostics_.clear();
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
  const auto* outside = OutsideFile(files_);
  const auto add_all = [&](const std::vector<Diagnostic>& diagnostics) {
    for (const auto& each : diagnostics) {
      const bool is_shipped = each.span.has_place() && IsBuiltinName(job_->sources.file(each.span.file).name());
      if (is_shipped) {
        shipped_diagnostics_.emplace(job_->sources.file(each.span.file).name(), each);
      } else if (PlaceOf(each.span).file != nullptr) {
        add(each.span, NoteOf(each), {});
      } else if (outside != nullptr) {
        notes[outside].push_back(OutsideNote(each, job_->sources));
      }
    }
  };
  add_all(schema_diagnostics_);
  add_all(set_diagnostics_);
  for (const auto* piece : AllPieces()) add_all(piece->diagnostics);
  for (const auto& [path, file] : files_) {
    for (const auto& each : file.diagnostics) notes[&file].push_back(OutsideNote(each, job_->sources));
  }
  for (const auto& each : CollectFindings()) add(each.span, NoteOf(each), each.fix);

  std::vector<const ProjectFile*> changed;
  for (auto& [path, file] : files_) {
    auto& now = notes[&file];
    std::ranges::stable_sort(now, {}, [](const Note& note) {
      return std::tuple(note.range.begin, note.range.end, note.is_finding, std::string_view(note.code), std::string_view(note.message));
    });
    if (now == file.notes) continue;
    file.notes = std::move(now);
    changed.push_back(&file);
  }
  return changed;
}

}  // namespace remit::lsp
