// Policy text: refused with diagnostics, or printed, formatted and lowered without a change of meaning.
#include "compiler/driver/format.h"
#include "runtime/base/check.h"
#include "tests/fuzz/job.h"

namespace {

using namespace remit;

void RequireFormats(const std::string& text) {
  CompileJob job(fuzz::FuzzLimits());
  const auto formatted = FormatPolicies(job, "input", text, {});  // checks meaning and comments itself
  CHECK(formatted.has_value(), "text that parses does not format");
  const auto again = FormatPolicies(job, "formatted", *formatted, {});
  CHECK(again == formatted, "formatting twice differs from formatting once");
}

}  // namespace

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  const auto text = fuzz::InputText(data, size);
  CompileJob job(fuzz::FuzzLimits());
  const bool parsed = LoadPolicies(job, "input", text, PolicyFormat::Text);
  fuzz::RequireDiagnostics(job, !parsed);
  if (!parsed) return 0;
  fuzz::RequirePrintsBack(job);
  RequireFormats(text);
  fuzz::RequireLowers(job, ast::IdConvention::Remit);
  return 0;
}
