// Bundles: what is written is read back, and what was touched is refused.
#include "runtime/bundle/bundle.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "compiler/driver/compile_job.h"
#include "runtime/bundle/body_forms.h"
#include "runtime/bundle/fields.h"
#include "runtime/bundle/format.h"
#include "runtime/ir/program.h"

namespace remit {
namespace {

constexpr std::string_view kPolicies = R"(
@id("all kinds")
permit (principal, action == Action::"a", resource is Doc in Folder::"f") when {
  [true, 1, -9223372036854775808, "text\u{0}", User::"u", {"b": 1, a: [2]}].contains(context) || ip("10.0.0.1/24").isIpv4() ||
  decimal("1.5") == decimal("-1.5") || datetime("2024-01-01") < datetime("2025-01-01").offset(duration("1h")) ||
  url("https://example.com/a").host == "example.com" || path("/a/b").isUnder(path("/a")) || email("a@example.com").domain == "b" ||
  command("ls -l").program == "ls" || semver("1.2.3") < semver("2.0.0") || "abc" like "a*\*c" || context.s.matches("[a-z]+")
};
@id("template") forbid (principal in ?principal, action in [Action::"a", Action::"b"], resource) unless { principal.x has "odd key" };
@id("link") permit (principal, action, resource) when { resource has a.b && resource.a.b in [Group::"g"] };
)";

class BundleTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(LoadPolicies(job_, "policies.remit", std::string(kPolicies), PolicyFormat::Text)) << Problem();
    ASSERT_TRUE(
        LoadLinks(job_, "links", R"([{"templateId": "template", "newId": "l1", "values": {"?principal": {"type": "Group", "id": "g"}}}])"))
        << Problem();
    schema_ = LoadSchema(job_, "schema", R"(
      entity User in [Group] { x: { "odd key"?: Long } } tags String; entity Group enum ["g"]; entity Folder; entity Doc in [Folder];
      action a, b appliesTo { principal: User, resource: Doc, context: { s?: String, at: Set<datetime> } };)");
    ASSERT_TRUE(schema_.has_value()) << Problem();
    program_ = CompileProgram(job_, ast::IdConvention::Remit);
    ASSERT_TRUE(program_.has_value()) << Problem();
  }

  auto Problem() const -> std::string { return job_.sink.diagnostics().empty() ? "" : job_.sink.diagnostics()[0].message; }

  auto Write() const -> std::string {
    return WriteBundle({.program = *program_,
                        .interner = job_.interner,
                        .schema = &*schema_,
                        .sources = {.sources = {{.name = "policies.remit", .text = std::string(kPolicies)}},
                                    .statements = {{.id = "link", .place = {.file = 0, .begin = 1, .end = 9}}}},
                        .code = BundleCode{.target = "some-processor", .image = std::string(5000, '\x90')}});
  }
  static auto CodeOf(const Expected<Bundle>& bundle) -> std::string { return bundle ? "read" : bundle.error().code; }

  // The digest set right again: what an attacker who can write the file would do.
  static void Redigest(std::string& file) {
    bundle::Header header;
    std::memcpy(&header, file.data(), sizeof(header));
    bundle::Seal(header, file);
    std::memcpy(file.data(), &header, sizeof(header));
  }

  CompileJob job_;
  std::optional<Schema> schema_;
  std::optional<ir::Program> program_;
};

TEST_F(BundleTest, WhatIsWrittenIsReadBack) {
  const auto bundle = Bundle::Read(Write());
  ASSERT_TRUE(bundle.has_value()) << bundle.error().message;
  EXPECT_EQ(bundle->code_target(), "some-processor");
  EXPECT_EQ(bundle->image().bytes, std::string(5000, '\x90'));
  EXPECT_EQ(bundle->image().offset % 4096, 0U);
  const auto map = bundle->Sources();
  ASSERT_TRUE(map.has_value()) << map.error().message;
  EXPECT_EQ(map->sources.at(0).text, kPolicies);
  EXPECT_EQ(map->statements.at(0).id, "link");
  EXPECT_EQ(map->statements.at(0).place.end, 9U);
  Interner interner;
  const auto loaded = bundle->Load(interner);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  for (uint32_t i = 0; i < loaded->symbols.size(); ++i) EXPECT_EQ(loaded->symbols[i].value, i);
  EXPECT_EQ(ir::Print(*loaded->program, interner), ir::Print(*program_, job_.interner));
  ASSERT_NE(loaded->schema, nullptr);
  EXPECT_EQ(loaded->schema->actions.size(), schema_->actions.size());
  EXPECT_NE(loaded->schema->FindEntityType(interner.Find("User")), nullptr);
}

// The same bytes from the same contents; the same program under other symbol ids.
TEST_F(BundleTest, SymbolsMayHaveOtherNumbers) {
  EXPECT_EQ(Write(), Write());
  const auto bundle = Bundle::Read(Write());
  Interner interner;
  for (const auto* text : {"zebra", "odd key", "x", "b", "a"}) interner.Intern(text);
  const auto loaded = bundle->Load(interner);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_NE(loaded->symbols[0].value, 0U);
  EXPECT_EQ(ir::Print(*loaded->program, interner), ir::Print(*program_, job_.interner));
}

TEST_F(BundleTest, AFileIsMapped) {
  const auto path = std::filesystem::temp_directory_path() / "remit_bundle_test.rmb";
  std::ofstream(path, std::ios::binary) << Write();
  const auto bundle = Bundle::Open(path);
  ASSERT_TRUE(bundle.has_value()) << bundle.error().message;
  EXPECT_EQ(bundle->digest(), Bundle::Read(Write())->digest());
  std::filesystem::remove(path);
  EXPECT_EQ(CodeOf(Bundle::Open(path)), "cannot-read");
  EXPECT_EQ(CodeOf(Bundle::Open(std::filesystem::temp_directory_path())), "cannot-read");
}

TEST_F(BundleTest, EveryTruncationIsRefused) {
  const auto file = Write();
  for (size_t size = 0; size < file.size(); size += 1 + size / 40) {
    EXPECT_FALSE(Bundle::Read(file.substr(0, size)).has_value()) << size;
  }
  EXPECT_EQ(CodeOf(Bundle::Read(file.substr(0, file.size() - 1))), "bundle-truncated");
  EXPECT_EQ(CodeOf(Bundle::Read(file + "x")), "bundle-truncated");
  EXPECT_EQ(CodeOf(Bundle::Read("")), "not-a-bundle");
  EXPECT_EQ(CodeOf(Bundle::Read("permit (principal, action, resource);")), "not-a-bundle");
}

TEST_F(BundleTest, EveryAlteredByteIsFound) {
  const auto file = Write();
  std::mt19937 random(20261123);
  for (int i = 0; i < 2000; ++i) {
    auto altered = file;
    const size_t at = i < 300 ? static_cast<size_t>(i) : random() % file.size();
    altered[at] = static_cast<char>(altered[at] ^ (1 << random() % 8));
    const auto read = Bundle::Read(altered);
    EXPECT_FALSE(read.has_value() && read->Sources().has_value()) << "byte " << at;
    if (read) {
      EXPECT_EQ(read->Sources().error().code, "bundle-digest");
    }
  }
}

// The digest of the header covers those of the sections, and the sources are one of them.
TEST_F(BundleTest, OtherSourcesAreAnotherDigestAndNothingIsHiddenBetweenSections) {
  auto other = Write();
  bundle::Header header;
  std::memcpy(&header, other.data(), sizeof(header));
  const auto& sources = header.sections.at(static_cast<size_t>(bundle::SectionKind::Sources) - 1);
  ++other[sources.offset + sources.size / 2];
  EXPECT_EQ(Bundle::Read(other)->digest(), Bundle::Read(Write())->digest());
  EXPECT_EQ(Bundle::Read(other)->Sources().error().code, "bundle-digest");
  Redigest(other);
  EXPECT_NE(Bundle::Read(other)->digest(), Bundle::Read(Write())->digest());

  auto hidden = Write();
  hidden[header.sections.back().offset - 1] = 'x';
  Redigest(hidden);
  EXPECT_EQ(CodeOf(Bundle::Read(hidden)), "bundle-digest");
}

// Bodies that differ in literals share their code in the file; a literal of another kind, or one that is not there, is refused.
TEST_F(BundleTest, BodiesOfOneShapeAreWrittenOnce) {
  std::string policies;
  for (int i = 0; i < 1000; ++i) {
    policies += "permit (principal == User::\"u" + std::to_string(i) + "\", action, resource) when { context.n == " + std::to_string(i) +
                " || resource.name like \"" + std::to_string(i) + "*\" };\n";
  }
  CompileJob job;
  ASSERT_TRUE(LoadPolicies(job, "policies", policies, PolicyFormat::Text));
  const auto program = CompileProgram(job, ast::IdConvention::Remit);
  ASSERT_TRUE(program.has_value());
  const auto file = WriteBundle({.program = *program, .interner = job.interner});
  EXPECT_LT(file.size() / 1000, 60U);
  Interner interner;
  const auto loaded = Bundle::Read(file)->Load(interner);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(ir::Print(*loaded->program, interner), ir::Print(*program, job.interner));
  const Shapes found = FindShapes(*loaded->program);
  EXPECT_EQ(loaded->shapes.shape_of_body, found.shape_of_body);
  EXPECT_EQ(loaded->shapes.first_literal, found.first_literal);
  EXPECT_EQ(loaded->shapes.shapes.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(loaded->shapes.literals, found.literals));
}

// A few bytes could ask for a large body over and over.
TEST_F(BundleTest, BodiesAreBounded) {
  constexpr size_t kOperations = 1000;
  constexpr size_t kBodies = bundle::kMostOperations / kOperations + 1;
  bundle::Writer writer(nullptr);
  for (int i = 0; i < 2; ++i) writer.Count(0);  // patterns, keys
  writer.Count(1);
  writer.Number(0);  // registers
  writer.Count(kOperations);
  ir::Instruction instruction = {.op = ir::Op::Satisfied};
  for (size_t i = 0; i < kOperations; ++i) bundle::Fields(writer, instruction);
  writer.Count(0);  // forms of places
  writer.Count(kBodies);
  for (size_t i = 0; i < 2 * kBodies; ++i) writer.Number(0);  // the first shape, no places
  const std::string bytes = std::move(writer).bytes();
  EXPECT_LT(bytes.size(), 200U << 10);
  bundle::Reader reader(bytes, nullptr);
  ir::Program program;
  bundle::Tables(reader, program);
  bundle::ReadBodies(reader, program);
  EXPECT_FALSE(reader.ok());
  EXPECT_TRUE(program.bodies.empty());
}

TEST_F(BundleTest, OtherVersionsAreRefused) {
  auto file = Write();
  file[8] = 99;
  Redigest(file);
  EXPECT_EQ(CodeOf(Bundle::Read(file)), "bundle-version");
  file = Write();
  file[16] = static_cast<char>(file[16] + 1);  // the fingerprint of the tables
  Redigest(file);
  EXPECT_EQ(CodeOf(Bundle::Read(file)), "bundle-version");
}

// With the digest set right, nonsense is an error or a verified program, and nothing worse.
TEST_F(BundleTest, NonsenseDoesNoHarm) {
  const auto file = WriteBundle({.program = *program_, .interner = job_.interner, .schema = &*schema_});
  std::mt19937 random(7);
  size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    auto altered = file;
    for (uint32_t n = 1 + random() % 3; n > 0; --n) {
      altered[sizeof(bundle::Header) + random() % (file.size() - sizeof(bundle::Header))] = static_cast<char>(random());
    }
    Redigest(altered);
    const auto bundle = Bundle::Read(altered);
    ASSERT_TRUE(bundle.has_value());
    Interner interner;
    const auto loaded = bundle->Load(interner);
    refused += loaded ? 0 : 1;
    if (loaded) {
      EXPECT_TRUE(ir::Verify(*loaded->program).has_value());
      ir::Print(*loaded->program, interner);
    }
    (void)bundle->Sources();
  }
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace remit
