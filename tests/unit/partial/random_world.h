// Seeded policies, entities and requests over one schema that has a bit of everything. All as text, so that a failure can be read.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

namespace remit {

inline constexpr std::string_view kWorldSchema = R"(
entity Group in [Group];
entity User in [Group] = { age: Long, name?: String, manager?: User, groups: Set<Group>, home: { city: String, zip?: Long } } tags Long;
entity Folder in [Folder];
entity Doc in [Folder] = { owner: User, size: Long, labels: Set<String>, addr?: ipaddr, price: decimal, at: datetime };
entity Status enum ["open", "closed"];
action reads;
action read in [reads] appliesTo { principal: [User, Group], resource: [Doc, Folder],
  context: { n: Long, flag: Bool, text?: String, who?: User, list: Set<Long>, rec: { a: Long, b?: Bool }, status: Status, ip: ipaddr } };
action write appliesTo { principal: User, resource: Doc, context: { n: Long } };
)";

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  auto Below(uint64_t bound) -> uint64_t { return engine_() % bound; }
  auto Chance(uint64_t percent) -> bool { return Below(100) < percent; }
  auto Pick(std::initializer_list<std::string_view> options) -> std::string { return std::string(options.begin()[Below(options.size())]); }

 private:
  std::mt19937_64 engine_;
};

// Expressions of a type, valid for a User reading a Doc.
class RandomPolicies {
 public:
  explicit RandomPolicies(Random& random) : random_(random) {}

  auto Set(size_t count) -> std::string {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += Policy() + "\n";
    return text;
  }

  // A template whose slots are the principal's group and the resource's folder.
  auto Template() -> std::string {
    return fmt::format(
        "@id(\"t\") {} (principal is User in ?principal, action == Action::\"read\", resource is Doc in ?resource) when {{ {} }};\n",
        Effect(), Bool(3));
  }

 private:
  auto Effect() -> std::string { return random_.Pick({"permit", "permit", "forbid"}); }

  auto Policy() -> std::string {
    const auto principal =
        random_.Pick({"principal is User", "principal is User", "principal == User::\"u0\"", "principal is User in Group::\"g1\""});
    const auto action = random_.Pick({"action == Action::\"read\"", "action in Action::\"reads\"", "action in [Action::\"read\"]"});
    const auto resource =
        random_.Pick({"resource is Doc", "resource is Doc", "resource == Doc::\"d1\"", "resource is Doc in Folder::\"f0\""});
    std::string text = fmt::format("{} ({}, {}, {})", Effect(), principal, action, resource);
    for (size_t i = random_.Below(3); i > 0; --i) text += fmt::format(" {} {{ {} }}", random_.Pick({"when", "when", "unless"}), Bool(4));
    return text + ";";
  }

  auto Bool(size_t depth) -> std::string {
    if (depth == 0)
      return random_.Pick(
          {"context.flag", "true", "false", "context.n == 1", "principal has name", "context has who", "resource.size < 5"});
    const size_t next = depth - 1;
    switch (random_.Below(24)) {
      case 0:
      case 1:
      case 2: return fmt::format("({} && {})", Bool(next), Bool(next));
      case 3:
      case 4: return fmt::format("({} || {})", Bool(next), Bool(next));
      case 5: return fmt::format("!({})", Bool(next));
      case 6: return fmt::format("(if {} then {} else {})", Bool(next), Bool(next), Bool(next));
      case 7: return fmt::format("({} {} {})", Long(next), random_.Pick({"<", "<=", ">", ">=", "==", "!="}), Long(next));
      case 8: return fmt::format("({} {} {})", User(next), random_.Pick({"==", "!="}), User(next));
      case 9: return fmt::format("({} in {})", User(next), Groups(next));
      case 10: return fmt::format("({} like \"{}\")", String(next), random_.Pick({"*", "a*", "*b", "x"}));
      case 11:
        return fmt::format("(context has text && {})", random_.Pick({"context.text == \"a\"", "context.text like \"*a\"",
                                                                     "[context.text, \"b\"].contains(principal.home.city)"}));
      case 12:
        return fmt::format("(principal has manager && {})",
                           random_.Pick({"principal.manager.age > 30", "principal.manager == resource.owner", "principal.manager has name",
                                         "principal.manager in Group::\"g0\""}));
      case 13:
        return fmt::format("({0}.hasTag(\"t\") && {0}.getTag(\"t\") > {1})", random_.Pick({"principal", "resource.owner", "User::\"u1\""}),
                           Long(0));
      case 14: return fmt::format("{}.contains({})", Longs(next), Long(next));
      case 15: return fmt::format("{}.{}({})", Longs(next), random_.Pick({"containsAll", "containsAny"}), Longs(next));
      case 16:
        return random_.Pick({"(resource has addr && resource.addr.isInRange(ip(\"10.0.0.0/8\")))", "context.ip.isLoopback()",
                             "(context.ip == ip(\"127.0.0.1\"))", "resource.price.lessThan(decimal(\"2.5\"))",
                             "(resource.at < datetime(\"2024-06-01\"))",
                             "(resource.at.offset(duration(\"1d\")) > datetime(\"2024-06-01\"))"});
      case 17:
        return fmt::format("{}.{}(x, {})", Longs(next), random_.Pick({"any", "all"}),
                           random_.Pick({"x > context.n", "x + context.n > 3", "x == principal.age", "x < 100"}));
      case 18:
        return fmt::format("principal.groups.{}(g, {})", random_.Pick({"any", "all"}),
                           random_.Pick({"g in Group::\"g0\"", "g == Group::\"g1\"", "resource.owner in g"}));
      case 19:
        return random_.Pick(
            {"(principal is User)", "(principal is Group)", "(resource is Doc in Folder::\"f1\")", "(principal is User in Group::\"g1\")",
             "(resource in Folder::\"f0\")", "(context has who && context.who is User in Group::\"g0\")", "principal has home.zip",
             "(principal has manager.home.zip && principal.manager.home.zip == 1)", "context has rec.b",
             "(context.rec has b && context.rec.b)", "(context.status == Status::\"open\")", "(action in Action::\"reads\")"});
      case 22:
        return fmt::format("(context.n {} context.rec.a > 0 {} {})", random_.Pick({"+", "-", "*"}), random_.Pick({"&&", "||"}), Bool(next));
      case 21:
        return random_.Pick(
            {"(now() > datetime(\"2024-06-01\"))", "principal.home.city.matches(\"a+b?\")", "(path(\"/w/x\").isUnder(\"/w\"))",
             "(context has text && url(context.text).isHostUnder(\"b\"))", "(context has text && context.text.size() > principal.age)",
             "command(resource.owner.home.city).args().isEmpty()", "(resource.price.add(decimal(\"1.0\")) == decimal(\"2.5\"))",
             "(semver(\"1.0.0\") < semver(\"1.1.0\"))", "(path(principal.home.city) == path(resource.owner.home.city))"});
      case 20: return fmt::format("{}.isEmpty()", random_.Pick({"principal.groups", "resource.labels", "context.list"}));
      default:
        return random_.Pick({"resource.labels.contains(\"a\")", "(resource.labels == [\"a\", \"b\"])", "(principal.home == {city: \"a\"})",
                             "(principal.groups == [Group::\"g0\"])"});
    }
  }

  auto Long(size_t depth) -> std::string {
    const auto leaf = [&] {
      return random_.Pick({"context.n", "principal.age", "resource.size", "context.rec.a", "0", "1", "2", "35", "9223372036854775807",
                           "resource.owner.age", "User::\"u1\".age", "Doc::\"gone\".size"});
    };
    if (depth == 0) return leaf();
    switch (random_.Below(6)) {
      case 0: return fmt::format("({} {} {})", Long(depth - 1), random_.Pick({"+", "-", "*"}), Long(depth - 1));
      case 1: return fmt::format("(if {} then {} else {})", Bool(depth - 1), Long(depth - 1), Long(depth - 1));
      case 2: return fmt::format("-({})", Long(depth - 1));
      default: return leaf();
    }
  }

  auto String(size_t depth) -> std::string {
    if (depth > 0 && random_.Chance(20)) return fmt::format("(if {} then {} else {})", Bool(depth - 1), String(0), String(0));
    return random_.Pick({"principal.home.city", "resource.owner.home.city", "\"ab\"", "\"\""});
  }

  auto User(size_t depth) -> std::string {
    if (depth > 0 && random_.Chance(20)) return fmt::format("(if {} then {} else {})", Bool(depth - 1), User(0), User(0));
    if (random_.Chance(10)) return "(if context has who then context.who else principal)";
    return random_.Pick({"principal", "resource.owner", "User::\"u0\"", "User::\"u1\""});
  }

  auto Groups(size_t /*depth*/) -> std::string {
    return random_.Pick({"Group::\"g0\"", "Group::\"g1\"", "[Group::\"g0\", Group::\"g2\"]", "principal.groups", "resource.owner.groups",
                         "User::\"u1\".groups"});
  }

  auto Longs(size_t depth) -> std::string {
    if (random_.Chance(40)) return "context.list";
    return fmt::format("[{}, {}]", Long(depth > 1 ? 1 : 0), Long(0));
  }

  Random& random_;
};

// Entities and requests that conform to the schema; some entities that are referred to do not exist.
class RandomData {
 public:
  explicit RandomData(Random& random) : random_(random) {}

  auto Entities() -> std::string {
    std::string all = "[";
    for (size_t i = 0; i < 3; ++i) {
      if (random_.Chance(80))
        all += fmt::format(R"({{"uid": {{"type": "Group", "id": "g{}"}}, "attrs": {{}}, "parents": [{}]}},)", i,
                           i > 0 && random_.Chance(50) ? Uid("Group", i - 1) : "");
      if (random_.Chance(80))
        all += fmt::format(R"({{"uid": {{"type": "Folder", "id": "f{}"}}, "attrs": {{}}, "parents": [{}]}},)", i,
                           i > 0 && random_.Chance(50) ? Uid("Folder", i - 1) : "");
      if (random_.Chance(90)) all += UserJson(i) + ",";
      if (random_.Chance(90)) all += DocJson(i) + ",";
    }
    all += UserJson(9) + "]";
    return all;
  }

  auto Request() -> std::string {
    std::string context =
        fmt::format(R"("n": {}, "flag": {}, "list": [{}], "rec": {{"a": {}{}}}, "status": {{"type": "Status", "id": "{}"}}, "ip": "{}")",
                    Long(), random_.Pick({"true", "false"}), random_.Pick({"", "1", "1, 2", "35, 2"}), Long(),
                    random_.Pick({"", R"(, "b": true)", R"(, "b": false)"}), random_.Pick({"open", "closed"}),
                    random_.Pick({"127.0.0.1", "10.0.0.1", "::1"}));
    if (random_.Chance(60)) context += fmt::format(R"(, "text": "{}")", Word());
    if (random_.Chance(60)) context += fmt::format(R"(, "who": {})", Uid("User", random_.Below(4)));
    return fmt::format(R"({{"principal": {}, "action": {{"type": "Action", "id": "read"}}, "resource": {}, "context": {{{}}}}})",
                       Uid("User", random_.Below(4)), Uid("Doc", random_.Below(4)), context);
  }

 private:
  static auto Uid(std::string_view type, uint64_t number) -> std::string {
    return fmt::format(R"({{"type": "{}", "id": "{}{}"}})", type,
                       type == "User"    ? "u"
                       : type == "Doc"   ? "d"
                       : type == "Group" ? "g"
                                         : "f",
                       number);
  }
  auto Long() -> std::string { return random_.Pick({"0", "1", "2", "3", "35", "-1", "9223372036854775807", "-9223372036854775808"}); }
  auto Word() -> std::string { return random_.Pick({"a", "b", "ab", "ba", ""}); }
  auto Parents(std::string_view type) -> std::string {
    std::string list;
    for (size_t i = 0; i < 3; ++i) {
      if (random_.Chance(35)) list += (list.empty() ? "" : ", ") + Uid(type, i);
    }
    return list;
  }

  auto UserJson(size_t number) -> std::string {
    std::string attrs = fmt::format(R"("age": {}, "groups": [{}], "home": {{"city": "{}"{}}})", Long(), Parents("Group"), Word(),
                                    random_.Chance(50) ? R"(, "zip": 1)" : "");
    if (random_.Chance(50)) attrs += fmt::format(R"(, "name": "{}")", Word());
    if (random_.Chance(60)) attrs += fmt::format(R"(, "manager": {})", Uid("User", random_.Below(4)));
    return fmt::format(R"({{"uid": {}, "attrs": {{{}}}, "parents": [{}], "tags": {{{}}}}})", Uid("User", number), attrs, Parents("Group"),
                       random_.Chance(50) ? R"("t": 2)" : "");
  }

  auto DocJson(size_t number) -> std::string {
    std::string attrs = fmt::format(R"("owner": {}, "size": {}, "labels": [{}], "price": "{}", "at": "{}")", Uid("User", random_.Below(4)),
                                    Long(), random_.Pick({"", R"("a")", R"("a", "b")"}), random_.Pick({"1.5", "2.5", "-3.0"}),
                                    random_.Pick({"2024-01-01", "2024-12-31"}));
    if (random_.Chance(50)) attrs += fmt::format(R"(, "addr": "{}")", random_.Pick({"10.1.2.3", "192.168.0.1", "::1"}));
    return fmt::format(R"({{"uid": {}, "attrs": {{{}}}, "parents": [{}]}})", Uid("Doc", number), attrs, Parents("Folder"));
  }

  Random& random_;
};

}  // namespace remit
