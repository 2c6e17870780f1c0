// IP addresses and ranges: what is accepted, and which range is in which.
#include "stdlib/ip.h"

#include <gtest/gtest.h>

namespace remit {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

auto Parse(std::string_view text) -> IpNet {
  const auto net = ParseIp(String(text));
  EXPECT_TRUE(net) << text << ": " << (net ? "" : net.error());
  return net.value_or(IpNet{});
}

auto ErrorOf(std::string_view text) -> std::string {
  const auto net = ParseIp(String(text));
  return net ? "accepted" : net.error();
}

TEST(ParseIpTest, AcceptsAddressesAndRanges) {
  for (const auto text : {"0.0.0.0", "255.255.255.255", "10.0.0.1/0", "10.0.0.1/32", "::", "::1", "1::", "::/0", "::1/128",
                          "ABCD:ef01::/64", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
                          "0001:0002:0003:0004:0005:0006:0007:0008/128", "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789/128", "::ffff:7f00:1"}) {
    EXPECT_EQ(ErrorOf(text), "accepted") << text;
  }
}

TEST(ParseIpTest, RefusesEverythingElse) {
  for (const auto text : {""sv,
                          " "sv,
                          "1"sv,
                          "1.2.3"sv,
                          "1.2.3.4.5"sv,
                          "256.0.0.1"sv,
                          "1.2.3.-4"sv,
                          "010.0.0.1"sv,
                          "00.0.0.0"sv,
                          "0x7f.0.0.1"sv,
                          "1.2.3.4 "sv,
                          " 1.2.3.4"sv,
                          "1.2.3.4:80"sv,
                          "[::1]"sv,
                          ":"sv,
                          ":::"sv,
                          "1:"sv,
                          ":1"sv,
                          "1::2::3"sv,
                          "12345::"sv,
                          "g::"sv,
                          "1:2:3:4:5:6:7"sv,
                          "1:2:3:4:5:6:7:8:9"sv,
                          "1::2:3:4:5:6:7:8"sv,
                          "fe80::1%eth0"sv,
                          "\0"sv,
                          "1.2.3.4\0"sv,
                          "::1\0"sv,
                          "１.2.3.4"sv}) {
    EXPECT_EQ(ErrorOf(text), "invalid IP address: "s.append(text)) << text;
  }
}

TEST(ParseIpTest, RefusesPrefixes) {
  EXPECT_EQ(ErrorOf("1.2.3.4/"), "error parsing prefix from the string ``: cannot parse integer from empty string");
  EXPECT_EQ(ErrorOf("1.2.3.4/33"), "error parsing prefix: 33 is larger than the limit 32");
  EXPECT_EQ(ErrorOf("10.0.0.1/024"), "error parsing prefix: string length 3 is too large");
  EXPECT_EQ(ErrorOf("10.0.0.1/04"), "error parsing prefix `04`: leading zero(s)");
  EXPECT_EQ(ErrorOf("10.0.0.1/00"), "error parsing prefix `00`: leading zero(s)");
  EXPECT_EQ(ErrorOf("10.0.0.1/+8"), "error parsing prefix `+8`: encountered non-digit");
  EXPECT_EQ(ErrorOf("10.0.0.1/8/8"), "error parsing prefix: string length 3 is too large");
  EXPECT_EQ(ErrorOf("::1/129"), "error parsing prefix: 129 is larger than the limit 128");
  EXPECT_EQ(ErrorOf("::1/999"), "error parsing prefix: 999 is larger than the limit 128");
  EXPECT_EQ(ErrorOf("::1/1234"), "error parsing prefix: string length 4 is too large");
  EXPECT_EQ(ErrorOf("x/8"), "error parsing IP address from the string `x`: invalid IP address syntax");
}

TEST(ParseIpTest, RefusesIpv4InsideIpv6AndLongTexts) {
  EXPECT_EQ(
      ErrorOf("::ffff:127.0.0.1"),
      "error parsing IP address from string: We do not accept IPv4 embedded in IPv6 (e.g., ::ffff:127.0.0.1). Found: `::ffff:127.0.0.1`");
  EXPECT_EQ(ErrorOf("::127.0.0.1/96").substr(0, 40), "error parsing IP address from string: We");
  const std::string text(44, '1');
  EXPECT_EQ(ErrorOf(text), "error parsing IP address from string `" + text + "`: string length is too large");
}

TEST(ParseIpTest, KeepsHostBits) {
  EXPECT_NE(Parse("10.0.0.1/24"), Parse("10.0.0.0/24"));
  EXPECT_EQ(Parse("127.0.0.1"), Parse("127.0.0.1/32"));
  EXPECT_NE(Parse("0.0.0.0/0"), Parse("::/0"));
}

struct RangeCase {
  std::string_view net;
  std::string_view range;
  bool expected;
};

TEST(IsInRangeTest, ComparesWholeRanges) {
  for (const auto& [net, range, expected] : {
           RangeCase{"1.2.3.4", "1.2.3.0/24", true},
           RangeCase{"1.2.3.4", "1.2.3.99/24", true},
           RangeCase{"1.2.4.4", "1.2.3.0/24", false},
           RangeCase{"1.2.3.4/16", "1.2.3.0/24", false},
           RangeCase{"1.2.3.0/25", "1.2.3.0/24", true},
           RangeCase{"1.2.3.128/25", "1.2.3.0/25", false},
           RangeCase{"1.2.3.4", "0.0.0.0/0", true},
           RangeCase{"0.0.0.0/0", "0.0.0.0/0", true},
           RangeCase{"1.2.3.4", "1.2.3.4", true},
           RangeCase{"::1", "0.0.0.0/0", false},
           RangeCase{"1.2.3.4", "::/0", false},
           RangeCase{"2001:db8::5", "2001:db8::/33", true},
           RangeCase{"2001:db8:8000::", "2001:db8::/33", false},
       }) {
    EXPECT_EQ(IsInRange(Parse(net), Parse(range)), expected) << net << " in " << range;
  }
}

TEST(IsLoopbackTest, NeedsTheWholeRange) {
  for (const auto text : {"127.0.0.1", "127.255.255.255", "127.0.0.0/8", "::1"}) EXPECT_TRUE(IsLoopback(Parse(text))) << text;
  for (const auto text : {"128.0.0.1", "127.0.0.0/7", "0.0.0.0/0", "::", "::1/127", "::/0", "::ffff:7f00:1"}) {
    EXPECT_FALSE(IsLoopback(Parse(text))) << text;
  }
}

TEST(IsMulticastTest, NeedsTheWholeRange) {
  for (const auto text : {"224.0.0.1", "239.255.255.255", "224.0.0.0/4", "ff00::/8", "ff02::1"})
    EXPECT_TRUE(IsMulticast(Parse(text))) << text;
  for (const auto text : {"223.255.255.255", "240.0.0.0", "224.0.0.0/3", "0.0.0.0/0", "fe00::", "ff00::/7"}) {
    EXPECT_FALSE(IsMulticast(Parse(text))) << text;
  }
}

TEST(IpVersionTest, IsOneOrTheOther) {
  EXPECT_TRUE(IsIpv4(Parse("1.2.3.4/8")));
  EXPECT_FALSE(IsIpv6(Parse("1.2.3.4/8")));
  EXPECT_TRUE(IsIpv6(Parse("::ffff:7f00:1")));
  EXPECT_FALSE(IsIpv4(Parse("::ffff:7f00:1")));
}

}  // namespace
}  // namespace remit
