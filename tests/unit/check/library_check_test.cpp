// The standard library as the checker sees it: types of calls, and which arguments must be literals.
#include "tests/unit/check/check_fixture.h"

namespace remit {
namespace {

constexpr auto kSchema = R"(
  entity User { tags: Set<String> };
  action call appliesTo { principal: User, resource: User, context: { text: String, n: Long, d: decimal } };
)";

// The codes that a condition gets, joined; "ok" for none.
auto Check(const std::string& condition) -> std::string {
  const CheckJob job(kSchema, "permit (principal, action, resource) when { " + condition + " };");
  std::string codes;
  for (const auto& code : job.Codes()) codes += (codes.empty() ? "" : " ") + code;
  return codes.empty() ? "ok" : codes;
}

TEST(LibraryCheckTest, TypesOfCalls) {
  for (const auto condition :
       {"url(context.text).isHostUnder(\"example.com\")", "path(url(context.text).path()).extension() == \"gz\"",
        "command(context.text).args().containsAny([\"-rf\", \"-r\"])", "command(context.text).args().all(a, !a.startsWith(\"-\"))",
        "command(context.text).args().size() == command(context.text).argCount()", "context.text.size() + principal.tags.size() < 10",
        "context.text.toLower().matches(\"[a-z]+\")",
        "semver(context.text) >= semver(\"1.2.3\") && semver(context.text).major() == context.n",
        "context.d.add(decimal(\"1.0\")).multiply(context.d).lessThan(decimal(\"9.0\"))", "email(context.text).domain() == \"example.com\"",
        "now() < datetime(\"2030-01-01\") && now().durationSince(now()) <= duration(\"1d\")"}) {
    EXPECT_EQ(Check(condition), "ok") << condition;
  }
}

TEST(LibraryCheckTest, Mistakes) {
  for (const auto& [condition, codes] : {
           std::pair{"url(context.n).host() == \"h\"", "unexpected-type"},
           std::pair{"url(context.text).name() == \"h\"", "unexpected-type"},
           std::pair{"command(context.text).args().contains(1)", "incompatible-types"},
           std::pair{"command(context.text).args() == \"x\"", "incompatible-types"},
           std::pair{"context.n.size() == 1", "unexpected-type"},
           std::pair{"context.text.size()", "unexpected-type"},
           std::pair{"path(context.text) < path(\"/b\")", "unexpected-type unexpected-type"},
           std::pair{"semver(context.text) < context.n", "unexpected-type"},
           std::pair{"now() == context.n", "incompatible-types"},
           std::pair{"now(1) == now()", "wrong-argument-count"},
           std::pair{"semver(\"1.2\") == semver(context.text)", "invalid-extension-literal"},
           std::pair{"url(\"example.com\") == url(context.text)", "invalid-extension-literal"},
           std::pair{"decimal(context.text) == context.d", "non-literal-constructor"},
       }) {
    EXPECT_EQ(Check(condition), codes) << condition;
  }
}

}  // namespace
}  // namespace remit
