// E-mail addresses: the plain form and nothing else.
#include "stdlib/email.h"

#include "tests/unit/stdlib/tables.h"

namespace remit {
namespace {

auto Canonical(std::string_view text) -> std::string {
  const auto email = ParseEmail(String(text));
  return email ? email->storage : "error";
}

TEST(EmailTest, PlainAddresses) {
  for (const auto& [text, canonical] : {
           std::pair{"ana@example.com", "ana@example.com"},
           std::pair{"Ana@EXAMPLE.Com", "Ana@example.com"},
           std::pair{"a.b+c_d-e@mail.example.com", "a.b+c_d-e@mail.example.com"},
           std::pair{"!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"},
           std::pair{"ana@b\u00fccher.example", "ana@xn--bcher-kva.example"},
           std::pair{"ana@ex\u0430mple.com", "ana@xn--exmple-4nf.com"},
           std::pair{"ana@localhost", "ana@localhost"},
       }) {
    EXPECT_EQ(Canonical(text), canonical) << text;
    EXPECT_EQ(Canonical(canonical), canonical);
  }
}

TEST(EmailTest, EverythingElseIsAnError) {
  for (const auto text : {"",
                          "@",
                          "ana",
                          "ana@",
                          "@example.com",
                          "ana@@example.com",
                          "ana@evil.com@example.com",
                          "\"ana@evil.com\"@example.com",
                          "\"ana\"@example.com",
                          "ana(comment)@example.com",
                          "ana@(comment)example.com",
                          "Ana <ana@example.com>",
                          "<ana@example.com>",
                          "group: ana@example.com;",
                          "ana@example.com, bob@example.com",
                          "ana@example.com;bob@evil.com",
                          "@relay.example:ana@example.com",
                          "ana@[127.0.0.1]",
                          "ana@[IPv6:::1]",
                          "ana@127.0.0.1",
                          "ana@0x7f.1",
                          ".ana@example.com",
                          "ana.@example.com",
                          "a..b@example.com",
                          "ana @example.com",
                          " ana@example.com",
                          "ana@example.com ",
                          "ana@ example.com",
                          "ana@example.com\n",
                          "ana@example.com\r\nBcc: bob@evil.com",
                          "ana\\@evil.com@example.com",
                          "ana@example.com.",
                          "ana@.example.com",
                          "ana@example..com",
                          "ana@-example.com",
                          "ana@example-.com",
                          "ana@a_b.com",
                          "ana@exa%6dple.com",
                          "\u00e4na@example.com",
                          "ana\uff20evil.com@example.com",
                          "ana\uff20example.com",
                          "ana@example.com/x",
                          "ana@example.com:25",
                          "mailto:ana@example.com@x",
                          "ana@\u2100.com"}) {
    EXPECT_EQ(Canonical(text), "error") << text;
  }
  EXPECT_EQ(Canonical(WithNul("ana", "@example.com")), "error");
  EXPECT_EQ(Canonical(WithNul("ana@example.com", ".evil.com")), "error");
  EXPECT_EQ(Canonical("ana@exam\xffple.com"), "error");
  EXPECT_EQ(Canonical(std::string(64, 'a') + "@example.com"), std::string(64, 'a') + "@example.com");
  EXPECT_EQ(Canonical(std::string(65, 'a') + "@example.com"), "error");
  EXPECT_EQ(Canonical(std::string(1'000'000, 'a') + "@example.com"), "error");
}

TEST(EmailTest, Domains) {
  const auto parsed = ParseEmail(String("ana@Mail.Example.com"));
  ASSERT_TRUE(parsed);
  const Held email(*parsed);
  EXPECT_EQ(EmailDomain(*email).view(), "mail.example.com");
  EXPECT_EQ(IsDomainUnder(*email, String("example.com")), true);
  EXPECT_EQ(IsDomainUnder(*email, String("MAIL.example.com")), true);
  EXPECT_EQ(IsDomainUnder(*email, String("ample.com")), false);
  EXPECT_EQ(IsDomainUnder(*email, String("x.mail.example.com")), false);
  EXPECT_EQ(IsDomainUnder(*email, String("com")), true);
  for (const auto domain : {"", ".", "@example.com", "*.example.com", "127.0.0.1", ".com"}) {
    EXPECT_FALSE(IsDomainUnder(*email, String(domain)).has_value()) << domain;
  }
}

}  // namespace
}  // namespace remit
