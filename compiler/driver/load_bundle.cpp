#include "compiler/driver/load_bundle.h"

#include "runtime/bundle/bundle_policies.h"

namespace remit {
namespace {

auto Interpreted(const Bundle& bundle, Interner& interner) -> Expected<DecidableBundle> {
  auto loaded = bundle.Load(interner);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  auto policies = std::make_shared<Policies>(std::move(loaded->program), std::move(loaded->schema), std::move(loaded->shapes));
  return DecidableBundle{.policies = std::move(policies), .is_native = false};
}

}  // namespace

auto LoadBundle(CompileJob& job, const std::string& path, BundleCodeUse use) -> Expected<DecidableBundle> {
  const auto bundle = Bundle::Open(path);
  if (!bundle) return std::unexpected(bundle.error());
  if (use == BundleCodeUse::Required && bundle->image().bytes.empty()) {
    return std::unexpected(Error{.code = "bundle-without-code",
                                 .message = "the bundle has no native code",
                                 .pointer = {},
                                 .help = "build it without `--no-code`, or let the interpreter decide"});
  }
  auto map = bundle->Sources();
  if (!map) return std::unexpected(std::move(map.error()));
  for (auto& [name, text] : map->sources) job.sources.Add(std::move(name), std::move(text));
  if (use == BundleCodeUse::Ignored) return Interpreted(*bundle, job.interner);
  auto loaded = ToPolicies(*bundle, job.interner);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  return DecidableBundle{.policies = std::move(loaded->policies), .is_native = loaded->has_code};
}

}  // namespace remit
