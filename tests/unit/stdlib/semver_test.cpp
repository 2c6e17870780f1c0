// Versions: the specification's own examples, and what is none.
#include "stdlib/semver.h"

#include <vector>

#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

auto Order(std::string_view a, std::string_view b) -> std::strong_ordering {
  const auto left = ParseSemver(String(a));
  const auto right = ParseSemver(String(b));
  EXPECT_TRUE(left && right) << a << " " << b;
  if (!left || !right) return std::strong_ordering::equal;
  return Precedence(*Held(*left), *Held(*right));
}

TEST(SemverTest, Parts) {
  const auto parsed = ParseSemver(String("1.20.300-rc.1+build.5"));
  ASSERT_TRUE(parsed);
  const Held version(*parsed);
  EXPECT_EQ(SemverMajor(*version), 1);
  EXPECT_EQ(SemverMinor(*version), 20);
  EXPECT_EQ(SemverPatch(*version), 300);
  EXPECT_TRUE(IsPrerelease(*version));
  EXPECT_EQ(version->text(), "1.20.300-rc.1");
  EXPECT_FALSE(IsPrerelease(*Held(*ParseSemver(String("1.0.0+rc.1")))));
}

TEST(SemverTest, OrdersByPrecedence) {
  const std::vector<std::string_view> ascending = {"0.0.0",
                                                   "0.9.9",
                                                   "1.0.0-0",
                                                   "1.0.0-2",
                                                   "1.0.0-10",
                                                   "1.0.0-99999999999999999999",
                                                   "1.0.0-100000000000000000000",
                                                   "1.0.0-A",
                                                   "1.0.0-alpha",
                                                   "1.0.0-alpha.1",
                                                   "1.0.0-alpha.beta",
                                                   "1.0.0-beta",
                                                   "1.0.0-beta.2",
                                                   "1.0.0-beta.11",
                                                   "1.0.0-rc.1",
                                                   "1.0.0",
                                                   "1.0.1-0",
                                                   "1.0.1",
                                                   "1.2.0",
                                                   "1.10.0",
                                                   "2.0.0",
                                                   "9223372036854775807.0.0"};
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t k = 0; k < ascending.size(); ++k) {
      EXPECT_EQ(Order(ascending[i], ascending[k]), i <=> k) << ascending[i] << " " << ascending[k];
    }
  }
  EXPECT_EQ(Order("1.0.0--", "1.0.0-99"), std::strong_ordering::greater);
  EXPECT_EQ(Order("1.0.0--", "1.0.0-A"), std::strong_ordering::less);
}

TEST(SemverTest, BuildMetadataDoesNotCount) {
  EXPECT_EQ(Order("1.0.0+a", "1.0.0+b"), std::strong_ordering::equal);
  EXPECT_EQ(Order("1.0.0-rc+001", "1.0.0-rc"), std::strong_ordering::equal);
  EXPECT_EQ(ParseSemver(String("1.0.0+a"))->storage, ParseSemver(String("1.0.0"))->storage);
}

TEST(SemverTest, WhatIsNoVersion) {
  for (const auto text : {"",
                          "1",
                          "1.2",
                          "1.2.3.4",
                          "v1.2.3",
                          "V1.2.3",
                          "=1.2.3",
                          " 1.2.3",
                          "1.2.3 ",
                          "1.2.3\n",
                          "01.2.3",
                          "1.02.3",
                          "1.2.03",
                          "-1.2.3",
                          "+1.2.3",
                          "1.-2.3",
                          "1.2.3-",
                          "1.2.3+",
                          "1.2.3-+",
                          "1.2.3-a+",
                          "1.2.3-01",
                          "1.2.3-a.01",
                          "1.2.3-a..b",
                          "1.2.3-.a",
                          "1.2.3-a.",
                          "1.2.3+a..b",
                          "1.2.3+a+b",
                          "1.2.3-a_b",
                          "1.2.3-\u00e4",
                          "1.2.x",
                          "1.2.*",
                          "^1.2.3",
                          "1,2,3",
                          "1.2.3-a b",
                          "9223372036854775808.0.0",
                          "99999999999999999999.0.0",
                          "\u0661.0.0",
                          "0x1.0.0",
                          "1.0.0e1"}) {
    EXPECT_FALSE(ParseSemver(String(text)).has_value()) << text;
  }
  EXPECT_FALSE(ParseSemver(String(WithNul("1.2.3", ""))).has_value());
  EXPECT_FALSE(ParseSemver(String("1.2.3-" + std::string(2000, 'a'))).has_value());
  EXPECT_TRUE(ParseSemver(String("1.2.3+001")).has_value());
  EXPECT_TRUE(ParseSemver(String("1.2.3-0a")).has_value());
  EXPECT_TRUE(ParseSemver(String("0.0.0-0")).has_value());
}

}  // namespace
}  // namespace remit
