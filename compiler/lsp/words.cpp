#include <algorithm>

#include "compiler/lsp/marks.h"

namespace remit::lsp {

auto IsOneOf(std::string_view word, const std::vector<std::string_view>& words) -> bool {
  return std::ranges::find(words, word) != words.end();
}

auto StatementWords() -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> words = {"permit", "forbid", "escalate", "restrict", "budget", "breaker", "assert", "test"};
  return words;
}

auto ClauseWords() -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> words = {"when",     "unless", "oblige",     "approval", "to",      "charge",   "per",
                                                      "limit",    "trip",   "within",     "cooldown", "probe",   "open",     "refill",
                                                      "exceeded", "hold",   "concurrent", "each",     "hour",    "day",      "week",
                                                      "month",    "in",     "unsettled",  "or",       "never",   "always",   "deny",
                                                      "observe",  "draft",  "approve",    "execute",  "release", "restrict", "escalate"};
  return words;
}

auto StepWords() -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> words = {"entity", "request", "expect",     "approve", "deny",
                                                      "settle", "advance", "quarantine", "release"};
  return words;
}

}  // namespace remit::lsp
