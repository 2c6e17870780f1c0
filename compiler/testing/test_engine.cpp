#include "compiler/testing/test_engine.h"

namespace remit::tests {
namespace {

// What somebody else owns and keeps.
template <typename T>
auto Borrow(T& owned) -> std::shared_ptr<T> {
  return {std::shared_ptr<void>(), &owned};
}

}  // namespace

TestEngine::TestEngine(const EngineInput& input, std::shared_ptr<NativeCompiler> compiler, coverage::Recorder* recorder)
    : input_(input),
      name_(compiler == nullptr ? "interpreter" : "native"),
      recorder_(recorder),
      engine_(EngineOptions{.tier = compiler == nullptr ? CodeTier::Never : CodeTier::Eager, .limits = input.limits}, compiler,
              Borrow(input.interner)),
      session_(engine_) {
  const auto schema = input.schema == nullptr ? nullptr : Borrow(*input.schema);
  engine_.PublishPolicies(std::make_shared<Policies>(Borrow(input.program), schema));
  engine_.PublishEntities(Borrow(input.entities), schema != nullptr);
}

}  // namespace remit::tests
