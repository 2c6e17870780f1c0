#include "compiler/lsp/project.h"

#include <algorithm>
#include <set>

#include "compiler/check/check.h"
#include "compiler/check/walk.h"
#include "compiler/driver/packs.h"
#include "compiler/schema/resolve.h"
#include "compiler/schema/schema.h"

namespace remit::lsp {
namespace {

auto HasError(const std::vector<Diagnostic>& diagnostics) -> bool {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& each) { return CodeSeverity(each.code) == Severity::Error; });
}

}  // namespace

Project::~Project() = default;

auto Project::context(DiagnosticSink& sink) -> ParseContext {
  return {.sources = job_->sources, .interner = job_->interner, .sink = sink, .limits = job_->limits};
}

auto Project::PieceText(const Piece& piece) const -> std::string_view { return job_->sources.file(piece.file).text(); }

auto Project::view() const -> const check::SchemaView* { return bare_ ? &bare_->schema() : nullptr; }

// ---- files -------------------------------------------------------------------------------------------------------------------

void Project::SetFile(const std::string& path, FileKind kind, const TextDocument* document) {
  auto& file = files_[path];
  is_schema_changed_ = is_schema_changed_ || kind != FileKind::Policies || file.kind != kind;
  file.path = path;
  file.kind = kind;
  file.document = document;
  file.is_changed = true;
  is_changed_ = true;
}

void Project::RemoveFile(const std::string& path) {
  const auto it = files_.find(path);
  if (it == files_.end()) return;
  const auto [first, last] = StatementsOf(it->second);
  job_->ast.statements.erase(job_->ast.statements.begin() + first, job_->ast.statements.begin() + last);
  for (const auto& piece : it->second.pieces) piece_of_[piece->file.value] = nullptr;
  is_schema_changed_ = is_schema_changed_ || it->second.kind != FileKind::Policies;
  files_.erase(it);
  is_changed_ = true;
}

void Project::SetSettings(Settings settings) {
  settings_ = std::move(settings);
  is_schema_changed_ = is_changed_ = true;
}

auto Project::FindFile(const std::string& path) const -> const ProjectFile* {
  const auto it = files_.find(path);
  return it == files_.end() ? nullptr : &it->second;
}

void Project::Forget() {
  bare_.reset();
  schema_.reset();
  schema_of_.clear();
  schema_diagnostics_.clear();
  schema_allowances_.clear();
  states_.clear();
  ids_.clear();
  sorted_ids_.clear();
  set_diagnostics_.clear();
  set_findings_.clear();
  piece_of_.clear();
  shipped_.clear();
  shipped_diagnostics_.clear();
  job_ = std::make_unique<CompileJob>();
  for (auto& [path, file] : files_) {
    file.pieces.clear();
    file.is_changed = true;
  }
}

// ---- up to date --------------------------------------------------------------------------------------------------------------

auto Project::Analyze() -> std::vector<const ProjectFile*> {
  if (!is_changed_) return {};
  is_changed_ = false;
  // What is no longer in any text stays in the tree, the interner and the sources until everything is read again.
  const auto size = job_->ast.exprs.size() + job_->sources.size();
  const bool is_wasteful = size > 4 * first_size_ + 200'000;
  const bool reads_all = is_schema_changed_ || is_wasteful;
  if (reads_all) {
    Forget();
    ReadSchema();
    ReadOutside();
  }
  uint32_t statement = 0;
  for (auto& [path, file] : files_) {
    if (file.kind == FileKind::Policies && std::exchange(file.is_changed, false)) CutFile(file, statement);
    for (const auto& piece : file.pieces) statement += piece->statements;
  }
  NumberOutside();
  CheckWholeSet();
  MarkDependents();
  CheckStale();
  if (reads_all) first_size_ = job_->ast.exprs.size() + job_->sources.size();
  is_schema_changed_ = false;
  return CollectNotes();
}

void Project::ReadSchema() {
  DiagnosticSink sink(kMostDiagnostics);
  auto parsing = context(sink);
  ProjectSchema schema;
  std::vector<FileId> ids;
  for (auto& [path, file] : files_) {
    if (file.kind != FileKind::Schema) continue;
    file.is_changed = false;
    file.schema_file = job_->sources.Add(path, std::string(file.document->text()));
    schema_of_[file.schema_file] = &file;
    ids.push_back(file.schema_file);
    if (auto fragment = ReadSchemaFragment(file.schema_file, parsing)) schema.fragments.push_back(std::move(*fragment));
  }
  const auto own = schema.fragments.size();
  for (const auto& name : settings_.shipped_schemas) {
    ids.push_back(job_->sources.Add(name, std::string(BuiltinSchema(name).value_or(""))));
    if (auto fragment = ReadSchemaFragment(ids.back(), parsing)) schema.fragments.push_back(std::move(*fragment));
  }
  has_schema_files_ = !ids.empty();
  if (has_schema_files_ && schema.fragments.size() == ids.size()) {
    if (auto resolved = ResolveSchema(schema.fragments, parsing)) {
      CompleteBuiltins(*resolved, settings_.shipped_schemas, job_->interner);
      schema.schema = std::move(*resolved);
      const auto shipped = schema.fragments.begin() + static_cast<ptrdiff_t>(own);
      schema.shipped.assign(std::make_move_iterator(shipped), std::make_move_iterator(schema.fragments.end()));
      schema.fragments.erase(shipped, schema.fragments.end());
      schema_ = std::move(schema);
      DiagnosticSink unheard(0);
      bare_ = std::make_unique<check::TypedPolicySet>(no_statements_, no_ids_, schema_->schema, job_->sources, job_->interner,
                                                      settings_.check, unheard);
      const lint::LintInput input = {.ast = no_statements_, .ids = no_ids_, .sources = job_->sources, .interner = job_->interner};
      std::vector<lint::Finding> findings;
      const lint::LintContext lint(input, settings_.levels, findings);
      schema_allowances_ = lint::CollectAllowances(lint, ids);
    }
  }
  schema_diagnostics_ = sink.diagnostics();
}

// Pieces that begin and end a file as before keep what is known of them.
void Project::CutFile(ProjectFile& file, uint32_t first_statement) {
  const auto text = file.document->text();
  const auto ranges = CutText(text, job_->limits);
  auto& old = file.pieces;
  const auto is_same = [&](const Piece& piece, TextRange range) {
    return PieceText(piece) == text.substr(range.begin, range.end - range.begin);
  };
  const size_t most = std::min(old.size(), ranges.size());
  size_t head = 0;
  while (head < most && is_same(*old[head], ranges[head])) ++head;
  size_t tail = 0;
  while (tail < most - head && is_same(*old[old.size() - 1 - tail], ranges[ranges.size() - 1 - tail])) ++tail;

  auto& statements = job_->ast.statements;
  uint32_t at = first_statement;
  for (size_t i = 0; i < head; ++i) at += old[i]->statements;
  uint32_t gone = 0;
  for (size_t i = head; i < old.size() - tail; ++i) {
    gone += old[i]->statements;
    piece_of_[old[i]->file.value] = nullptr;
  }
  statements.erase(statements.begin() + at, statements.begin() + at + gone);
  const auto end = statements.size();

  std::vector<std::unique_ptr<Piece>> fresh;
  for (size_t i = head; i < ranges.size() - tail; ++i) {
    auto& piece = fresh.emplace_back(std::make_unique<Piece>());
    piece->owner = &file;
    piece->file = job_->sources.Add(file.path, std::string(text.substr(ranges[i].begin, ranges[i].end - ranges[i].begin)));
    piece_of_.resize(job_->sources.size());
    piece_of_[piece->file.value] = piece.get();
    ReadPiece(*piece);
  }
  std::rotate(statements.begin() + at, statements.begin() + static_cast<ptrdiff_t>(end), statements.end());
  const auto first = old.begin() + static_cast<ptrdiff_t>(head);
  const auto where = old.erase(first, old.end() - static_cast<ptrdiff_t>(tail));
  old.insert(where, std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
  for (size_t i = 0; i < ranges.size(); ++i) old[i]->range = ranges[i];
}

// Appends its statements to the tree.
void Project::ReadPiece(Piece& piece) {
  DiagnosticSink unheard(0);  // reported when it is checked
  auto parsing = context(unheard);
  const auto first = static_cast<uint32_t>(job_->ast.statements.size());
  ParsePolicies(piece.file, parsing, job_->ast);
  piece.statements = static_cast<uint32_t>(job_->ast.statements.size()) - first;
  FindDependencies(piece, first);
}

void Project::FindDependencies(Piece& piece, uint32_t first_statement) {
  const auto& ast = job_->ast;
  std::set<StateName> reads;
  for (uint32_t i = first_statement; i < first_statement + piece.statements; ++i) {
    const auto& statement = ast.statements[i];
    if (const auto* budget = std::get_if<ast::Budget>(&statement.body)) piece.declares.push_back({ast::StateKind::Budget, budget->name});
    if (const auto* breaker = std::get_if<ast::Breaker>(&statement.body))
      piece.declares.push_back({ast::StateKind::Breaker, breaker->name});
    check::VisitExprs(ast, check::RootsOf(statement), [&](ast::ExprId, const ast::Expr& expr) {
      if (const auto* read = std::get_if<ast::StateRead>(&expr.node)) reads.insert({read->state, read->name});
      if (const auto* has = std::get_if<ast::StateHas>(&expr.node)) reads.insert({has->state, has->name});
    });
    const auto* test = std::get_if<ast::Test>(&statement.body);
    if (test == nullptr) continue;
    for (const auto& step : test->steps) {
      if (const auto* expect = std::get_if<ast::TestExpect>(&step.step)) {
        for (const auto id : expect->by) piece.expected_ids.emplace_back(job_->interner.text(id));
      }
      if (const auto* expect = std::get_if<ast::TestExpectBudget>(&step.step)) reads.insert({ast::StateKind::Budget, expect->budget});
      const auto* settle = std::get_if<ast::TestSettle>(&step.step);
      if (settle == nullptr || !settle->actual.has_value()) continue;
      if (const auto* record = std::get_if<ast::RecordLit>(&ast.expr(settle->actual).node)) {
        for (const auto& entry : record->entries) reads.insert({ast::StateKind::Budget, entry.key});
      }
    }
  }
  piece.reads.assign(reads.begin(), reads.end());
}

// What is read under a name is what declares it, and what that reads in turn.
void Project::MarkDependents() {
  std::map<StateName, std::vector<FileId>> states;
  const auto pieces_of_all = AllPieces();
  for (const auto* piece : pieces_of_all) {
    for (const auto& name : piece->declares) states[name].push_back(piece->file);
  }
  std::set<StateName> changed;
  bool names_changed = false;
  for (const auto& [name, pieces] : states) {
    const auto it = states_.find(name);
    if (it == states_.end() || it->second != pieces) changed.insert(name);
    names_changed = names_changed || it == states_.end();
  }
  for (const auto& [name, pieces] : states_) {
    if (!states.contains(name)) changed.insert(name), names_changed = true;
  }
  states_ = std::move(states);
  for (size_t before = SIZE_MAX; !changed.empty() && before != changed.size();) {
    before = changed.size();
    for (const auto& [name, pieces] : states_) {
      const bool reads_changed = std::ranges::any_of(pieces, [&](FileId file) {
        return std::ranges::any_of(piece_of_[file.value]->reads, [&](const StateName& each) { return changed.contains(each); });
      });
      if (reads_changed) changed.insert(name);
    }
  }

  auto ids = ids_;
  std::ranges::sort(ids);
  const auto old_ids = std::exchange(sorted_ids_, std::move(ids));
  const bool ids_changed = old_ids != sorted_ids_;
  const auto was_known = [&](const std::string& id) { return std::ranges::binary_search(old_ids, id); };
  const auto is_known = [&](const std::string& id) { return std::ranges::binary_search(sorted_ids_, id); };
  for (auto* piece : pieces_of_all) {
    // The names there are stand in the help about one that is not.
    piece->is_stale = piece->is_stale || std::ranges::any_of(piece->reads, [&](const StateName& each) {
                        return changed.contains(each) || (names_changed && !states_.contains(each));
                      });
    piece->is_stale =
        piece->is_stale ||
        (ids_changed && std::ranges::any_of(piece->expected_ids, [&](const std::string& id) { return !was_known(id) || !is_known(id); }));
  }
}

auto Project::HasErrors() const -> bool {
  if (HasError(schema_diagnostics_) || HasError(set_diagnostics_) || has_schema_files_ != schema_.has_value()) return true;
  const auto pieces = AllPieces();
  return std::ranges::any_of(pieces, &Piece::has_errors) ||
         std::ranges::any_of(files_, [](const auto& entry) { return HasError(entry.second.diagnostics); });
}

// ---- places ------------------------------------------------------------------------------------------------------------------

auto Project::PlaceOf(Span span) const -> Place {
  if (!span.has_place()) return {};
  if (span.file.value < piece_of_.size() && piece_of_[span.file.value] != nullptr) {
    const auto& piece = *piece_of_[span.file.value];
    return {.file = piece.owner, .range = {.begin = piece.range.begin + span.begin, .end = piece.range.begin + span.end}};
  }
  const auto it = schema_of_.find(span.file);
  if (it == schema_of_.end()) return {};
  return {.file = it->second, .range = {.begin = span.begin, .end = span.end}};
}

auto Project::StatementsOf(const ProjectFile& wanted) const -> std::pair<uint32_t, uint32_t> {
  uint32_t first = 0;
  for (const auto& [path, file] : files_) {
    uint32_t count = 0;
    for (const auto& piece : file.pieces) count += piece->statements;
    if (&file == &wanted) return {first, first + count};
    first += count;
  }
  return {first, first};
}

auto Project::StatementAt(const ProjectFile& file, uint32_t offset) const -> std::optional<uint32_t> {
  const auto [first, last] = StatementsOf(file);
  for (uint32_t i = first; i < last; ++i) {
    const auto place = PlaceOf(job_->ast.statements[i].span);
    if (place.range.begin <= offset && offset <= place.range.end) return i;
  }
  return std::nullopt;
}

}  // namespace remit::lsp
