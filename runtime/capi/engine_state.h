// What is behind the handles of the C API.
//
// They share the engine's state, so that it does not matter which handle is freed first: finalisers of other languages run in any order.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "compiler/source/source_file.h"
#include "runtime/capi/error.h"
#include "runtime/capi/sources.h"
#include "runtime/engine/session.h"

namespace remit::capi {

// Where the statements of one policy set are in their sources.
struct PolicyTexts {
  SourceManager sources;
  std::unordered_map<SymbolId, Span> statements;  // by the id of the policy or template; not those without a place
};

class EngineState : public std::enable_shared_from_this<EngineState> {
 public:
  EngineState(const EngineOptions& options, std::unique_ptr<NativeCompiler> compiler)
      : interner(std::make_shared<Interner>()), engine(options, std::move(compiler), interner) {}

  std::shared_ptr<Interner> interner;
  Engine engine;
  std::vector<NamedText> schema_texts;  // of the current schema, if it came from source; guarded by the engine's writer lock

  bool forbid_errors_deny = false;  // in what is compiled; set before anything is

  auto limits() const -> const Limits& { return engine.options().limits; }

  // Kept as long as the policies, or until the next call after that.
  void SetTexts(const std::shared_ptr<Policies>& policies, std::shared_ptr<const PolicyTexts> texts);
  // Null: they were not kept.
  auto TextsOf(const Policies& policies) const -> std::shared_ptr<const PolicyTexts>;

 private:
  struct Kept {
    std::weak_ptr<Policies> policies;
    std::shared_ptr<const PolicyTexts> texts;
  };
  mutable std::mutex texts_mutex_;
  std::vector<Kept> texts_;
};

}  // namespace remit::capi

struct remit_engine {
  std::shared_ptr<remit::capi::EngineState> state;
};
