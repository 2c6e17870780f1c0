// Bundles from anywhere: refused with an error, or a program that verifies and ends, with a schema and places that are what they should be.
//
// Each input is read as it is, and as the sections of a bundle whose header is made right around it (sizes of two bytes each, then the sections): behind
// a digest mutations of a whole file would get no further than the digest. Native code is loaded and never run, since running it is trusting it.
#include <cstring>

#include "runtime/base/check.h"
#include "runtime/bundle/bundle_policies.h"
#include "runtime/bundle/format.h"
#include "runtime/eval/conditions.h"
#include "runtime/native/image.h"
#include "runtime/native/target.h"
#include "tests/fuzz/job.h"

namespace {

using namespace remit;

constexpr size_t kSizes = bundle::kSectionCount * sizeof(uint16_t);

auto Assemble(std::string_view input) -> std::string {
  bundle::Header header;
  header.fingerprint = bundle::TableFingerprint();
  std::string file(sizeof(header), '\0');
  std::string_view rest = input.substr(kSizes);
  for (uint32_t i = 0; i < bundle::kSectionCount; ++i) {
    uint16_t size = 0;
    std::memcpy(&size, input.data() + i * sizeof(size), sizeof(size));
    const auto section = rest.substr(0, size);
    rest.remove_prefix(section.size());
    header.sections[i] = {.kind = i + 1, .offset = file.size(), .size = section.size()};
    file += section;
  }
  header.file_size = file.size();
  bundle::Seal(header, file);
  std::memcpy(file.data(), &header, sizeof(header));
  return file;
}

void RequireError(const Error& error) { CHECK(!error.code.empty() && !error.message.empty()); }

void RequireConditionsEnd(const ir::Program& program, Interner& interner) {
  Arena arena;
  auto entities = EntityStoreBuilder(interner).Build();
  CHECK(entities.has_value());
  const EntityUid uid = {.type = interner.Intern("T"), .id = interner.Intern("id")};
  const Request request = {.principal = uid, .action = uid, .resource = uid, .context = {}};
  for (const auto& policy : program.policies) {
    for (const auto& condition :
         EvaluateConditions(program, policy.body, {.entities = *entities, .request = request, .interner = interner, .arena = arena})) {
      CHECK(!condition.holds || !condition.error);
    }
  }
}

void RequireSafe(const Bundle& bundle) {
  Interner interner;
  interner.Intern("a symbol of before");
  const auto loaded = bundle.Load(interner);
  if (!loaded) return RequireError(loaded.error());
  CHECK(ir::Verify(*loaded->program).has_value());
  CHECK(!ir::Print(*loaded->program, interner).empty());  // it need not parse: names are any texts
  fuzz::RequireEnds(*loaded->program, interner);
  RequireConditionsEnd(*loaded->program, interner);
  const Shapes shapes = FindShapes(*loaded->program);
  const auto code = LoadImage(bundle.image().bytes, HostTarget(), shapes, loaded->symbols);
  if (!code) RequireError(code.error());
}

void ReadAll(std::string bytes) {
  const auto bundle = Bundle::Read(std::move(bytes));
  if (!bundle) return RequireError(bundle.error());
  CHECK(bundle->digest().size() == 64);
  const auto sources = bundle->Sources();
  if (!sources) RequireError(sources.error());
  RequireSafe(*bundle);
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  const auto input = fuzz::InputText(data, size);
  ReadAll(input);
  if (input.size() >= kSizes) ReadAll(Assemble(input));
  return 0;
}
