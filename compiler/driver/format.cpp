#include "compiler/driver/format.h"

#include "runtime/base/check.h"

namespace remit {
namespace {

auto SameComments(const SourceManager& sources, const std::vector<Comment>& a, const std::vector<Comment>& b) -> bool {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (ast::CommentBody(sources.text(a[i].span)) != ast::CommentBody(sources.text(b[i].span))) return false;
  }
  return true;
}

}  // namespace

auto FormatPolicies(CompileJob& job, const std::string& name, const std::string& text, const ast::FormatOptions& options)
    -> std::optional<std::string> {
  auto context = job.parse_context();
  const FileId file = job.sources.Add(name, text);
  ast::Ast before;
  if (!ParsePolicies(file, context, before)) return std::nullopt;
  const auto comments = CollectComments(file, job.sources);
  std::vector<ast::CommentText> comment_texts;
  for (const auto& comment : comments) comment_texts.push_back({.span = comment.span, .own_line = comment.own_line});

  auto formatted = ast::FormatSource(file, job.sources, comment_texts, options);

  ast::Ast after;
  const FileId formatted_file = job.sources.Add(name, formatted);
  CHECK(ParsePolicies(formatted_file, context, after), "formatted text does not parse");
  CHECK(SameMeaning(before, after), "formatting changed the meaning");
  CHECK(SameComments(job.sources, comments, CollectComments(formatted_file, job.sources)), "formatting lost a comment");
  return formatted;
}

}  // namespace remit
