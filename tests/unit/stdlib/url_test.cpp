// URLs: one meaning or none. The tables are attacks and what becomes of them.
#include "stdlib/url.h"

#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

auto Canonical(std::string_view text) -> std::string {
  const auto url = ParseUrl(String(text));
  return url ? url->storage : "error";
}

auto HostOf(std::string_view text) -> std::string {
  const auto parsed = ParseUrl(String(text));
  return parsed ? std::string(UrlHost(*Held(*parsed)).view()) : "error";
}

auto PathOf(std::string_view text) -> std::string {
  const auto parsed = ParseUrl(String(text));
  if (!parsed) return "no url";
  const Held url(*parsed);
  const auto path = UrlPath(*url);
  return path ? std::string(path->view()) : "error";
}

TEST(UrlTest, OneTextForWhatIsTheSame) {
  for (const auto& [text, canonical] : {
           std::pair{"https://example.com", "https://example.com/"},
           std::pair{"HTTPS://EXAMPLE.com/", "https://example.com/"},
           std::pair{"https://example.com:443/", "https://example.com/"},
           std::pair{"https://example.com:80/", "https://example.com:80/"},
           std::pair{"http://example.com:80", "http://example.com/"},
           std::pair{"https://example.com./x", "https://example.com/x"},
           std::pair{"https://example.com/%7eana/%3a%2B", "https://example.com/~ana/%3A%2B"},
           std::pair{"https://example.com/a/./b/../c", "https://example.com/a/c"},
           std::pair{"https://example.com?q=1#f", "https://example.com/?q=1#f"},
           std::pair{"https://example.com/\u00e4?\u00e4#\u00e4", "https://example.com/%C3%A4?%C3%A4#%C3%A4"},
           std::pair{"https://example.com/a\"<>^`{|}", "https://example.com/a%22%3C%3E%5E%60%7B%7C%7D"},
           std::pair{"https://example.com/?a/../b?c", "https://example.com/?a/../b?c"},
           std::pair{"postgres://db.example.com:5432/x", "postgres://db.example.com:5432/x"},
           std::pair{"redis://cache", "redis://cache"},
       }) {
    EXPECT_EQ(Canonical(text), canonical) << text;
    EXPECT_EQ(Canonical(canonical), canonical);
  }
}

TEST(UrlTest, NoUserInformation) {
  for (const auto text : {"https://ana@example.com/", "https://ana:pw@example.com/", "https://example.com@evil.com/",
                          "https://@example.com/", "https://example.com:443@evil.com/", "https://:@example.com/", "https://a@b@c/",
                          "https://example.com%40evil.com/", "https://example.com\uff20evil.com/"}) {
    EXPECT_EQ(Canonical(text), "error") << text;
  }
  EXPECT_EQ(HostOf("https://example.com/@evil.com"), "example.com");
  EXPECT_EQ(HostOf("https://example.com?@evil.com"), "example.com");
  EXPECT_EQ(HostOf("https://example.com#@evil.com"), "example.com");
}

TEST(UrlTest, NoBackslashesSpacesAndControls) {
  for (const std::string_view text :
       {"https:\\\\example.com\\", "https://example.com\\@evil.com/", "https://evil.com\\.example.com/", "https://example.com/a\\b",
        "https://example.com/?a\\b", " https://example.com/", "https://example.com/ ", "https://exam\tple.com/", "https://exam\nple.com/",
        "ht\ntps://example.com/", "https://example.com/\r\nHost: x", "\x01https://example.com/", "https://example.com/\x7f",
        "https://example.com /", "https://exa mple.com/"}) {
    EXPECT_EQ(Canonical(text), "error") << text;
  }
  EXPECT_EQ(Canonical(WithNul("https://example.com", "/")), "error");
  EXPECT_EQ(Canonical(WithNul("https://example.com", ".evil.com/")), "error");
  EXPECT_EQ(Canonical("https://example.com/\xff"), "error");
  EXPECT_EQ(Canonical("https://exam\xc3ple.com/"), "error");
}

TEST(UrlTest, AnAbsoluteUrlWithAHost) {
  for (const auto text : {"",
                          "example.com",
                          "//example.com/",
                          "/path",
                          "https:",
                          "https:/example.com/",
                          "https:example.com",
                          "https://",
                          "https:///example.com/",
                          "https://?q",
                          "https://#f",
                          "https://:443/",
                          "1https://example.com/",
                          "-x://example.com/",
                          "ht\u0442ps://example.com/",
                          "://example.com/",
                          "mailto:ana@example.com",
                          "mailto://example.com",
                          "javascript://example.com/%0aalert(1)",
                          "JavaScript://example.com/",
                          "data://example.com/",
                          "data:text/html,x",
                          "blob:https://example.com/x",
                          "file:///etc/passwd",
                          "file://localhost/etc/passwd",
                          "urn:isbn:1"}) {
    EXPECT_EQ(Canonical(text), "error") << text;
  }
}

TEST(UrlTest, Ports) {
  const auto port = [](std::string_view text) -> int64_t {
    const auto parsed = ParseUrl(String(text));
    if (!parsed) return -2;
    return UrlPort(*Held(*parsed)).value_or(-1);
  };
  EXPECT_EQ(port("http://h/"), 80);
  EXPECT_EQ(port("https://h/"), 443);
  EXPECT_EQ(port("ftp://h/"), 21);
  EXPECT_EQ(port("ws://h/"), 80);
  EXPECT_EQ(port("wss://h/"), 443);
  EXPECT_EQ(port("https://h:8443/"), 8443);
  EXPECT_EQ(port("https://[::1]:8443/"), 8443);
  EXPECT_EQ(port("redis://h:6379"), 6379);
  EXPECT_EQ(port("redis://h"), -1);
  EXPECT_EQ(port("https://h:65535/"), 65535);
  for (const auto text :
       {"https://h:/", "https://h:0/", "https://h:65536/", "https://h:0443/", "https://h:-1/", "https://h:+1/", "https://h:1x/",
        "https://h:80:80/", "https://h:99999999999999999999/", "https://h:\u0661/", "https://[::1]x:1/", "https://[::1]]/"}) {
    EXPECT_EQ(port(text), -2) << text;
  }
}

TEST(UrlTest, DomainsAreAsciiInLowerCase) {
  for (const auto& [text, host] : {
           std::pair{"https://B\u00dcCHER.example/", "xn--bcher-kva.example"},
           std::pair{"https://xn--bcher-kva.example/", "xn--bcher-kva.example"},
           std::pair{"https://fa\u00df.de/", "xn--fa-hia.de"},                        // not fass.de
           std::pair{"https://\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com/", "example.com"},  // full width
           std::pair{"https://example\u3002com/", "example.com"},                     // an ideographic full stop
           std::pair{"https://ex\u0430mple.com/", "xn--exmple-4nf.com"},              // a Cyrillic a: another domain
           std::pair{"https://\u0440\u0430ypal.com/", "xn--ypal-43d9g.com"},
           std::pair{"https://example.com\u2044.evil.com/", "example.xn--com-qt0a.evil.com"},  // a fraction slash
           std::pair{"https://a_b.example.com/", "a_b.example.com"},
           std::pair{"https://r3---sn-x.example.com/", "r3---sn-x.example.com"},
           std::pair{"https://localhost/", "localhost"},
       }) {
    EXPECT_EQ(HostOf(text), host) << text;
  }
}

TEST(UrlTest, WhatIsNoDomain) {
  for (const auto text : {"https://example..com/",
                          "https://.example.com/",
                          "https://example.com../",
                          "https://./",
                          "https://../",
                          "https://ex%61mple.com/",
                          "https://example.com%2f.evil.com/",
                          "https://example.com%00.evil.com/",
                          "https://a*b.com/",
                          "https://*.example.com/",
                          "https://a,b.com/",
                          "https://a;b.com/",
                          "https://a!b.com/",
                          "https://a'b.com/",
                          "https://a|b.com/",
                          "https://a^b.com/",
                          "https://<a>.com/",
                          "https://xn--/",
                          "https://xn--a/",
                          "https://xn--zzzzzzz99999.com/",
                          "https://\u2100.com/",       // maps to a/c
                          "https://\u202eexample.com/",
                          "https://\ufdd0.com/",
                          "https://\u05d0a.com/",      // right to left with a Latin letter
                          "https://\u00ad/",
                          "https://\u200b/"}) {
    EXPECT_EQ(HostOf(text), "error") << text;
  }
  EXPECT_EQ(HostOf("https://" + std::string(64, 'a') + ".com/"), "error");
  std::string long_name;
  for (int i = 0; i < 130; ++i) long_name += "a.";
  EXPECT_EQ(HostOf("https://" + long_name + "com/"), "error");
  EXPECT_EQ(HostOf("https://" + std::string(60'000, 'a') + "/"), "error");
}

TEST(UrlTest, Ipv4InEveryNotation) {
  for (const auto& [text, host] : {
           std::pair{"http://127.0.0.1/", "127.0.0.1"},
           std::pair{"http://127.0.0.1./", "127.0.0.1"},
           std::pair{"http://127.1/", "127.0.0.1"},
           std::pair{"http://127.0.1/", "127.0.0.1"},
           std::pair{"http://2130706433/", "127.0.0.1"},
           std::pair{"http://0x7f000001/", "127.0.0.1"},
           std::pair{"http://0X7F.1/", "127.0.0.1"},
           std::pair{"http://0x7f.0x0.0x0.0x1/", "127.0.0.1"},
           std::pair{"http://0/", "0.0.0.0"},
           std::pair{"http://0x/", "0.0.0.0"},
           std::pair{"http://00.00.00.01/", "0.0.0.1"},  // the same in octal and decimal
           std::pair{"http://\uff11\uff12\uff17.0.0.1/", "127.0.0.1"},
           std::pair{"http://4294967295/", "255.255.255.255"},
           std::pair{"http://169.254.169.254/", "169.254.169.254"},
       }) {
    EXPECT_EQ(HostOf(text), host) << text;
  }
  for (const auto text :
       {"http://0177.0.0.1/", "http://010.0.0.1/", "http://017700000001/", "http://08.0.0.1/", "http://256.0.0.1/", "http://1.2.3.256/",
        "http://1.2.3.4.5/", "http://4294967296/", "http://1.16777216/", "http://1.2.65536/", "http://1..2/", "http://a.1/",
        "http://a.0x1/", "http://99999999999999999999/", "http://0x10000000000000000/", "http://1.2.3.4x5.6/"}) {
    EXPECT_EQ(HostOf(text), "error") << text;
  }
  EXPECT_EQ(HostOf("http://0xg/"), "0xg");  // no number, so a name
}

TEST(UrlTest, OtherSchemesHaveNoNotations) {
  EXPECT_EQ(HostOf("redis://127.0.0.1"), "127.0.0.1");
  for (const auto text : {"redis://127.1", "redis://0x7f.1", "redis://2130706433", "redis://b\u00fccher.example", "redis://127.0.0.1."}) {
    EXPECT_EQ(HostOf(text), "error") << text;
  }
}

TEST(UrlTest, Ipv6) {
  for (const auto& [text, host] : {
           std::pair{"http://[::1]/", "::1"},
           std::pair{"http://[0:0:0:0:0:0:0:1]/", "::1"},
           std::pair{"http://[2001:DB8::A]/", "2001:db8::a"},
           std::pair{"http://[64:ff9b::1.2.3.4]/", "64:ff9b::102:304"},
           std::pair{"http://[::]/", "::"},
           std::pair{"redis://[::1]", "::1"},
       }) {
    EXPECT_EQ(HostOf(text), host) << text;
  }
  EXPECT_EQ(Canonical("http://[0::1]:80/"), "http://[::1]/");
  for (const auto text :
       {"http://[::1/", "http://::1/", "http://[]/", "http://[::1%25eth0]/", "http://[::1%eth0]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[1:2:3]/", "http://[::g]/", "http://[v1.a]/", "http://[127.0.0.1]/",
        "http://[[::1]]/", "http://x[::1]/", "http://[::1].com/", "http://[ ::1]/"}) {
    EXPECT_EQ(HostOf(text), "error") << text;
  }
}

TEST(UrlTest, Paths) {
  for (const auto& [text, path] : {
           std::pair{"https://h", "/"},
           std::pair{"redis://h", ""},
           std::pair{"https://h/a/b/", "/a/b/"},
           std::pair{"https://h/a/../b", "/b"},
           std::pair{"https://h/a/..", "/"},
           std::pair{"https://h/a/b/.", "/a/b/"},
           std::pair{"https://h/%61dmin", "/admin"},
           std::pair{"https://h/a%20b", "/a%20b"},
           std::pair{"https://h/a%2ab", "/a%2Ab"},
           std::pair{"https://h//a//b", "//a//b"},
           std::pair{"https://h/a%2ebc", "/a.bc"},
           std::pair{"https://h/...", "/..."},
           std::pair{"https://h/a;b=c/d", "/a;b=c/d"},
           std::pair{"https://h/%252e%252e", "/%252e%252e"},
       }) {
    EXPECT_EQ(PathOf(text), path) << text;
  }
}

TEST(UrlTest, PathsInDoubt) {
  for (const auto text : {"https://h/..", "https://h/../a", "https://h/a/../../b", "https://h/a/%2e%2e/b", "https://h/a/%2E./b",
                          "https://h/a/.%2e", "https://h/%2e/a", "https://h/a%2fb", "https://h/a%2Fb", "https://h/a%5cb", "https://h/a%00b",
                          "https://h/a%0d%0ab", "https://h/a%7f", "https://h/a%", "https://h/a%4", "https://h/a%zz",
                          "https://h/public/..;/admin", "https://h/public/.;x/admin", "https://h/a//../b"}) {
    EXPECT_EQ(PathOf(text), "error") << text;
    EXPECT_EQ(HostOf(text), "h") << text;
    EXPECT_EQ(Canonical(Canonical(text)), Canonical(text)) << text;
    EXPECT_EQ(PathOf(Canonical(text)), "error") << text;
  }
}

TEST(UrlTest, HostsUnderADomain) {
  const auto under = [](std::string_view text, std::string_view domain) -> std::string {
    const auto parsed = ParseUrl(String(text));
    if (!parsed) return "no url";
    const auto result = IsHostUnder(*Held(*parsed), String(domain));
    return !result ? "error" : *result ? "true" : "false";
  };
  for (const auto& [url, domain, answer] : {
           std::tuple{"https://example.com/", "example.com", "true"},
           std::tuple{"https://api.example.com/", "example.com", "true"},
           std::tuple{"https://a.b.example.com./", "EXAMPLE.com.", "true"},
           std::tuple{"https://badexample.com/", "example.com", "false"},
           std::tuple{"https://example.com.evil.com/", "example.com", "false"},
           std::tuple{"https://example.co/", "example.com", "false"},
           std::tuple{"https://com/", "example.com", "false"},
           std::tuple{"https://ex\u0430mple.com/", "example.com", "false"},
           std::tuple{"https://x.b\u00fccher.example/", "B\u00dcCHER.example", "true"},
           std::tuple{"https://127.0.0.1/", "0.0.1", "error"},
           std::tuple{"https://127.0.0.1/", "example.com", "false"},
           std::tuple{"https://[::1]/", "example.com", "false"},
           std::tuple{"https://127.0.0.1/", "127.0.0.1", "error"},
           std::tuple{"https://example.com/", "", "error"},
           std::tuple{"https://example.com/", ".", "error"},
           std::tuple{"https://example.com/", ".example.com", "error"},
           std::tuple{"https://example.com/", "*.example.com", "error"},
           std::tuple{"https://example.com/", "https://example.com", "error"},
           std::tuple{"https://example.com/", "example.com/", "error"},
           std::tuple{"https://example.com/", "example.com:443", "error"},
           std::tuple{"https://example.com/", "example .com", "error"},
       }) {
    EXPECT_EQ(under(url, domain), answer) << url << " under " << domain;
  }
}

TEST(UrlTest, LongTextsAreRefused) {
  EXPECT_EQ(Canonical("https://h/" + std::string(60'000, 'a')), "https://h/" + std::string(60'000, 'a'));
  EXPECT_EQ(Canonical("https://h/" + std::string(70'000, 'a')), "error");
}

}  // namespace
}  // namespace remit
