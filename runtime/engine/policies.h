// One published policy set: its program, its index, and the native code that there is of it so far.
//
// All is const but the code, which arrives in the background and is read without locks.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/engine/policy_index.h"
#include "runtime/entity/schema.h"
#include "runtime/eval/plain_clauses.h"
#include "runtime/ir/amend.h"
#include "runtime/native/native_compiler.h"

namespace remit {

class Policies {
 public:
  // `schema` may be null; the program was compiled with it, or does not need it. The program is verified.
  Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema);
  // The same where the program's shapes are known.
  Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema, Shapes shapes);
  // Of the same schema as `former`, with its native code where a shape was there before.
  Policies(ir::Amended amended, const Policies& former);

  auto program() const -> const ir::Program& { return *program_; }
  auto schema() const -> const Schema* { return schema_.get(); }
  auto shared_schema() const -> const std::shared_ptr<const Schema>& { return schema_; }
  auto index() const -> const PolicyIndex& { return index_; }
  auto shapes() const -> const Shapes& { return shapes_; }

  // Whether some policy, or another budget, reads the state of this budget (position in Program::budgets): what it read must still be so where it is
  // reserved.
  auto IsRead(uint32_t budget) const -> bool { return plain_.budgets()[budget].is_read; }
  auto plain() const -> const eval::PlainClauses& { return plain_; }
  // Whether some body asks what an entity is in that a value holds.
  auto asks_of_values() const -> bool { return asks_of_values_; }
  // Always satisfied.
  auto IsUnconditional(uint32_t body) const -> bool { return unconditional_[body]; }
  // Null: not compiled yet.
  auto CodeOf(uint32_t body) const -> NativeBody { return code_[shapes_.shape_of_body[body]].load(std::memory_order_acquire); }
  // Whether a body that native code calls failed may be one that was not compiled.
  auto may_leave_out() const -> bool { return may_leave_out_.load(std::memory_order_acquire); }

  // `code` is of `shapes`, positions in shapes().shapes, in this order.
  void Install(std::unique_ptr<NativeModule> code, std::span<const uint32_t> shapes);

  auto footprint() const -> size_t;

 private:
  Policies(std::shared_ptr<const ir::Program> program, std::shared_ptr<const Schema> schema, PolicyIndex index, Shapes shapes);
  // `amended` has lost its program, which is `program`.
  Policies(const std::shared_ptr<const ir::Program>& program, const ir::Amended& amended, const Policies& former);

  std::shared_ptr<const ir::Program> program_;
  std::shared_ptr<const Schema> schema_;
  PolicyIndex index_;
  Shapes shapes_;
  bool asks_of_values_ = false;
  std::vector<bool> unconditional_;
  eval::PlainClauses plain_;
  std::vector<std::atomic<NativeBody>> code_;  // by shape
  std::atomic<bool> may_leave_out_ = false;
  mutable std::mutex mutex_;  // of the following
  std::vector<std::shared_ptr<const NativeModule>> module_of_shape_;  // null: not compiled yet
  std::vector<std::shared_ptr<const NativeModule>> replaced_;  // somebody may be in it
};

}  // namespace remit
