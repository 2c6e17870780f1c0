// Decides requests on a bundle with the runtime library alone.
//
// usage: runtime_only BUNDLE ENTITIES REQUESTS     prints a line `outcome policy..` for each request, then how many bodies were interpreted
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "runtime/bundle/bundle_policies.h"
#include "runtime/engine/session.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

auto Fail(const Error& error) -> int {
  fmt::print(stderr, "{}: {}\n", error.code, FormatError(error));
  return 2;
}

auto ReadText(const char* path) -> std::string {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

auto Run(char** arguments) -> int {
  Engine engine;
  const auto bundle = Bundle::Open(arguments[1]);
  if (!bundle) return Fail(bundle.error());
  auto lock = engine.Lock();
  auto policies = ToPolicies(*bundle, engine.interner());
  if (!policies) return Fail(policies.error());
  const Schema* schema = policies->policies->schema();
  engine.PublishPolicies(policies->policies);
  auto entities = ReadEntities(ReadText(arguments[2]), engine.interner(), {.limits = {}, .schema = schema});
  if (!entities) return Fail(entities.error());
  engine.PublishEntities(std::make_shared<const EntityStore>(std::move(*entities)), schema != nullptr);
  lock.unlock();

  Session session(engine);
  std::ifstream requests(arguments[3]);
  for (std::string line; std::getline(requests, line);) {
    const auto& snapshot = session.Pin();
    session.ResetArena();
    Interner overlay(&engine.interner());
    const auto document = ReadRequest(line, overlay, session.arena(), {.limits = {}, .schema = schema}, snapshot.entities.get());
    if (!document) return Fail(document.error());
    const EntityStore* own = document->entities ? &*document->entities : nullptr;
    const auto& decision = session.Decide(document->request, overlay, own, schema != nullptr, {.delegation = document->delegation});
    fmt::print("{}", OutcomeName(decision.outcome));
    for (const uint32_t policy : decision.determining) fmt::print(" {}", engine.interner().text(session.program().policies[policy].id));
    fmt::print("\n");
  }
  fmt::print("interpreted {}\n", session.interpreted());
  return 0;
}

}  // namespace
}  // namespace remit

auto main(int argc, char** argv) -> int {
  if (argc == 4) return remit::Run(argv);
  fmt::print(stderr, "usage: runtime_only BUNDLE ENTITIES REQUESTS\n");
  return 2;
}
