// Writes the bundles that tests of the C API load, good ones and damaged ones: those tests know nothing but the public header.
//
// usage: make_bundles FOLDER ON|OFF        with native code or without
#include <cstdio>
#include <cstring>
#include <fstream>

#include "compiler/driver/build_bundle.h"
#include "compiler/driver/packs.h"
#include "runtime/base/check.h"
#include "runtime/bundle/bundle.h"
#include "runtime/bundle/format.h"
#include "runtime/native/image.h"
#include "tests/capi/world.h"

namespace remit {
namespace {

std::string folder;

void Write(const std::string& name, const std::string& bytes) {
  std::ofstream file(folder + "/" + name, std::ios::binary | std::ios::trunc);
  file << bytes;
  CHECK(file.good(), "cannot write " + name);
}

struct Texts {
  const char* policies;
  const char* schema;
};

auto Build(const Texts& texts, EngineChoice engine) -> std::string {
  CompileJob job;
  CHECK(LoadPolicies(job, "policies.cedar", texts.policies, PolicyFormat::Text));
  if (texts.schema == nullptr) CHECK(LoadApprovalsPack(job));
  auto schema = texts.schema != nullptr ? LoadSchema(job, "schema.cedarschema", texts.schema) : std::nullopt;
  CHECK(schema.has_value() == (texts.schema != nullptr));
  const auto native = CompilerFor(engine);
  CHECK(native.has_value());
  const auto built = BuildBundle(job, schema ? &*schema : nullptr, {.native = *native});
  CHECK(built.has_value() && built->has_value());
  return (*built)->bytes;
}

// The header changed, and the digest set right again: what an attacker who can write the file would do.
template <typename Change>
auto WithHeader(std::string file, Change change) -> std::string {
  bundle::Header header;
  std::memcpy(&header, file.data(), sizeof(header));
  change(header, file);
  bundle::Seal(header, file);
  std::memcpy(file.data(), &header, sizeof(header));
  return file;
}

auto SectionOf(bundle::Header& header, bundle::SectionKind kind) -> bundle::Section& {
  return header.sections[static_cast<size_t>(kind) - 1];
}

void WriteDamaged(const std::string& good) {
  Write("truncated.rmb", good.substr(0, good.size() / 2));
  auto altered = good;
  altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
  Write("altered.rmb", altered);
  Write("other_version.rmb", WithHeader(good, [](bundle::Header& header, std::string&) { header.version = 99; }));
  Write("invalid.rmb", WithHeader(good, [](bundle::Header& header, std::string& file) {
          file[SectionOf(header, bundle::SectionKind::Program).offset] = '\x7f';
        }));
}

void WriteDamagedCode(const std::string& good) {
  Write("other_processor.rmb", WithHeader(good, [](bundle::Header& header, std::string& file) {
          file[SectionOf(header, bundle::SectionKind::Target).offset] = 'y';
        }));
  Write("other_runtime.rmb", WithHeader(good, [](bundle::Header& header, std::string& file) {
          file[SectionOf(header, bundle::SectionKind::Image).offset + offsetof(ImageHeader, fingerprint)] ^= 1;
        }));
}

void WriteAll(bool with_code) {
  const auto engine = with_code ? EngineChoice::Native : EngineChoice::Interpreter;
  const auto good = Build({.policies = remit_test::kPolicies, .schema = remit_test::kSchema}, engine);
  Write("good.rmb", good);
  Write("digest", Bundle::Read(good)->digest());
  Write("other.rmb", Build({.policies = remit_test::kOtherPolicies, .schema = remit_test::kOtherSchema}, engine));
  Write("without_code.rmb", Build({.policies = remit_test::kPolicies, .schema = remit_test::kSchema}, EngineChoice::Interpreter));
  Write("ledger.rmb", Build({.policies = remit_test::kLedgerPolicies, .schema = nullptr}, engine));
  WriteDamaged(good);
  if (with_code) WriteDamagedCode(good);
}

}  // namespace
}  // namespace remit

auto main(int argc, char** argv) -> int {
  if (argc != 3) return std::fprintf(stderr, "usage: make_bundles FOLDER ON|OFF\n"), 2;
  remit::folder = argv[1];
  remit::WriteAll(std::string_view(argv[2]) == "ON");
  return 0;
}
