// What belongs to a project and is in no text that an editor shows statement by statement: packs that are shipped, policies and links as JSON.
//
// It is read with the schema and only then, because it hardly changes; shipped statements are pieces like others, so that what they declare can be read and
// what they read be checked again. What is wrong has no place in a text: it is told of the JSON file, or of the name in the project file.
#include <algorithm>

#include "compiler/check/check.h"
#include "compiler/driver/packs.h"
#include "compiler/est/est.h"
#include "compiler/lsp/project.h"

namespace remit::lsp {
namespace {

auto HasTemplate(const ast::Ast& ast, uint32_t first, uint32_t count) -> bool {
  return std::any_of(ast.statements.begin() + first, ast.statements.begin() + first + count, [](const ast::Statement& each) {
    const auto* policy = std::get_if<ast::Policy>(&each.body);
    return policy != nullptr && ast::IsTemplate(*policy);
  });
}

}  // namespace

void Project::ReadOutside() {
  outside_ids_.clear();
  ReadShipped();
  for (auto& [path, file] : files_) {
    file.diagnostics.clear();
    if (file.kind == FileKind::JsonPolicies || file.kind == FileKind::Links) ReadJson(file);
  }
  outside_ids_ = std::move(job_->ast.explicit_ids);
  outside_ids_.resize(job_->ast.statements.size());
}

void Project::ReadShipped() {
  shipped_.clear();
  for (const auto& name : settings_.shipped_policies) {
    const auto text = BuiltinPolicies(name);
    if (!text) continue;
    for (const auto range : CutText(*text, job_->limits)) {
      auto& piece = shipped_.emplace_back(std::make_unique<Piece>());
      piece->range = range;
      piece->file = job_->sources.Add(name, std::string(text->substr(range.begin, range.end - range.begin)));
      piece_of_.resize(job_->sources.size());
      piece_of_[piece->file.value] = piece.get();
      ReadPiece(*piece);
    }
  }
}

// Appends its statements and links to the tree. Its policies are checked here: they read no budgets, and no text changes what they are.
void Project::ReadJson(ProjectFile& file) {
  file.is_changed = false;
  const std::string json(file.document->text());
  DiagnosticSink sink(kMostDiagnostics);
  auto parsing = context(sink);
  if (file.kind == FileKind::Links) {
    LinksFromJson(json, parsing, job_->ast);
  } else if (PolicySetFromJson(json, parsing, job_->ast) && schema_) {
    DiagnosticSink unheard(0);
    auto again = context(unheard);
    ast::Ast alone;
    PolicySetFromJson(json, again, alone);
    alone.links.clear();
    const auto ids = AssignIds(alone, job_->interner, ast::IdConvention::Remit);
    const check::TypedPolicySet typed(alone, ids, schema_->schema, job_->sources, job_->interner, settings_.check, sink);
  }
  file.diagnostics = sink.diagnostics();
}

// Texts give no ids from outside, so that only those at the end have any.
void Project::NumberOutside() {
  auto& ids = job_->ast.explicit_ids;
  ids.assign(job_->ast.statements.size() - outside_ids_.size(), SymbolId{});
  ids.insert(ids.end(), outside_ids_.begin(), outside_ids_.end());
}

// Whether links go with the schema is found with their templates, and told last: what is told without links is told of the templates elsewhere.
void Project::CheckLinkTypes() {
  if (job_->ast.links.empty() || !schema_) return;
  DiagnosticSink unheard(0);
  auto parsing = context(unheard);
  ast::Ast templates;
  std::vector<std::string> ids;
  uint32_t first = 0;
  for (const auto* piece : AllPieces()) {
    if (HasTemplate(job_->ast, first, piece->statements)) {
      ParsePolicies(piece->file, parsing, templates);
      ids.insert(ids.end(), ids_.begin() + first, ids_.begin() + first + piece->statements);
    }
    first += piece->statements;
  }
  for (const auto& [path, file] : files_) {
    if (file.kind != FileKind::JsonPolicies) continue;
    const auto before = templates.statements.size();
    PolicySetFromJson(file.document->text(), parsing, templates);
    const auto count = templates.statements.size() - before;
    ids.insert(ids.end(), ids_.begin() + first, ids_.begin() + first + static_cast<ptrdiff_t>(count));
    first += static_cast<uint32_t>(count);
  }
  const auto found = [&] {
    DiagnosticSink sink(kMostDiagnostics);
    const check::TypedPolicySet typed(templates, ids, schema_->schema, job_->sources, job_->interner, settings_.check, sink);
    return sink.diagnostics();
  };
  templates.links.clear();
  const auto without = found().size();
  templates.links = job_->ast.links;
  const auto with = found();
  set_diagnostics_.insert(set_diagnostics_.end(), with.begin() + static_cast<ptrdiff_t>(without), with.end());
}

auto Project::AllPieces() const -> std::vector<Piece*> {
  std::vector<Piece*> all;
  for (const auto& [path, file] : files_) {
    for (const auto& piece : file.pieces) all.push_back(piece.get());
  }
  for (const auto& piece : shipped_) all.push_back(piece.get());
  return all;
}

}  // namespace remit::lsp
