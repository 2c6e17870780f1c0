#include "compiler/coverage/recorder.h"

#include <algorithm>

#include "compiler/check/walk.h"
#include "compiler/coverage/points.h"
#include "runtime/eval/scope.h"

namespace remit::coverage {
namespace {

auto Contains(Span outer, uint32_t file, uint32_t begin, uint32_t end) -> bool {
  return outer.has_place() && outer.file.value == file && outer.begin <= begin && end <= outer.end;
}

auto StartOf(Span span) -> std::pair<uint32_t, uint32_t> { return {span.file.value, span.begin}; }

}  // namespace

auto Recorder::PlaceHash::operator()(const Place& place) const -> size_t {
  return std::hash<uint64_t>{}(((uint64_t{place.begin} << 32) | place.end) + place.file * uint64_t{0x9e3779b97f4a7c15});
}

Recorder::Recorder(const ast::Ast& ast, const std::vector<std::string>& ids, const ir::Program& program, const Interner& interner)
    : program_(program), interner_(interner) {
  for (size_t i = 0; i < ast.statements.size(); ++i) {
    if (IsCovered(ast.statements[i])) AddStatement(ast, ast.statements[i], ids[i]);
  }
  FindRows();
  FindPlaces();
}

void Recorder::AddStatement(const ast::Ast& ast, const ast::Statement& statement, const std::string& id) {
  StatementCoverage entry = {.id = id,
                             .keyword = std::string(ast::StatementKeyword(statement)),
                             .span = statement.span,
                             .clauses = ClausesOf(ast, statement),
                             .branches = BranchesOf(ast, statement)};
  effect_clauses_.push_back(kNone);
  if (auto clause = EffectClauseOf(statement)) {
    effect_clauses_.back() = static_cast<uint32_t>(entry.clauses.size());
    entry.clauses.push_back(*std::move(clause));
  }
  has_conditions_.push_back(!check::ConditionsOf(statement)->empty());
  by_place_.push_back(static_cast<uint32_t>(coverage_.size()));
  coverage_.push_back(std::move(entry));
}

// Links count for their templates. Policies without conditions share one body, which tells nothing of any of them.
void Recorder::FindRows() {
  std::unordered_map<std::string_view, uint32_t> by_id;
  for (uint32_t i = 0; i < coverage_.size(); ++i) by_id.emplace(coverage_[i].id, i);
  for (const auto& row : program_.policies) {
    const auto found = by_id.find(interner_.text(row.template_id.has_value() ? row.template_id : row.id));
    const uint32_t statement = found == by_id.end() ? kNone : found->second;
    statement_of_row_.push_back(statement);
    if (statement != kNone && has_conditions_[statement]) statement_of_body_[&program_.bodies[row.body]] = statement;
  }
}

void Recorder::FindPlaces() {
  std::ranges::sort(by_place_, {}, [&](uint32_t statement) { return StartOf(coverage_[statement].span); });
  Places all;
  Places decided;  // by an operation that may come to one thing or another
  for (const auto& body : program_.bodies) {
    for (size_t i = 0; i < body.places.size(); ++i) {
      const auto& [file, begin, end] = body.places[i];
      if (!body.places[i].has_file() || !ir::GetOp(body.code[i].op).uses('d')) continue;
      all.insert({.file = file, .begin = begin, .end = end});
      if (body.code[i].op != ir::Op::Const) decided.insert({.file = file, .begin = begin, .end = end});
    }
  }
  DropUndecided(decided);
  for (const auto& place : all) {
    if (const Use use = UseOf(place); use.statement != kNone) uses_.emplace(place, use);
  }
}

// Conditions that are constants, such as `true`, go one way only.
void Recorder::DropUndecided(const Places& decided) {
  for (auto& statement : coverage_) {
    std::erase_if(statement.branches, [&](const Branch& branch) {
      return !decided.contains({.file = branch.span.file.value, .begin = branch.span.begin, .end = branch.span.end});
    });
  }
}

auto Recorder::UseOf(const Place& place) const -> Use {
  const auto start = [&](uint32_t statement) { return StartOf(coverage_[statement].span); };
  const auto after = std::ranges::upper_bound(by_place_, std::pair(place.file, place.begin), {}, start);
  if (after == by_place_.begin()) return {};
  const uint32_t index = *std::prev(after);
  const auto& statement = coverage_[index];
  if (!Contains(statement.span, place.file, place.begin, place.end)) return {};
  Use use = {.statement = index};
  for (uint32_t i = 0; i < statement.clauses.size(); ++i) {
    if (i != effect_clauses_[index] && Contains(statement.clauses[i].span, place.file, place.begin, place.end)) use.clause = i;
  }
  const auto branch = std::ranges::lower_bound(statement.branches, place.begin, {}, [](const Branch& one) { return one.span.begin; });
  for (auto it = branch; it != statement.branches.end() && it->span.begin == place.begin; ++it) {
    if (it->span.end == place.end) use.branch = static_cast<uint32_t>(it - statement.branches.begin());
  }
  return use;
}

void Recorder::Begin(const ir::Body& body) {
  body_ = &body;
  touched_.clear();
}

void Recorder::Ran(const ir::SourcePlace& place, const Value& written) {
  if (!place.has_file()) return;
  const auto found = uses_.find({.file = place.file, .begin = place.begin, .end = place.end});
  if (found == uses_.end()) return;
  touched_.push_back({.use = found->second, .value = written.is(Kind::Bool) ? std::optional(written.as_bool()) : std::nullopt});
}

void Recorder::Finish(End end, const ir::SourcePlace& place) {
  if (end == End::Failed && place.has_file()) {
    // A condition that failed half-way came to nothing, whatever its first half said.
    std::erase_if(touched_, [&](const Touched& touched) {
      if (touched.use.branch == kNone) return false;
      return Contains(coverage_[touched.use.statement].branches[touched.use.branch].span, place.file, place.begin, place.end);
    });
  }
  CommitTouched();
  const auto found = statement_of_body_.find(body_);
  if (found == statement_of_body_.end()) return;
  auto& statement = coverage_[found->second];
  ++statement.evaluated;
  if (end == End::Satisfied) ++statement.satisfied;
}

// Each clause once. Of a condition that takes several operations the last one has its value.
void Recorder::CommitTouched() {
  std::unordered_set<uint64_t> seen;
  const auto is_new = [&](const Use& use, uint32_t position, uint64_t what) {
    return position != kNone && seen.insert((uint64_t{use.statement} << 32) | (uint64_t{position} << 1) | what).second;
  };
  for (size_t i = touched_.size(); i-- > 0;) {
    const auto& [use, value] = touched_[i];
    auto& statement = coverage_[use.statement];
    if (is_new(use, use.clause, 0)) ++statement.clauses[use.clause].hits;
    if (is_new(use, use.branch, 1) && value)
      ++(*value ? statement.branches[use.branch].was_true : statement.branches[use.branch].was_false);
  }
  touched_.clear();
}

void Recorder::Decided(std::span<const Request> requests, const EntityStore& entities, const Decision& decision) {
  std::unordered_set<uint32_t> matched;
  for (uint32_t row = 0; decision.quarantined.empty() && row < program_.policies.size(); ++row) {
    const uint32_t statement = statement_of_row_[row];
    if (statement == kNone || has_conditions_[statement]) continue;
    const auto matches = [&](const Request& request) { return eval::MatchesScope(program_.policies[row], request, entities); };
    if (std::ranges::any_of(requests, matches)) matched.insert(statement);
  }
  for (const uint32_t statement : matched) {
    ++coverage_[statement].evaluated;
    ++coverage_[statement].satisfied;
  }
  for (const uint32_t row : decision.determining) {
    const uint32_t statement = statement_of_row_[row];
    if (statement == kNone || effect_clauses_[statement] == kNone) continue;
    ++coverage_[statement].clauses[effect_clauses_[statement]].hits;
  }
}

}  // namespace remit::coverage
