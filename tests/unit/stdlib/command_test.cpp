// Shell commands: words that are certain, or an error. Where a case says so, it is dash's and bash's own splitting.
#include "stdlib/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "stdlib/shell_words.h"
#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

// The words of each command between `<` and `>`, `|` between commands.
auto Words(std::string_view text) -> std::string {
  const auto pipeline = SplitShellCommand(text);
  if (!pipeline) return "error";
  std::string out;
  for (const auto& words : *pipeline) out += fmt::format("{}<{}>", out.empty() ? "" : "|", fmt::join(words, "><"));
  return out;
}

TEST(CommandTest, SplitsAsPosixHasIt) {
  for (const auto& [text, words] : {
           std::pair{"ls", "<ls>"},
           std::pair{"  ls \t -l  ", "<ls><-l>"},
           std::pair{"git commit -m 'a b'", "<git><commit><-m><a b>"},
           std::pair{R"(echo "a b" 'c "d"' "e 'f'")", R"(<echo><a b><c "d"><e 'f'>)"},
           std::pair{R"(echo a\ b \'x\" \\)", R"(<echo><a b><'x"><\>)"},
           std::pair{R"(echo "a\"b\\c\$d\`e\nf")", R"(<echo><a"b\c$d`e\nf>)"},
           std::pair{R"(echo 'a\b' '$x' '`y`' '!z')", R"(<echo><a\b><$x><`y`><!z>)"},
           std::pair{"echo a'b'\"c\"\\d", "<echo><abcd>"},
           std::pair{"echo '' \"\" x''", "<echo><><><x>"},
           std::pair{"echo 'it'\\''s'", "<echo><it's>"},
           std::pair{R"(echo \$x \* \; \| \& \< \# \~)", "<echo><$x><*><;><|><&><<><#><~>"},
           std::pair{"echo a#b x~y k=v", "<echo><a#b><x~y><k=v>"},
           std::pair{"'if' x", "<if><x>"},
           std::pair{R"(\time x)", "<time><x>"},
           std::pair{"cat a | sort -u|wc", "<cat><a>|<sort><-u>|<wc>"},
           std::pair{"echo 'a\nb'", "<echo><a\nb>"},
           std::pair{"git show HEAD^", "<git><show><HEAD^>"},
           std::pair{"echo if then {", "error"},
           std::pair{"echo if then", "<echo><if><then>"},
           std::pair{"echo \u00e4 \U0001F600", "<echo><\u00e4><\U0001F600>"},
           std::pair{"/bin/ls ./a-b_c.d,e:f%g+h@i", "</bin/ls><./a-b_c.d,e:f%g+h@i>"},
       }) {
    EXPECT_EQ(Words(text), words) << text;
  }
}

TEST(CommandTest, WhatAShellWouldActOnIsAnError) {
  for (const auto text : {"",
                          " ",
                          "\t",
                          "echo $x",
                          "echo $",
                          "echo ${x}",
                          "echo $(id)",
                          "echo $((1))",
                          "echo `id`",
                          "echo \"$x\"",
                          "echo \"$(id)\"",
                          "echo \"`id`\"",
                          "echo $'x'",
                          "echo *",
                          "echo a?",
                          "echo [ab]",
                          "ls;id",
                          "ls ; id",
                          "ls;",
                          "ls&",
                          "ls & id",
                          "ls && id",
                          "ls || id",
                          "ls |& id",
                          "ls\nid",
                          "ls\n",
                          "ls \\\n-l",
                          "echo \"a\\\nb\"",
                          "ls > x",
                          "ls>x",
                          "ls 2>&1",
                          "cat < x",
                          "cat << EOF",
                          "cat <(id)",
                          "(ls)",
                          "{ ls; }",
                          "echo {a,b}",
                          "find . -exec rm {} +",
                          "echo !!",
                          "! ls",
                          "echo \"!x\"",
                          "^a^b",
                          "~/bin/x",
                          "cat ~/.ssh/id_rsa",
                          "cat ~root/x",
                          "dd of=~/x",
                          "scp a:~/x",
                          "# comment",
                          "ls # comment",
                          "X=1 ls",
                          "PATH=/tmp ls",
                          "X+=1 ls",
                          "X=1",
                          "=ls",
                          "cat =ls",
                          "LD_PRELOAD=\"/tmp/x.so\" ls",
                          "if true",
                          "time ls",
                          "while x",
                          "for x in y",
                          "function f",
                          "case x in",
                          "coproc x",
                          "[[ a ]]",
                          "[ a ]",
                          "cat x | time ls",
                          "cat x | X=1 ls",
                          "| ls",
                          "ls |",
                          "ls | | wc",
                          "'' x",
                          "echo 'x",
                          "echo \"x",
                          "echo \"x\\",
                          "echo x\\",
                          "echo \x01",
                          "echo '\x1b[31m'",
                          "echo a\rb",
                          "echo '\x7f'",
                          "echo\u00a0x",
                          "echo\u3000x",
                          "echo\u2028x",
                          "echo \u0085x",
                          "ls \xff"}) {
    EXPECT_EQ(Words(text), "error") << text;
  }
  EXPECT_EQ(Words(WithNul("ls", " -l")), "error");
  EXPECT_EQ(Words(WithNul("ls 'a", "b'")), "error");
}

TEST(CommandTest, OneTextForTheSameWords) {
  const auto canonical = [](std::string_view text) {
    const auto command = ParseCommand(String(text));
    return command ? command->storage.substr(0, command->parts.words.begin) : "error";
  };
  for (const auto& [text, expected] : {
           std::pair{"ls   -l", "ls -l"},
           std::pair{R"(git commit -m "a b")", "git commit -m 'a b'"},
           std::pair{"'ls' \"-l\"", "ls -l"},
           std::pair{"'if' x", "'if' x"},
           std::pair{"echo 'if'", "echo if"},
           std::pair{"echo ''", "echo ''"},
           std::pair{"echo \"it's\"", R"(echo 'it'\''s')"},
           std::pair{"echo \\$x '~'", "echo '$x' '~'"},
           std::pair{"a|b", "a | b"},
           std::pair{"echo '|'", "echo '|'"},
           std::pair{"echo '\u00e4'", "echo '\u00e4'"},
           std::pair{"echo k=v", "echo k=v"},
           std::pair{"echo \\=v", "echo '=v'"},
       }) {
    EXPECT_EQ(canonical(text), expected) << text;
    EXPECT_EQ(canonical(expected), expected);
    EXPECT_EQ(Words(expected), Words(text));
  }
}

TEST(CommandTest, Parts) {
  const auto parsed = ParseCommand(String("'/usr/bin/env' -i '' 'a b' -i"));
  ASSERT_TRUE(parsed);
  const Held command(*parsed);
  EXPECT_FALSE(HasPipeline(*command));
  EXPECT_EQ(CommandProgram(*command)->view(), "/usr/bin/env");
  EXPECT_EQ(CommandArgCount(*command), 4);
  const auto args = CommandArgs(*command);
  ASSERT_TRUE(args);
  ASSERT_EQ(args->size(), 4U);
  EXPECT_EQ((*args)[0].view(), "-i");
  EXPECT_EQ((*args)[1].view(), "");
  EXPECT_EQ((*args)[2].view(), "a b");

  const auto alone = ParseCommand(String("ls"));
  ASSERT_TRUE(alone);
  EXPECT_EQ(CommandArgCount(*Held(*alone)), 0);
  EXPECT_TRUE(CommandArgs(*Held(*alone))->empty());
}

TEST(CommandTest, APipelineHasNoProgram) {
  const auto parsed = ParseCommand(String("cat a | sh"));
  ASSERT_TRUE(parsed);
  const Held command(*parsed);
  EXPECT_TRUE(HasPipeline(*command));
  EXPECT_FALSE(CommandProgram(*command).has_value());
  EXPECT_FALSE(CommandArgs(*command).has_value());
  EXPECT_FALSE(CommandArgCount(*command).has_value());
  const auto quoted = ParseCommand(String("echo 'a | b'"));
  ASSERT_TRUE(quoted);
  EXPECT_FALSE(HasPipeline(*Held(*quoted)));
}

TEST(CommandTest, LongTextsAreRefused) {
  EXPECT_TRUE(ParseCommand(String("echo " + std::string(60'000, 'a'))).has_value());
  EXPECT_FALSE(ParseCommand(String("echo " + std::string(70'000, 'a'))).has_value());
}

}  // namespace
}  // namespace remit
