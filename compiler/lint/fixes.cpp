#include "compiler/lint/fixes.h"

#include <algorithm>

namespace remit::lint {
namespace {

auto Overlap(Span a, Span b) -> bool { return a.file == b.file && a.begin < b.end && b.begin < a.end; }

}  // namespace

auto ApplyFixes(const std::vector<Finding>& findings, const SourceManager& sources) -> FixedFiles {
  FixedFiles result;
  std::map<FileId, std::vector<Edit>> edits;
  for (const auto& finding : findings) {
    if (finding.fix.empty()) continue;
    const bool is_taken = std::ranges::any_of(finding.fix, [&](const Edit& edit) {
      return std::ranges::any_of(edits[edit.span.file], [&](const Edit& other) { return Overlap(edit.span, other.span); });
    });
    if (is_taken) {
      ++result.overlapping;
      continue;
    }
    for (const auto& edit : finding.fix) edits[edit.span.file].push_back(edit);
    ++result.fixed;
  }
  for (auto& [file, changes] : edits) {
    if (!changes.empty()) result.texts[file] = ApplyEdits(sources.file(file).text(), std::move(changes));
  }
  return result;
}

}  // namespace remit::lint
