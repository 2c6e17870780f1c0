#include "compiler/schema/sensitive.h"

#include <algorithm>
#include <set>

#include "compiler/schema/definitions.h"
#include "compiler/schema/type_builder.h"

namespace remit {
namespace {

using schema_ast::Annotation;
using schema_ast::Attribute;
using schema_ast::TypeExprId;

class Walk {
 public:
  Walk(const Definitions& definitions, Interner& interner)
      : definitions_(definitions), interner_(interner), sensitive_(interner.Intern("sensitive")) {}

  // What is declared by an expression, below `path`.
  void Add(const SensitivePath& path, TypeExprId type, SchemaPlace place, const std::vector<Annotation>& annotations) {
    if (!type.has_value()) return;
    if (IsSensitive(annotations)) return AddAll(path);
    path_ = path;
    steps_ = 0;
    found_.clear();
    if (Follow(type, place)) {
      paths_.insert(found_.begin(), found_.end());
    } else {
      AddAll(path);
    }
  }

  auto paths() const -> std::vector<SensitivePath> { return {paths_.begin(), paths_.end()}; }

 private:
  // Common types of common types double with each step; a schema that says anything is far below this.
  static constexpr size_t kMostSteps = 100'000;

  auto IsSensitive(const std::vector<Annotation>& annotations) const -> bool {
    return std::ranges::find(annotations, sensitive_, &Annotation::key) != annotations.end();
  }

  void AddAll(SensitivePath path) {
    path.emplace_back("*");
    paths_.insert(std::move(path));
  }

  // False: there is no end of it.
  auto Follow(TypeExprId id, SchemaPlace place) -> bool {
    if (++steps_ > kMostSteps) return false;
    const auto& node = place.fragment->type(id).node;
    if (const auto* set = std::get_if<schema_ast::SetType>(&node)) return Follow(set->element, place);
    if (const auto* record = std::get_if<schema_ast::RecordType>(&node)) return FollowRecord(*record, place);
    const auto* named = std::get_if<schema_ast::NamedType>(&node);
    return named == nullptr || FollowName(*named, place);
  }

  auto FollowRecord(const schema_ast::RecordType& record, SchemaPlace place) -> bool {
    for (const Attribute* attribute : EffectiveAttributes(record)) {
      path_.emplace_back(interner_.text(attribute->name.text));
      bool has_end = true;
      if (IsSensitive(attribute->annotations)) {
        found_.push_back(path_);
      } else {
        has_end = Follow(attribute->type, place);
      }
      path_.pop_back();
      if (!has_end) return false;
    }
    return true;
  }

  // INVARIANT: common types have no cycles, or the schema has been refused.
  auto FollowName(const schema_ast::NamedType& named, SchemaPlace place) -> bool {
    const auto found = definitions_.Find(named.name.text, place.name_space, named.reference);
    const auto* common = found ? std::get_if<FoundCommonType>(&*found) : nullptr;
    if (common == nullptr) return true;
    const DeclaredType& declared = definitions_.common_types()[common->index];
    if (!IsSensitive(declared.decl->annotations)) return Follow(declared.decl->type, declared.place);
    const bool is_whole = path_.size() <= (path_.front() == "context" ? 1U : 2U);
    found_.push_back(path_);
    if (is_whole) found_.back().emplace_back("*");
    return true;
  }

  const Definitions& definitions_;
  Interner& interner_;
  const SymbolId sensitive_;
  SensitivePath path_;
  size_t steps_ = 0;
  std::vector<SensitivePath> found_;
  std::set<SensitivePath> paths_;
};

}  // namespace

auto SensitivePaths(const std::vector<schema_ast::Fragment>& fragments, ParseContext& context) -> std::vector<SensitivePath> {
  Definitions definitions(context);
  definitions.Collect(fragments);
  Walk walk(definitions, context.interner);
  for (const DeclaredEntity& entity : definitions.entities()) {
    walk.Add({"entities", std::string(context.interner.text(entity.name))}, entity.decl->shape, entity.place, entity.decl->annotations);
  }
  for (const DeclaredAction& action : definitions.actions()) {
    walk.Add({"context"}, action.decl->applies_to.context, action.place, action.decl->annotations);
  }
  return walk.paths();
}

}  // namespace remit
