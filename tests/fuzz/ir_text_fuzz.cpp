// Decision programs as text, from anywhere: refused by the reader, refused by the verifier, or run to their end.
#include "runtime/base/check.h"
#include "runtime/eval/interpreter.h"
#include "tests/fuzz/job.h"

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  using namespace remit;
  Interner interner;
  const auto program = ir::Parse(fuzz::InputText(data, size), interner);
  if (!program) {
    CHECK(!program.error().message.empty());
    return 0;
  }
  fuzz::RequireProgramPrintsBack(*program, interner);
  if (ir::Verify(*program)) fuzz::RequireEnds(*program, interner);
  return 0;
}
