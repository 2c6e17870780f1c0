#include "compiler/lint/allowances.h"

#include <algorithm>

#include "compiler/parse/parse.h"

namespace remit::lint {
namespace {

constexpr std::string_view kMark = "remit:";

auto Trimmed(std::string_view text) -> std::string_view {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

struct Parsed {
  std::vector<std::string> codes;
  std::string reason;
  bool is_file = false;
};

// None: the comment is for people.
auto ParseComment(std::string_view comment) -> std::optional<Parsed> {
  auto text = Trimmed(comment.substr(std::min<size_t>(2, comment.size())));
  if (!text.starts_with(kMark)) return std::nullopt;
  text = Trimmed(text.substr(kMark.size()));
  Parsed parsed;
  parsed.is_file = text.starts_with("allow-file(");
  if (!parsed.is_file && !text.starts_with("allow(")) return std::nullopt;
  const auto open = text.find('(');
  const auto close = text.find(')');
  if (close == std::string_view::npos) return std::nullopt;
  auto codes = text.substr(open + 1, close - open - 1);
  while (!codes.empty()) {
    const auto comma = std::min(codes.find(','), codes.size());
    if (const auto code = Trimmed(codes.substr(0, comma)); !code.empty()) parsed.codes.emplace_back(code);
    codes.remove_prefix(std::min(comma + 1, codes.size()));
  }
  parsed.reason = Trimmed(text.substr(close + 1));
  return parsed;
}

// The first statement that begins behind the comment.
auto StatementBelow(const LintContext& context, Span comment) -> Span {
  Span found;
  for (const auto& view : context.statements()) {
    const auto& span = view.statement.span;
    if (!span.has_place() || span.file != comment.file || span.begin < comment.end) continue;
    if (!found.has_place() || span.begin < found.begin) found = span;
  }
  return found;
}

// In a schema too, whose declarations are not statements. Nothing below the last line.
auto LineBelow(const SourceFile& file, Span comment) -> Span {
  const auto line = file.locate(comment.end).line;
  const auto begin = file.line_begin(line) + static_cast<uint32_t>(file.line_text(line).size()) + 1;
  if (begin >= file.text().size()) return {};
  return {.file = comment.file, .begin = begin, .end = begin + static_cast<uint32_t>(file.line_text(line + 1).size())};
}

auto Coverage(const LintContext& context, const Comment& comment, bool is_file) -> Span {
  const auto& file = context.sources().file(comment.span.file);
  if (is_file) return {.file = comment.span.file, .begin = 0, .end = static_cast<uint32_t>(file.text().size() + 1)};
  if (comment.own_line) {
    // Inside of a statement: the line below.
    for (const auto& view : context.statements()) {
      const auto& span = view.statement.span;
      if (span.has_place() && span.file == comment.span.file && span.begin < comment.span.begin && comment.span.end < span.end) {
        return LineBelow(file, comment.span);
      }
    }
    const auto statement = StatementBelow(context, comment.span);
    return statement.has_place() ? statement : LineBelow(file, comment.span);
  }
  return {.file = comment.span.file, .begin = file.line_begin(file.locate(comment.span.begin).line), .end = comment.span.begin};
}

auto Contains(Span outer, Span inner) -> bool {
  return outer.has_place() && inner.has_place() && outer.file == inner.file && inner.begin >= outer.begin && inner.begin < outer.end;
}

// The comment with its line break if the line has nothing else.
auto RemovalOf(const LintContext& context, Span comment) -> Edit {
  const auto text = context.sources().file(comment.file).text();
  uint32_t begin = comment.begin;
  uint32_t end = comment.end;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  if ((begin == 0 || text[begin - 1] == '\n') && end < text.size() && text[end] == '\n') ++end;
  return {.span = {.file = comment.file, .begin = begin, .end = end}, .text = ""};
}

void CheckComments(const std::vector<Allowance>& allowances, LintContext& context) {
  for (const auto& allowance : allowances) {
    const auto rule = FindRule(allowance.code);
    if (!rule) {
      context.Report(Rule::UnknownAllow, std::nullopt, allowance.comment, allowance.code);
      continue;
    }
    if (allowance.reason.empty()) context.Report(Rule::AllowWithoutReason, std::nullopt, allowance.comment, allowance.code);
    // What is not looked for is not found.
    if (allowance.is_used || !context.IsWanted(*rule)) continue;
    auto& finding = context.Report(Rule::UnusedAllow, std::nullopt, allowance.comment, allowance.code);
    if (allowance.is_alone) finding.fix = {RemovalOf(context, allowance.comment)};
  }
}

}  // namespace

auto CollectAllowances(const LintContext& context, const std::vector<FileId>& files) -> std::vector<Allowance> {
  std::vector<Allowance> allowances;
  for (const auto file : files) {
    if (context.sources().file(file).text().find(kMark) == std::string_view::npos) continue;
    for (const auto& comment : CollectComments(file, context.sources())) {
      const auto parsed = ParseComment(context.sources().text(comment.span));
      if (!parsed) continue;
      for (const auto& code : parsed->codes) {
        allowances.push_back({.code = code,
                              .reason = parsed->reason,
                              .comment = comment.span,
                              .covers = Coverage(context, comment, parsed->is_file),
                              .is_alone = parsed->codes.size() == 1,
                              .is_file = parsed->is_file});
      }
    }
  }
  return allowances;
}

auto ApplyAllowances(std::vector<Allowance>& allowances, LintContext& context, std::vector<Finding>& findings,
                     const std::function<bool(FileId, FileId)>& same_file) -> uint32_t {
  const auto covers = [&](const Allowance& allowance, Span span) {
    if (Contains(allowance.covers, span)) return true;
    return allowance.is_file && same_file && span.has_place() && same_file(allowance.comment.file, span.file);
  };
  const auto is_allowed = [&](const Finding& finding) {
    bool allowed = false;
    for (auto& allowance : allowances) {
      if (RowOf(finding.rule).code != allowance.code || !covers(allowance, finding.span)) continue;
      allowance.is_used = allowed = true;
    }
    return allowed;
  };
  const auto removed = static_cast<uint32_t>(std::erase_if(findings, is_allowed));
  CheckComments(allowances, context);
  return removed;
}

}  // namespace remit::lint
