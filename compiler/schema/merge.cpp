#include "compiler/schema/merge.h"

#include <algorithm>
#include <unordered_map>

namespace remit {
namespace {

void AddAnnotations(MergedNamespace& merged, const schema_ast::Namespace& part, ParseContext& context) {
  for (const auto& annotation : part.annotations) {
    const auto known = std::ranges::find(merged.annotations, annotation.key, &schema_ast::Annotation::key);
    if (known == merged.annotations.end()) {
      merged.annotations.push_back(annotation);
    } else if (known->value != annotation.value) {
      context.sink.Report(DiagnosticCode::SchemaAnnotationConflict, annotation.span, context.interner.text(merged.name),
                          context.interner.text(annotation.key));
    }
  }
}

}  // namespace

auto MergeNamespaces(const std::vector<schema_ast::Fragment>& fragments, ParseContext& context) -> std::vector<MergedNamespace> {
  std::vector<MergedNamespace> merged;
  std::unordered_map<SymbolId, size_t> positions;
  for (const auto& fragment : fragments) {
    for (const auto& part : fragment.namespaces) {
      const auto [known, is_new] = positions.try_emplace(part.name.text, merged.size());
      if (is_new) merged.push_back({.name = part.name.text, .annotations = {}, .parts = {}});
      auto& target = merged[known->second];
      AddAnnotations(target, part, context);
      target.parts.push_back({.fragment = &fragment, .declarations = &part});
    }
  }
  std::ranges::stable_partition(merged, [](const MergedNamespace& name_space) { return !name_space.name.has_value(); });
  return merged;
}

}  // namespace remit
