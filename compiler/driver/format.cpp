#include "compiler/driver/format.h"

#include "compiler/driver/comments.h"
#include "runtime/base/check.h"

namespace remit {

auto FormatPolicies(CompileJob& job, const std::string& name, const std::string& text, const ast::FormatOptions& options)
    -> std::optional<std::string> {
  auto context = job.parse_context();
  const FileId file = job.sources.Add(name, text);
  ast::Ast before;
  if (!ParsePolicies(file, context, before)) return std::nullopt;
  const auto comments = CollectComments(file, job.sources);
  auto formatted = ast::FormatSource(file, job.sources, CommentTexts(comments), options);

  ast::Ast after;
  const FileId formatted_file = job.sources.Add(name, formatted);
  CHECK(ParsePolicies(formatted_file, context, after), "formatted text does not parse");
  CHECK(SameMeaning(before, after), "formatting changed the meaning");
  CHECK(SameComments(job.sources, comments, CollectComments(formatted_file, job.sources)), "formatting lost a comment");
  return formatted;
}

}  // namespace remit
