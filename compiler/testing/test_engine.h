// What tests are decided by: the engine with the interpreter, or with native code alone.
#pragma once

#include <memory>
#include <string>

#include "compiler/coverage/recorder.h"
#include "runtime/base/limits.h"
#include "runtime/engine/session.h"

namespace remit::tests {

// All of it outlives the engine.
struct EngineInput {
  const ir::Program& program;
  const EntityStore& entities;
  Interner& interner;
  const Schema* schema = nullptr;
  const Limits& limits;
};

class TestEngine {
 public:
  // Null `compiler`: the interpreter. `recorder`, which may be null, is told what it runs; then requests are decided by the rows, which nothing has been
  // left out of.
  TestEngine(const EngineInput& input, std::shared_ptr<NativeCompiler> compiler, coverage::Recorder* recorder);

  auto name() const -> std::string_view { return name_; }
  auto session() -> Session& { return session_; }
  auto program() const -> const ir::Program& { return input_.program; }
  // What stores of tests are built over.
  auto base() const -> const EntityStore& { return input_.entities; }
  auto recorder() const -> coverage::Recorder* { return recorder_; }
  // Whether requests that conform are decided by what types say of them.
  auto uses_types() const -> bool { return input_.schema != nullptr && recorder_ == nullptr; }

 private:
  EngineInput input_;
  std::string name_;
  coverage::Recorder* recorder_;
  Engine engine_;
  Session session_;  // after the engine, which outlives it
};

}  // namespace remit::tests
