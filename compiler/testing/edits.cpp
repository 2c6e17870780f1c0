#include "compiler/testing/edits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::tests {
namespace {

struct Word {
  std::string_view text;
  Span span;
};

// Words, strings and commas of a step that was parsed before, without comments.
class StepScanner {
 public:
  StepScanner(const SourceManager& sources, Span step) : text_(sources.text(step)), step_(step) {}

  auto All() -> std::vector<Word> {
    std::vector<Word> words;
    while (SkipBlank()) {
      const size_t begin = at_;
      text_[at_] == '"' ? SkipString() : SkipWord();
      words.push_back({.text = text_.substr(begin, at_ - begin), .span = SpanOf(begin, at_)});
    }
    return words;
  }

 private:
  // False at the end.
  auto SkipBlank() -> bool {
    while (at_ < text_.size()) {
      const bool is_comment = text_.substr(at_, 2) == "//";
      if (is_comment) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (IsWordByte(text_[at_]) || text_[at_] == '"' || text_[at_] == ',') {
        return true;
      } else {
        ++at_;
      }
    }
    return false;
  }
  void SkipString() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, text_.size());
  }
  void SkipWord() {
    ++at_;
    if (text_[at_ - 1] == ',') return;
    while (at_ < text_.size() && IsWordByte(text_[at_])) ++at_;
  }
  static auto IsWordByte(char c) -> bool { return IsIdentifierShape({&c, 1}) || (c >= '0' && c <= '9'); }
  auto SpanOf(size_t begin, size_t end) const -> Span {
    return {.file = step_.file, .begin = step_.begin + static_cast<uint32_t>(begin), .end = step_.begin + static_cast<uint32_t>(end)};
  }

  std::string_view text_;
  Span step_;
  size_t at_ = 0;
};

}  // namespace

auto EditsForExpect(const SourceManager& sources, Span step, std::string_view outcome, const std::vector<std::string>& by)
    -> std::vector<Edit> {
  if (!step.has_place()) return {};
  const auto words = StepScanner(sources, step).All();  // expect OUTCOME by "id" , "id"
  if (words.size() < 2) return {};
  std::vector<Edit> edits;
  if (words[1].text != outcome) edits.push_back({.span = words[1].span, .text = std::string(outcome)});
  if (words.size() < 4) return edits;
  std::vector<std::string> quoted;
  for (const auto& id : by) quoted.push_back(QuoteString(id));
  auto ids = fmt::format("{}", fmt::join(quoted, ", "));
  const Span list = Cover(words[3].span, words.back().span);
  if (by.empty()) {
    edits.push_back({.span = {.file = step.file, .begin = words[1].span.end, .end = list.end}, .text = ""});
  } else if (sources.text(list) != ids) {
    edits.push_back({.span = list, .text = std::move(ids)});
  }
  return edits;
}

}  // namespace remit::tests
