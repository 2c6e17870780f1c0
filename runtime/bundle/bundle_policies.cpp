#include "runtime/bundle/bundle_policies.h"

#include <numeric>

#include "runtime/native/image.h"

namespace remit {

auto ToPolicies(const Bundle& bundle, Interner& interner) -> Expected<BundlePolicies> {
  const auto image = bundle.image().bytes;
  // First, so that what is refused leaves no symbols behind.
  if (const auto checked = image.empty() ? Expected<void>() : CheckImage(image, bundle.code_target()); !checked)
    return std::unexpected(checked.error());
  auto loaded = bundle.Load(interner);
  if (!loaded) return std::unexpected(loaded.error());
  auto policies = std::make_shared<Policies>(loaded->program, loaded->schema, std::move(loaded->shapes));
  if (image.empty()) return BundlePolicies{.policies = std::move(policies)};
  auto code = LoadImage(image, bundle.code_target(), policies->shapes(), loaded->symbols);
  if (!code) return std::unexpected(code.error());
  std::vector<uint32_t> shapes(policies->shapes().shapes.size());
  std::iota(shapes.begin(), shapes.end(), 0U);
  policies->Install(std::move(*code), shapes);
  return BundlePolicies{.policies = std::move(policies), .has_code = true};
}

}  // namespace remit
