// What `partial` and `query` share: a request of which only some is said, and the inputs that it is evaluated with.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/partial.h"
#include "tools/remit/verb.h"

namespace remit::cli {

struct PartialInputs {
  PolicyOptions policies;
  std::vector<std::string> schema;
  std::string entities;
  PartialInput request;  // `context` is a file, or JSON that begins with `{`
};
void AddPartialOptions(CLI::App& verb, PartialInputs& inputs);

// On the heap, for the types refer to the schema.
struct LoadedForPartial {
  std::unique_ptr<Schema> schema;
  std::vector<std::string> ids;
  std::unique_ptr<check::TypedPolicySet> typed;
  std::optional<EntityStore> entities;
  KnownPartsMap known;
  PartialInput request;  // with the context's JSON
};
// As the project or `--forbid-errors` says.
auto ForbidErrorsSetting() -> partial::ForbidErrors;
// Reports what went wrong. `may_be_partial`: entities may leave parts out.
auto LoadForPartial(CompileJob& job, const PartialInputs& inputs, bool may_be_partial, Format format) -> std::optional<LoadedForPartial>;

}  // namespace remit::cli
