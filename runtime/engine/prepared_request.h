// A request whose strings are interned and whose entities and plan are found: made once, decided many times.
#pragma once

#include <memory>

#include "runtime/base/arena.h"
#include "runtime/engine/snapshot.h"
#include "runtime/native/frame.h"
#include "runtime/request/request.h"

namespace remit {

// Belongs to one thread at a time; any session of its engine may decide it. Symbols are the engine's; the context's values live in the arena.
class PreparedRequest {
 public:
  // Values of the context are copied. `schema`: what the request was validated against; null: nothing. Specialised bodies are used while it is
  // the schema of the engine's policies.
  PreparedRequest(const Request& request, std::shared_ptr<const Schema> schema);

  auto request() const -> const Request& { return request_; }
  auto schema() const -> const Schema* { return schema_.get(); }
  // It was validated against another one since.
  void SetSchema(std::shared_ptr<const Schema> schema);

 private:
  friend class Session;

  Request request_;
  std::shared_ptr<const Schema> schema_;
  // What the last session found, in the snapshot of that number.
  uint64_t snapshot_ = UINT64_MAX;
  Plan* plan_ = nullptr;
  NativeRequest native_ = {};
  bool conforms_ = false;  // what `plan_` is for
  std::weak_ptr<const PlanCache> plans_;  // where `plan_` is from: unless it is the snapshot's, `plan_` may be gone
  std::array<uint32_t, 3> row_hints_ = {};  // of principal, action, resource
  std::unique_ptr<Plan> own_plan_;
  std::unique_ptr<Arena> arena_;  // null: the context is empty
};

}  // namespace remit
