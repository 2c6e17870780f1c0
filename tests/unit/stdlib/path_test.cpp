// Paths: `..` never escapes, and what systems or layers read differently is refused.
#include "stdlib/path.h"

#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

auto Canonical(std::string_view text) -> std::string {
  const auto path = ParsePath(String(text));
  return path ? path->storage : "error";
}

TEST(PathTest, Normalises) {
  for (const auto& [text, canonical] : {
           std::pair{"/", "/"},
           std::pair{"///", "/"},
           std::pair{"//a", "/a"},
           std::pair{"/a/b", "/a/b"},
           std::pair{"/a//b/", "/a/b"},
           std::pair{"/a/./b/.", "/a/b"},
           std::pair{"/a/../b", "/b"},
           std::pair{"/a/b/../../c/./../d", "/d"},
           std::pair{"/..a/b..", "/..a/b.."},
           std::pair{"/...", "/..."},
           std::pair{"a/b", "a/b"},
           std::pair{"./a", "a"},
           std::pair{".", "."},
           std::pair{"a/..", "."},
           std::pair{"/a b/\u00e4", "/a b/\u00e4"},
           std::pair{"/a/~b", "/a/~b"},
           std::pair{"/100%", "/100%"},
           std::pair{"/50%off", "/50%off"},
           std::pair{"/$HOME/*", "/$HOME/*"},
       }) {
    EXPECT_EQ(Canonical(text), canonical) << text;
    EXPECT_EQ(Canonical(canonical), canonical);
  }
}

TEST(PathTest, NothingEscapes) {
  for (const auto text : {"/..", "/../etc/passwd", "/a/../../etc", "/./..", "..", "../a", "a/../..", "a/../../a", "./..", "//.."}) {
    EXPECT_EQ(Canonical(text), "error") << text;
  }
}

TEST(PathTest, RefusesWhatReadersDisagreeOn) {
  for (const auto text : {"",
                          "~",
                          "~/x",
                          "~root/x",
                          "./~/x",
                          "a/../~/x",
                          "C:\\Windows",
                          "/a\\..\\b",
                          "\\\\server\\share",
                          "/a/%2e%2e/b",
                          "/a/%2E/b",
                          "/a%2fb",
                          "/a%5Cb",
                          "/a%00",
                          "/a%0a",
                          "/a%1F",
                          "/a%7f",
                          "/a%252e",
                          "/a\nb",
                          "/a\tb",
                          "/a\x7f",
                          "/a\u0085"}) {
    EXPECT_EQ(Canonical(text), "error") << text;
  }
  EXPECT_EQ(Canonical(WithNul("/workspace/a", ".txt")), "error");
  EXPECT_EQ(Canonical(WithNul("", "")), "error");
  EXPECT_EQ(Canonical("/a\xff"), "error");
  EXPECT_EQ(Canonical("/a\xc0\xaf"), "error");  // an overlong slash
  EXPECT_EQ(Canonical("/" + std::string(70'000, 'a')), "error");
}

TEST(PathTest, Under) {
  const auto under = [](std::string_view text, std::string_view base) -> std::string {
    const auto parsed = ParsePath(String(text));
    if (!parsed) return "no path";
    const auto result = IsUnder(*Held(*parsed), String(base));
    return !result ? "error" : *result ? "true" : "false";
  };
  for (const auto& [path, base, answer] : {
           std::tuple{"/workspace/a", "/workspace", "true"},
           std::tuple{"/workspace", "/workspace", "true"},
           std::tuple{"/workspace/", "/workspace/", "true"},
           std::tuple{"/workspace/a", "/workspace//./", "true"},
           std::tuple{"/workspace2", "/workspace", "false"},
           std::tuple{"/workspace/../etc/passwd", "/workspace", "false"},
           std::tuple{"/workspace/../workspace/a", "/workspace", "true"},
           std::tuple{"/Workspace/a", "/workspace", "false"},
           std::tuple{"/", "/workspace", "false"},
           std::tuple{"/etc", "/", "true"},
           std::tuple{"src/a", "src", "true"},
           std::tuple{"src/a", ".", "true"},
           std::tuple{"srcs/a", "src", "false"},
           std::tuple{"src/a", "/workspace", "error"},
           std::tuple{"/workspace/src", "src", "error"},
           std::tuple{"/workspace/a", "", "error"},
           std::tuple{"/workspace/a", "/..", "error"},
           std::tuple{"/workspace/a", "~", "error"},
           std::tuple{"/workspace/a", "/work\\space", "error"},
       }) {
    EXPECT_EQ(under(path, base), answer) << path << " under " << base;
  }
}

TEST(PathTest, NamesAndExtensions) {
  for (const auto& [text, name, extension] : {
           std::tuple{"/a/report.tar.gz", "report.tar.gz", "gz"},
           std::tuple{"/a/Makefile", "Makefile", ""},
           std::tuple{"/a/.bashrc", ".bashrc", ""},
           std::tuple{"/a/.config.json", ".config.json", "json"},
           std::tuple{"/a/x.", "x.", ""},
           std::tuple{"/a.d/b", "b", ""},
           std::tuple{"/a/b.EXE/", "b.EXE", "EXE"},
           std::tuple{"/a/...", "...", ""},
           std::tuple{"/", "", ""},
           std::tuple{".", "", ""},
           std::tuple{"x.sh/.", "x.sh", "sh"},
           std::tuple{"/a/b/..", "a", ""},
       }) {
    const auto parsed = ParsePath(String(text));
    ASSERT_TRUE(parsed) << text;
    const Held path(*parsed);
    EXPECT_EQ(PathName(*path).view(), name) << text;
    EXPECT_EQ(PathExtension(*path).view(), extension) << text;
  }
}

}  // namespace
}  // namespace remit
