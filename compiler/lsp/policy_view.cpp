#include "compiler/lsp/policy_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/walk.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

auto TextOf(const ProjectFile& file) -> std::string_view { return file.document->text(); }

// The last word or string of a range that spells `name`: what an attribute access ends in.
auto LastNamed(std::string_view text, TextRange range, std::string_view name) -> std::optional<std::pair<TextRange, bool>> {
  const auto tokens = Tokenize(text.substr(range.begin, range.end - range.begin));
  for (size_t i = tokens.size(); i-- > 0;) {
    const auto& token = tokens[i];
    const bool is_string = token.kind == TokenKind::String;
    if (!is_string && token.kind != TokenKind::Word) continue;
    if ((is_string ? TextOfString(token.text) : std::string(token.text)) != name) continue;
    return std::pair(TextRange{.begin = range.begin + token.begin, .end = range.begin + token.end}, is_string);
  }
  return std::nullopt;
}

}  // namespace

PolicyView::PolicyView(Project& project) : project_(project) {
  if (project.schema() != nullptr) index_.emplace(*project.schema(), project.job().interner);
}

auto PolicyView::KeyOf(const schema_ast::Attribute& attribute) const -> std::string {
  const auto place = project_.PlaceOf(attribute.name.span);
  if (place.file != nullptr) return fmt::format("attribute:{}:{}", place.file->path, place.range.begin);
  return fmt::format("attribute:{}:{}", attribute.name.span.file.value, attribute.name.span.begin);  // shipped
}

auto PolicyView::SubjectsOfStatement(uint32_t statement) const -> Subjects {
  const auto* scope = check::ScopeOf(project_.ast().statements[statement]);
  if (!index_ || scope == nullptr) return {};
  return SubjectsOf(*scope, *view(), *index_);
}

// ---- names in a file -----------------------------------------------------------------------------------------------------------

auto PolicyView::OccurrencesIn(const ProjectFile& file) const -> std::vector<Occurrence> {
  std::vector<Occurrence> found;
  switch (file.kind) {
    case FileKind::Policies:
      FromMarks(file, found);
      if (index_) FromTrees(file, found);
      break;
    case FileKind::Schema: FromSchema(file, found); break;
    case FileKind::JsonPolicies:
    case FileKind::Links:
    case FileKind::Settings: break;
  }
  return found;
}

auto PolicyView::OccurrencesOf(const std::string& key) const -> std::vector<Occurrence> {
  std::vector<Occurrence> all;
  for (const auto& [path, file] : project_.files()) {
    for (auto& each : OccurrencesIn(file)) {
      if (each.key == key) all.push_back(std::move(each));
    }
  }
  return all;
}

auto PolicyView::At(const ProjectFile& file, uint32_t offset) const -> std::vector<Occurrence> {
  auto all = OccurrencesIn(file);
  std::erase_if(all, [&](const Occurrence& each) { return offset < each.range.begin || offset > each.range.end; });
  return all;
}

void PolicyView::FromMarks(const ProjectFile& file, std::vector<Occurrence>& found) const {
  for (const auto& mark : MarkPolicies(TextOf(file))) {
    const auto add = [&](std::string_view prefix, bool is_quoted) {
      found.push_back({.key = fmt::format("{}:{}", prefix, mark.name),
                       .file = &file,
                       .range = {.begin = mark.begin, .end = mark.end},
                       .is_declaration = mark.is_declaration,
                       .is_quoted = is_quoted});
    };
    if (mark.kind == MarkKind::Type) add("type", false);
    if (mark.kind == MarkKind::Action) add("action", true);
    if (mark.kind == MarkKind::EntityId) add("entity", true);
    if (mark.kind == MarkKind::StatementId) add("id", true);
    if (mark.kind == MarkKind::ExpectedId) add("id", true);
    if (mark.kind == MarkKind::Budget) add("budget", false);
    if (mark.kind == MarkKind::Breaker) add("breaker", false);
  }
  // A budget goes by its name where tests expect it.
  for (auto& each : found) {
    if (!each.key.starts_with("id:")) continue;
    const auto budget = "budget:" + each.key.substr(3);
    const auto is_budget = [&](const Piece& piece) {
      return std::ranges::any_of(piece.declares, [&](const StateName& name) {
        return name.kind == ast::StateKind::Budget && project_.job().interner.text(name.name) == std::string_view(each.key).substr(3);
      });
    };
    bool is_name = false;
    for (const auto& [path, other] : project_.files()) {
      is_name = is_name || std::ranges::any_of(other.pieces, [&](const auto& piece) { return is_budget(*piece); });
    }
    if (is_name && !each.is_declaration) each.key = budget;
  }
}

void PolicyView::AddFields(const std::vector<Field>& fields, const ProjectFile& file, TextRange range, bool is_quoted,
                           std::vector<Occurrence>& found) const {
  for (const auto& field : fields)
    found.push_back({.key = KeyOf(*field.declaration), .file = &file, .range = range, .is_quoted = is_quoted});
}

// Attributes, which only types can tell apart.
void PolicyView::FromTrees(const ProjectFile& file, std::vector<Occurrence>& found) const {
  const auto& ast = project_.ast();
  const auto text = TextOf(file);
  const auto [first, last] = project_.StatementsOf(file);
  for (uint32_t i = first; i < last; ++i) {
    const auto& statement = ast.statements[i];
    if (const auto* test = std::get_if<ast::Test>(&statement.body)) {
      FromTest(*test, file, found);
      continue;
    }
    const auto subjects = SubjectsOfStatement(i);
    const auto roots = check::RootsOf(statement);
    const ShapeFinder finder(ast, *index_, subjects, roots);
    const auto add = [&](Span span, SymbolId name, const Shapes& object) {
      const auto fields = index_->FieldsNamed(object, name);
      const auto place = project_.PlaceOf(span);
      if (fields.empty() || place.file != &file) return;
      if (const auto where = LastNamed(text, place.range, project_.job().interner.text(name))) {
        AddFields(fields, file, where->first, where->second, found);
      }
    };
    check::VisitExprs(ast, roots, [&](ast::ExprId, const ast::Expr& expr) {
      if (const auto* access = std::get_if<ast::GetAttr>(&expr.node)) add(expr.span, access->attr, finder.Of(access->object));
      const auto* has = std::get_if<ast::HasAttr>(&expr.node);
      if (has == nullptr) return;
      auto object = finder.Of(has->object);
      // Behind the object, so that `a has a` is two names.
      Span span = expr.span;
      for (const auto step : has->path) {
        const auto fields = index_->FieldsNamed(object, step);
        auto place = project_.PlaceOf(span);
        place.range.begin = std::max(place.range.begin, project_.PlaceOf(ast.expr(has->object).span).range.end);
        if (const auto where = LastNamed(text, place.range, project_.job().interner.text(step)); where && place.file == &file) {
          AddFields(fields, file, where->first, where->second, found);
        }
        object.clear();
        for (const auto& field : fields) Join(object, field.shapes);
      }
    });
  }
}

// The keys of a record literal, by the type that it must have.
void PolicyView::AddRecord(ast::ExprId id, const Shapes& shapes, const ProjectFile& file, std::vector<Occurrence>& found) const {
  if (!id.has_value()) return;
  const auto& expr = project_.ast().expr(id);
  const auto* record = std::get_if<ast::RecordLit>(&expr.node);
  if (record == nullptr) return;
  const auto text = TextOf(file);
  auto from = project_.PlaceOf(expr.span).range.begin;
  for (const auto& entry : record->entries) {
    const auto fields = index_->FieldsNamed(shapes, entry.key);
    const auto value = project_.PlaceOf(project_.ast().expr(entry.value).span).range;
    const TextRange before = {.begin = from, .end = value.begin};
    if (const auto where = LastNamed(text, before, project_.job().interner.text(entry.key))) {
      AddFields(fields, file, where->first, where->second, found);
    }
    Shapes inner;
    for (const auto& field : fields) Join(inner, field.shapes);
    AddRecord(entry.value, inner, file, found);
    from = value.end;
  }
}

void PolicyView::FromTest(const ast::Test& test, const ProjectFile& file, std::vector<Occurrence>& found) const {
  for (const auto& step : test.steps) {
    if (const auto* entity = std::get_if<ast::TestEntity>(&step.step)) {
      AddRecord(entity->attrs, {index_->EntityShape(entity->uid.type)}, file, found);
    }
    if (const auto* request = std::get_if<ast::TestRequest>(&step.step))
      AddRecord(request->context, index_->ContextOf(request->action), file, found);
  }
}

void PolicyView::FromSchema(const ProjectFile& file, std::vector<Occurrence>& found) const {
  if (!index_) return;
  const auto& interner = project_.job().interner;
  const auto add = [&](std::string key, Span span, bool is_declaration) {
    const auto place = project_.PlaceOf(span);
    if (place.file != &file) return;
    const bool is_quoted = TextOf(file).substr(place.range.begin).starts_with('"');
    found.push_back({.key = std::move(key), .file = &file, .range = place.range, .is_declaration = is_declaration, .is_quoted = is_quoted});
  };
  for (const auto& [name, entry] : index_->entities()) add("type:" + name, entry.span, true);
  for (const auto& [name, entry] : index_->actions()) add("action:" + name, entry.span, true);
  for (const auto& [name, entry] : index_->common_types()) add("common:" + name, entry.declaration->name.span, true);
  const auto add_type = [&](const schema_ast::Name& name, SymbolId space) {
    const auto text = interner.text(name.text);
    const auto common = index_->FullName(text, space, true);
    const auto entity = index_->FullName(text, space, false);
    if (!common.empty()) add("common:" + common, name.span, false);
    if (common.empty() && !entity.empty()) add("type:" + entity, name.span, false);
  };
  for (const auto& fragment : index_->fragments()) {
    for (const auto& space : fragment.namespaces) {
      const auto name_space = space.name.text;
      const auto walk = [&](auto&& self, schema_ast::TypeExprId id) -> void {
        if (!id.has_value()) return;
        const auto& node = fragment.type(id).node;
        if (const auto* named = std::get_if<schema_ast::NamedType>(&node)) add_type(named->name, name_space);
        if (const auto* set = std::get_if<schema_ast::SetType>(&node)) self(self, set->element);
        const auto* record = std::get_if<schema_ast::RecordType>(&node);
        for (size_t i = 0; record != nullptr && i < record->attributes.size(); ++i) {
          const auto& attribute = record->attributes[i];
          add(KeyOf(attribute), attribute.name.span, true);
          self(self, attribute.type);
        }
      };
      for (const auto& entity : space.entities) {
        for (const auto& parent : entity.parents) add_type(parent, name_space);
        walk(walk, entity.shape);
        walk(walk, entity.tags);
      }
      for (const auto& type : space.common_types) walk(walk, type.type);
      for (const auto& action : space.actions) {
        for (const auto& name : action.applies_to.principals) add_type(name, name_space);
        for (const auto& name : action.applies_to.resources) add_type(name, name_space);
        walk(walk, action.applies_to.context);
        for (const auto& parent : action.parents) {
          const auto uid = [&](std::string_view type) { return fmt::format("{}::{}", type, QuoteString(interner.text(parent.id))); };
          std::vector<std::string> candidates;
          if (parent.type.text.has_value()) {
            candidates.push_back(uid(interner.text(parent.type.text)));
          } else {
            if (name_space.has_value()) candidates.push_back(uid(fmt::format("{}::Action", interner.text(name_space))));
            candidates.push_back(uid("Action"));
          }
          for (const auto& each : candidates) {
            if (!index_->actions().contains(each)) continue;
            add("action:" + each, parent.span, false);
            break;
          }
        }
      }
    }
  }
}

// ---- half-written statements ---------------------------------------------------------------------------------------------------

auto PolicyView::ShapesOfText(std::string_view expression, const Subjects& subjects) const -> Shapes {
  if (!index_) return {};
  SourceManager sources;
  DiagnosticSink unheard(0);
  ParseContext context = {.sources = sources, .interner = project_.job().interner, .sink = unheard, .limits = {}};
  ast::Ast ast;
  const auto id = ParseExpression(sources.Add("", std::string(expression)), context, ast);
  if (!id.has_value()) return {};
  return ShapeFinder(ast, *index_, subjects, {id}).Of(id);
}

// By the scope of the statement around, if that is whole.
auto PolicyView::SubjectsAt(const ProjectFile& file, uint32_t offset) const -> Subjects {
  if (!index_) return {};
  const auto piece = std::ranges::find_if(file.pieces, [&](const auto& each) { return offset <= each->range.end; });
  if (piece == file.pieces.end()) return AllSubjects(*view(), *index_);
  const auto text = TextOf(file).substr((*piece)->range.begin, (*piece)->range.end - (*piece)->range.begin);
  const auto tokens = Tokenize(text);
  std::optional<uint32_t> open;
  bool has_keyword = false;
  for (const auto& token : tokens) {
    if (token.kind == TokenKind::Comment) continue;
    if (token.kind == TokenKind::Word && IsOneOf(token.text, StatementWords())) has_keyword = true;
    if (token.Is("(") && has_keyword && !open) open = token.begin;
    if (!token.Is(")") || !open || token.begin < *open) continue;
    SourceManager sources;
    DiagnosticSink unheard(0);
    ParseContext context = {.sources = sources, .interner = project_.job().interner, .sink = unheard, .limits = {}};
    ast::Ast ast;
    ParsePolicies(sources.Add("", fmt::format("permit {};", text.substr(*open, token.end - *open))), context, ast);
    if (ast.statements.empty()) break;
    return SubjectsOf(*check::ScopeOf(ast.statements[0]), *view(), *index_);
  }
  return AllSubjects(*view(), *index_);
}

}  // namespace remit::lsp
