#include "runtime/bundle/bundle_policies.h"

#include <numeric>

#include "runtime/native/image.h"

namespace remit {

auto ToPolicies(const Bundle& bundle, Interner& interner) -> Expected<BundlePolicies> {
  auto loaded = bundle.Load(interner);
  if (!loaded) return std::unexpected(loaded.error());
  auto policies = std::make_shared<Policies>(loaded->program, loaded->schema);
  const auto image = bundle.image().bytes;
  if (image.empty()) return BundlePolicies{.policies = std::move(policies)};
  auto code = LoadImage(image, bundle.code_target());
  if (!code) return std::unexpected(code.error());
  if (!loaded->has_same_symbols) return BundlePolicies{.policies = std::move(policies)};
  std::vector<uint32_t> shapes(policies->shapes().shapes.size());
  std::iota(shapes.begin(), shapes.end(), 0U);
  policies->Install(std::move(*code), shapes);
  return BundlePolicies{.policies = std::move(policies), .has_code = true};
}

}  // namespace remit
