#include "stdlib/shell_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "runtime/base/text.h"

namespace remit {
namespace {

// POSIX's and those of bash, zsh and ksh: no programs when they stand first and unquoted.
constexpr std::array<std::string_view, 26> kReservedWords = {
    "!",    "{",     "}",     "case", "do",       "done",   "elif",   "else", "esac", "fi",     "for",     "if",  "in",
    "then", "until", "while", "time", "function", "select", "coproc", "[[",   "]]",   "repeat", "foreach", "end", "nocorrect"};

// Unquoted, these do more than stand for themselves, in one shell or another.
constexpr std::string_view kActiveBytes = "$`*?[<>()&;{}!";
// In double quotes.
constexpr std::string_view kActiveInQuotes = "$`!";

auto IsBlank(char c) -> bool { return c == ' ' || c == '\t'; }

// The name and `=` of an assignment.
auto IsAssignment(std::string_view word) -> bool {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  auto name = word.substr(0, equals);
  if (name.ends_with('+')) name.remove_suffix(1);
  return IsIdentifierShape(name);
}

// Control characters, and white space that some locales split at and others do not.
auto FindUnclearCharacter(std::string_view text) -> std::optional<char32_t> {
  for (size_t at = 0; at < text.size();) {
    const char32_t c = DecodeUtf8(text, at);
    const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    if (is_control && c != '\t' && c != '\n') return c;
    if (c >= 0x80 && IsWhiteSpace(c)) return c;
  }
  return std::nullopt;
}

// What is between two blanks. `is_plain` while nothing in it was quoted: only such words are reserved or assignments.
struct Word {
  std::string text;
  bool is_plain = true;
};

class ShellSplitter {
 public:
  explicit ShellSplitter(std::string_view text) : text_(text) {}

  auto Run() -> Fallible<std::vector<ShellWords>> {
    while (error_.empty() && at_ < text_.size()) Step();
    EndWord();
    EndCommand();
    if (!error_.empty()) return Fail(std::move(error_));
    return std::move(pipeline_);
  }

 private:
  void Refuse(std::string what) {
    if (error_.empty()) error_ = std::move(what);
  }

  void Step() {
    const char c = text_[at_++];
    if (IsBlank(c)) return EndWord();
    if (c == '|') return EndOfPipe();
    if (c == '\'') return SingleQuoted();
    if (c == '"') return DoubleQuoted();
    if (c == '\\') return Escaped();
    if (c == '\n') return Refuse("a newline begins another command");
    if (kActiveBytes.find(c) != std::string_view::npos) return Refuse(fmt::format("`{}` without quotes means more to a shell", c));
    const bool begins_word = !word_;
    if (c == '=' && begins_word) return Refuse("`=` at the beginning of a word names a program to zsh");
    if (c == '#' && begins_word) return Refuse("`#` begins a comment");
    if (c == '~' && (begins_word || word_->text.ends_with('=') || word_->text.ends_with(':')))
      return Refuse("`~` is a home directory to a shell");
    if (c == '^' && begins_word && words_.empty()) return Refuse("`^` at the beginning edits history");
    Current().text += c;
  }

  auto Current() -> Word& {
    if (!word_) word_.emplace();
    return *word_;
  }
  auto Quoted() -> Word& {
    Current().is_plain = false;
    return *word_;
  }

  void SingleQuoted() {
    const size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos) return Refuse("a single quote is not closed");
    Quoted().text += text_.substr(at_, end - at_);
    at_ = end + 1;
  }

  void DoubleQuoted() {
    Quoted();
    while (at_ < text_.size() && text_[at_] != '"') {
      char c = text_[at_++];
      if (c == '\\' && at_ < text_.size() && std::string_view("$`\"\\\n").find(text_[at_]) != std::string_view::npos) {
        c = text_[at_++];
        if (c == '\n') return Refuse("a line is continued");
      } else if (kActiveInQuotes.find(c) != std::string_view::npos) {
        return Refuse(fmt::format("`{}` in double quotes means more to a shell", c));
      }
      word_->text += c;
    }
    if (at_ == text_.size()) return Refuse("a double quote is not closed");
    ++at_;
  }

  // The whole character: the bytes behind its first are no ASCII and need no care.
  void Escaped() {
    if (at_ == text_.size()) return Refuse("nothing follows the last backslash");
    if (text_[at_] == '\n') return Refuse("a line is continued");
    Quoted().text += text_[at_++];
  }

  void EndOfPipe() {
    if (at_ < text_.size() && (text_[at_] == '|' || text_[at_] == '&')) return Refuse("`||` and `|&` mean more to a shell");
    EndWord();
    EndCommand();
  }

  void EndWord() {
    if (!word_) return;
    if (words_.empty()) CheckProgram(*word_);
    words_.push_back(std::move(word_->text));
    word_.reset();
  }

  void CheckProgram(const Word& word) {
    if (word.text.empty()) return Refuse("the program has no name");
    if (!word.is_plain && word.text.find('=') == std::string::npos) return;
    // Whether `a"b"=c` assigns depends on what exactly is quoted.
    if (IsAssignment(word.text)) return Refuse("an assignment stands before the program");
    if (std::ranges::find(kReservedWords, word.text) != kReservedWords.end())
      Refuse(fmt::format("`{}` is a word of the shell's own", word.text));
  }

  void EndCommand() {
    if (words_.empty()) return Refuse("there is no command");
    pipeline_.push_back(std::move(words_));
    words_.clear();
  }

  std::string_view text_;
  size_t at_ = 0;
  std::optional<Word> word_;
  ShellWords words_;
  std::vector<ShellWords> pipeline_;
  std::string error_;
};

auto NeedsQuotes(std::string_view word, bool is_program) -> bool {
  const auto is_safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
  };
  if (word.empty() || word.starts_with('=') || !std::ranges::all_of(word, is_safe)) return true;
  return is_program && std::ranges::find(kReservedWords, word) != kReservedWords.end();
}

auto Quote(std::string_view word) -> std::string {
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace

auto SplitShellCommand(std::string_view text) -> Fallible<std::vector<ShellWords>> {
  if (FindInvalidUtf8(text)) return Fail("a command is valid UTF-8");
  if (const auto c = FindUnclearCharacter(text))
    return Fail(fmt::format("the character U+{:04X} is not read alike everywhere", uint32_t{*c}));
  return ShellSplitter(text).Run();
}

auto JoinShellWords(const std::vector<ShellWords>& pipeline) -> std::string {
  std::string text;
  for (const auto& words : pipeline) {
    if (!text.empty()) text += " | ";
    for (size_t i = 0; i < words.size(); ++i) {
      if (i > 0) text += ' ';
      text += NeedsQuotes(words[i], i == 0) ? Quote(words[i]) : words[i];
    }
  }
  return text;
}

}  // namespace remit
