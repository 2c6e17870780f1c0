#include "compiler/testing/test_result.h"

#include <array>

namespace remit::tests {
namespace {

struct Row {
  std::string_view code;
  std::string_view message;
};

constexpr auto kRows = std::to_array<Row>({
#define FAILURE(id, code, message) Row{code, message},
#include "compiler/testing/failures.def"
#undef FAILURE
});

}  // namespace

auto FailureCode(FailureKind kind) -> std::string_view { return kRows[static_cast<size_t>(kind)].code; }
auto FailureMessage(FailureKind kind) -> std::string_view { return kRows[static_cast<size_t>(kind)].message; }

}  // namespace remit::tests
