// The engine: policies and entities that many threads decide on while a few change them.
//
// Readers never lock: each has a Session (session.h). Writers are serialised among themselves; each change publishes a new snapshot, in which
// nothing is mixed. Policies decide on the interpreter at once; native code comes in the background and takes over body by body.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "runtime/base/limits.h"
#include "runtime/engine/code_worker.h"
#include "runtime/engine/snapshot_cell.h"

namespace remit {

// When native code is made. Background: while the interpreter decides. Eager: before anything is decided, by whoever publishes or asks
// first. Never: the interpreter decides everything.
enum class CodeTier : uint8_t { Never, Background, Eager };

struct EngineOptions {
  CodeTier tier = CodeTier::Background;
  Limits limits = {};
};

class Engine {
 public:
  // `compiler` may be null: then the tier is Never. Symbols of everything the engine is given are of `interner`.
  explicit Engine(const EngineOptions& options = {}, std::shared_ptr<NativeCompiler> compiler = nullptr,
                  std::shared_ptr<Interner> interner = std::make_shared<Interner>());
  ~Engine();
  Engine(const Engine&) = delete;
  auto operator=(const Engine&) -> Engine& = delete;

  // Interning, compiling and publishing need the writer's lock, one after the other. Publishing functions take it themselves unless they are
  // given it.
  using WriterLock = std::unique_lock<std::recursive_mutex>;
  auto Lock() -> WriterLock { return WriterLock(writer_); }
  auto interner() -> Interner& { return *interner_; }
  auto interner() const -> const Interner& { return *interner_; }
  // For another engine that is given what this one decides on. INVARIANT: it interns under this one's lock.
  auto shared_interner() const -> const std::shared_ptr<Interner>& { return interner_; }

  // All at once. `conform`: see PublishEntities.
  void Publish(std::shared_ptr<Policies> policies, std::shared_ptr<const EntityStore> entities, bool conform);
  // Entities that conformed to the schema of other policies count as not conforming from here on, unless they are replaced too.
  void PublishPolicies(std::shared_ptr<Policies> policies);
  // Those of the current policies that `added` replaces by their id or that `removed` names give way; the others are not compiled again, and keep their
  // native code. `added` was compiled with the schema of the current policies. Error: "other-environments" if it was not.
  auto ChangePolicies(std::span<const SymbolId> removed, const ir::Program& added) -> Expected<void>;
  // `conform`: they were validated against the schema of the policies, with its actions among them.
  void PublishEntities(std::shared_ptr<const EntityStore> entities, bool conform);
  // Entities added, replaced and removed at once, or nothing with the error: "hierarchy-cycle", or what `change` returns. `conform`: those
  // added and replaced were validated.
  using EntityChange = std::function<Expected<void>(EntityStoreBuilder&)>;
  auto UpdateEntities(const EntityChange& change, bool conform) -> Expected<void>;

  // Until native code of everything published or asked for so far is there.
  void WaitForCode();
  // Bytes of policies, entities and symbols.
  struct Footprint {
    size_t policies = 0;
    size_t entities = 0;
    size_t symbols = 0;
  };
  auto footprint() -> Footprint;

  auto options() const -> const EngineOptions& { return options_; }
  auto snapshots() -> SnapshotCell& { return snapshots_; }
  // The plan for a kind of request, whose action has these ancestors in the snapshot's entities. Kept plans are found without a lock; if no more
  // are kept, `own` takes it.
  auto PlanFor(const Snapshot& snapshot, const RequestKind& kind, std::unique_ptr<Plan>& own) -> Plan&;
  // Why code could not be made, if it could not. Deciding goes on without.
  auto code_error() const -> std::string;

 private:
  void Publish(Snapshot next);
  void PublishStep(Snapshot next, bool is_little);
  void CompileShapes(const std::shared_ptr<Policies>& policies);
  void CompilePlan(const std::shared_ptr<Policies>& policies, const std::shared_ptr<const EntityStore>& entities, Plan& plan);
  auto TouchesActions(const EntityStoreBuilder& builder) const -> bool;
  auto NeedsCompacting(const EntityStore& store) const -> bool;
  auto Compacted(const EntityStore& store) -> EntityStore;
  void SetCodeError(const Error& error);

  EngineOptions options_;
  std::shared_ptr<NativeCompiler> compiler_;
  std::shared_ptr<Interner> interner_;
  std::recursive_mutex writer_;
  SnapshotCell snapshots_;
  std::optional<ChildMap> children_;  // of the current entities; none: not needed so far
  size_t compact_bytes_ = 0;  // entities take at least this much when they are without garbage
  mutable std::mutex error_mutex_;
  std::string code_error_;
  std::optional<CodeWorker> worker_;  // the last member: its jobs touch the others
};

}  // namespace remit
