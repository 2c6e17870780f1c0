#include "stdlib/command.h"

#include <fmt/format.h>

#include "stdlib/shell_words.h"

namespace remit {
namespace {

constexpr size_t kLongestCommand = size_t{64} << 10;

// The word at the beginning, which is removed with its NUL. No word holds one: control characters are refused.
auto TakeWord(std::string_view& words) -> String {
  const auto word = words.substr(0, words.find('\0'));
  words.remove_prefix(word.size() + 1);
  return String(word);
}

auto RefusePipeline(std::string_view what) -> std::unexpected<std::string> {
  return Fail(fmt::format("a pipeline has no {} of its own", what));
}

}  // namespace

auto ParseCommand(String text) -> Fallible<Parsed<Command>> {
  if (text.view().size() > kLongestCommand) return Fail(fmt::format("a command of more than {} bytes is not accepted", kLongestCommand));
  const auto pipeline = SplitShellCommand(text.view());
  if (!pipeline) return Fail(pipeline.error());
  Parsed<Command> command = {.storage = JoinShellWords(*pipeline)};
  command.parts.words.begin = static_cast<uint32_t>(command.storage.size());
  if (pipeline->size() > 1) return command;
  for (const auto& word : pipeline->front()) command.storage.append(word).push_back('\0');
  command.parts.words.size = static_cast<uint32_t>(command.storage.size()) - command.parts.words.begin;
  command.parts.word_count = static_cast<uint32_t>(pipeline->front().size());
  return command;
}

auto HasPipeline(const Command& command) -> bool { return command.is_pipeline(); }

auto CommandProgram(const Command& command) -> Fallible<String> {
  if (command.is_pipeline()) return RefusePipeline("program");
  auto words = command.words.of(command.storage);
  return TakeWord(words);
}

auto CommandArgs(const Command& command) -> Fallible<std::vector<String>> {
  if (command.is_pipeline()) return RefusePipeline("arguments");
  auto words = command.words.of(command.storage);
  TakeWord(words);
  std::vector<String> args;
  while (!words.empty()) args.push_back(TakeWord(words));
  return args;
}

auto CommandArgCount(const Command& command) -> Fallible<int64_t> {
  if (command.is_pipeline()) return RefusePipeline("arguments");
  return int64_t{command.word_count} - 1;
}

}  // namespace remit
