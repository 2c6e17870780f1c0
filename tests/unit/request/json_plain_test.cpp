// Documents whose entities are read straight from the tokens: what is read so is what the tree says, and what the tree refuses is never read.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "runtime/request/json_plain_request.h"
#include "runtime/request/json_request.h"
#include "runtime/request/request_names.h"
#include "tests/unit/request/schema_job.h"

namespace remit {
namespace {

constexpr const char* kSchema = R"(
entity Group in [Group];
entity Kind enum ["a", "b"];
entity User in [Group] = {
  age: Long, name?: String, admin?: Bool, boss?: User, kind?: Kind, friends?: Set<User>, net?: ipaddr, score?: decimal,
  home?: { city: String, at?: datetime, inner?: { n: Long } }, lists?: Set<Set<Long>>
} tags Set<String>;
action top;
action read in [top] appliesTo { principal: User, resource: [User, Group], context: { n?: Long, ip?: ipaddr } };
)";

constexpr const char* kScope =
    R"("principal":{"type":"User","id":"ana"},"action":"Action::\"read\"","resource":{"__entity":{"type":"Group","id":"g"}})";

auto Show(EntityUid uid, const Interner& names) -> std::string { return FormatEntityUid(uid, names); }

auto Show(const Entity& entity, const EntityStore& store, const Interner& names) -> std::string {
  std::string shown = Show(entity.uid, names) + FormatValue(Value::OfSortedRecord(entity.attrs), names) +
                      FormatValue(Value::OfSortedRecord(entity.tags), names) + " in";
  for (const EntityUid parent : entity.parents) shown += " " + Show(parent, names);
  std::vector<std::string> ancestors;
  for (const EntityUid ancestor : store.AncestorsOf(entity.uid)) ancestors.push_back(Show(ancestor, names));
  std::ranges::sort(ancestors);
  for (const auto& ancestor : ancestors) shown += " <" + ancestor;
  return shown;
}

auto Show(const EntityStore& store, const Interner& names) -> std::string {
  std::vector<std::string> entities;
  for (const Entity& entity : store.entities()) entities.push_back(Show(entity, store, names));
  std::ranges::sort(entities);
  std::string shown;
  for (const auto& entity : entities) shown += entity + "\n";
  return shown;
}

auto Show(const RequestDocument& document, const Interner& names) -> std::string {
  const Request& request = document.request;
  return Show(request.principal, names) + Show(request.action, names) + Show(request.resource, names) +
         FormatValue(Value::OfSortedRecord(request.context), names) + document.id + "\n" +
         (document.entities ? Show(*document.entities, names) : "no entities");
}

// "": not plain.
auto Plain(std::string_view json, const JsonOptions& options, const Interner& names) -> std::string {
  Interner overlay(&names);
  Arena arena;
  const auto document = json::ReadPlainRequest(json, overlay, arena, options, nullptr);
  return document ? Show(*document, overlay) : "";
}

// "": refused.
auto Tree(std::string_view json, const JsonOptions& options, const Interner& names) -> std::string {
  Interner overlay(&names);
  Arena arena;
  const auto document = json::Document::Parse(json, options.limits.max_request_bytes, options.limits.max_json_depth);
  if (!document) return "";
  json::ValueReader reader(overlay, arena, options.schema);
  const auto request = json::ReadRequestAt(json::Cursor(document->root()), reader, options, nullptr);
  return request ? Show(*request, overlay) : "";
}

class JsonPlainTest : public testing::Test {
 protected:
  static auto With(const std::string& entities) -> std::string { return "{" + std::string(kScope) + ",\"entities\":[" + entities + "]}"; }
  static auto WithAttributes(const std::string& attributes) -> std::string {
    return With(R"({"uid":{"type":"User","id":"ana"},"attrs":)" + attributes + R"(,"parents":[]})");
  }

  void ExpectSame(const std::string& json, const JsonOptions& options) {
    const auto plain = Plain(json, options, job_.interner());
    if (plain.empty()) return;
    EXPECT_EQ(plain, Tree(json, options, job_.interner())) << json;
  }
  void ExpectPlain(const std::string& json, const JsonOptions& options) {
    EXPECT_NE(Plain(json, options, job_.interner()), "") << json;
    ExpectSame(json, options);
  }
  void ExpectNotPlain(const std::string& json) {
    EXPECT_EQ(Plain(json, typed_, job_.interner()), "") << json;
    EXPECT_EQ(Plain(json, untyped_, job_.interner()), "") << json;
  }

  ValidationJob job_{kSchema};
  JsonOptions typed_{.limits = {}, .schema = &job_.schema()};
  JsonOptions untyped_{};
};

const auto kDocuments = std::to_array<std::string>({
    R"({"uid":{"type":"User","id":"ana"},"attrs":{"age":7},"parents":[{"type":"Group","id":"g"},{"id":"h","type":"Group"}]},
       {"uid":{"type":"Group","id":"g"},"attrs":{},"parents":[{"__entity":{"type":"Group","id":"h"}}]})",
    R"({"attrs":{"age":-12,"name":"Ana é","admin":true,"boss":{"__entity":{"type":"User","id":"bo"}},"kind":{"type":"Kind","id":"a"}},
        "parents":[],"tags":{"t":["x","y","x"],"u":[]},"uid":{"__entity":{"id":"ana","type":"User"}}})",
    R"({"tags":{},"uid":{"type":"User","id":""},"parents":[],"attrs":{"age":0,"friends":[{"__entity":{"type":"User","id":"b"}},
        {"type":"User","id":"a"}],"home":{"city":"Bern","inner":{"n":999999999999999999}},"lists":[[1,2],[],[2,1]]}},
       {"uid":{"type":"User","id":""},"parents":[],"tags":{},"attrs":{"lists":[[2,1],[]],"age":0,"friends":[{"type":"User","id":"a"},
        {"type":"User","id":"b"}],"home":{"inner":{"n":999999999999999999},"city":"Bern"}}})",
    R"({"uid":{"type":"User","id":"n"},"parents":[],"attrs":{"age":1,"name":"a\"\\\u00e9","net":"10.0.0.0/8",
        "score":{"__extn":{"fn":"decimal","arg":"1.5"}},"home":{"city":"","at":"2024-01-01"}}},
       {"uid":{"type":"Action","id":"read"},"attrs":{},"parents":[{"type":"Action","id":"top"}]})",
});

TEST_F(JsonPlainTest, ReadsWhatIsPlain) {
  for (const auto& entities : kDocuments) ExpectPlain(With(entities), typed_);
  ExpectPlain(With(""), typed_);
  ExpectPlain("{\"entities\":[" + kDocuments[0] + "]," + kScope + R"(,"context":{"n":-3,"ip":"\u0031.2.3.4"},"id":"r"})", typed_);
}

TEST_F(JsonPlainTest, ReadsWithoutASchema) {
  for (const auto& entities : kDocuments) ExpectSame(With(entities), untyped_);
  ExpectPlain(With(kDocuments[0]), untyped_);
  ExpectPlain(With(kDocuments[1]), untyped_);
  ExpectPlain(WithAttributes(R"({"a":{"__entity":1},"b":{"__entity":{"type":"U","id":"x"},"c":2},"d":{"__x":[true,false,{}]}})"), untyped_);
  ExpectPlain(WithAttributes(R"({"a":{"__extn":{"fn":"ip","arg":"1.2.3.4"}},"b":{"fn":"ip","arg":"1.2.3.4"}})"), untyped_);
}

TEST_F(JsonPlainTest, LeavesWhatIsNotPlainToTheTree) {
  ExpectNotPlain(With(kDocuments[0]) + "}");
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"a"},"attrs":{"age":1},"parents":[],})"));
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"a"},"attrs":{"age":1},"parents":[,]})"));
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"a"},"attrs":{"age":1},"parents":[],"parents":[]})"));
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"a"},"attrs":{"age":1}})"));
  ExpectNotPlain(With(
      R"({"uid":{"type":"User","id":"a"},"attrs":{"age":1},"parents":[]},{"uid":{"type":"User","id":"a"},"attrs":{"age":2},"parents":[]})"));
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"a"},"attrs":{"age":1},"parents":[{"type":"User","id":"a"}]})"));
  ExpectNotPlain(With(R"({"uid":{"type":"not a name","id":"a"},"attrs":{"age":1},"parents":[]})"));
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"a","x":1},"attrs":{"age":1},"parents":[]})"));
  ExpectNotPlain(With(R"({"uid":{"type":"User","id":"\u0061"},"attrs":{"age":1},"parents":[]})"));
  ExpectNotPlain("{\"entities\":[],\"entities\":[]," + std::string(kScope) + "}");
  ExpectNotPlain("{" + std::string(kScope) + "}");
}

TEST_F(JsonPlainTest, LeavesValuesThatAreNoneToTheTree) {
  for (const auto* value : {"null",
                            "1.0",
                            "-0",
                            "01",
                            "1e3",
                            "99999999999999999999",
                            "truex",
                            "tru",
                            "\"\xff\"",
                            "\"a\" \"b\"",
                            "{\"a\":1,\"a\":2}",
                            "{\"a\"}",
                            "[1,]",
                            "[1 2]",
                            "{,}",
                            "[",
                            "{\"a\":null}",
                            "1]",
                            "+1",
                            "--1",
                            "-",
                            "nul",
                            "\"\\ud800\"",
                            "\"\x01\""}) {
    ExpectNotPlain(WithAttributes("{\"age\":" + std::string(value) + "}"));
  }
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  ExpectNotPlain(WithAttributes("{\"age\":" + deep + "}"));
}

// A change somewhere in a document, by the tokens that matter to its reader.
auto Change(std::string json, std::mt19937& random) -> std::string {
  static constexpr auto kPieces = std::to_array<std::string_view>(
      {"{",        "}",  "[",  "]",    ",",   ":", "\"", "\\", " ", "\n", "1", "-", "0", ".", "null", "true", "\"a\"", "\"__entity\"",
       "\"type\"", "{}", "[]", "\xc3", "\x0c"});
  const auto at = [&] { return random() % (json.size() + 1); };
  switch (random() % 4) {
    case 0: return json.erase(at(), 1 + random() % 3);
    case 1: return json.insert(at(), kPieces[random() % kPieces.size()]);
    case 2: {
      const auto piece = json.substr(at(), random() % 40);
      return json.insert(at(), piece);
    }
    default: {
      const auto from = at();
      const auto piece = json.substr(from, random() % 40);
      json.erase(from, piece.size());
      return json.insert(at(), piece);
    }
  }
}

TEST_F(JsonPlainTest, AgreesWithTheTreeAboutBrokenDocuments) {
  constexpr int kChanges = 3000;
  std::mt19937 random(20'24);
  size_t plain = 0;
  for (const auto& entities : kDocuments) {
    for (int i = 0; i < kChanges; ++i) {
      auto json = Change(With(entities), random);
      if (i % 3 == 0) json = Change(json, random);
      for (const auto* options : {&typed_, &untyped_}) {
        ExpectSame(json, *options);
        plain += Plain(json, *options, job_.interner()).empty() ? 0 : 1;
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(plain, size_t{kChanges} / 10);
}

// Uids that a session remembers by how they are spelt are those of its names, even where so many were new that it began anew.
TEST_F(JsonPlainTest, ReadsWhatFormerRequestsNamedAlike) {
  constexpr int kRequests = 3000;
  RequestNames names;
  JsonOptions options = typed_;
  options.references = names.references();
  std::mt19937 random(7);
  size_t plain = 0;
  for (int i = 0; i < kRequests; ++i) {
    const auto group =
        R"({"uid":{"type":"Group","id":"group number )" + std::to_string(random() % kRequests) + R"("},"attrs":{},"parents":[]})";
    auto json = With(kDocuments[random() % kDocuments.size()] + "," + group);
    if (i % 2 == 0) json = Change(json, random);
    names.Begin(job_.interner());
    Arena arena;
    const auto document = json::ReadPlainRequest(json, *names, arena, options, nullptr);
    if (!document) continue;
    ++plain;
    ASSERT_EQ(Show(*document, *names), Tree(json, typed_, job_.interner())) << json;
  }
  EXPECT_GT(plain, size_t{kRequests} / 10);
}

TEST_F(JsonPlainTest, ReadsEntitiesOfAFileAlike) {
  for (const auto& entities : kDocuments) {
    Interner names(&job_.interner());
    const auto plain = json::ReadPlainEntities("[" + entities + "]", names, typed_, nullptr);
    ASSERT_TRUE(plain) << entities;
    const auto document = json::Document::Parse(With(entities), typed_.limits.max_request_bytes, typed_.limits.max_json_depth);
    Arena arena;
    json::ValueReader reader(names, arena, typed_.schema);
    const auto request = json::ReadRequestAt(json::Cursor(document->root()), reader, typed_, nullptr);
    ASSERT_TRUE(request && request->entities);
    EXPECT_EQ(Show(*plain, names), Show(*request->entities, names));
  }
}

}  // namespace
}  // namespace remit
