// What a register of the program is while its body becomes LLVM IR: three words in SSA form, and what is known beside them.
#pragma once

#include <llvm/IR/Constants.h>
#include <llvm/IR/Value.h>

#include <optional>

#include "runtime/native/layout_hints.h"

namespace remit::jit {

// Which of the request's variables a value is.
enum class Variable : uint8_t { None, Principal, Action, Resource, Context };

struct SsaValue {
  llvm::Value* kind = nullptr;    // i8. Null: nothing is assigned here
  llvm::Value* size = nullptr;    // i32
  llvm::Value* bits = nullptr;    // i64
  llvm::Value* entity = nullptr;  // of an entity: pointer to what the store has, never null. Null: not looked up
  SymbolId entity_type = {};      // of an entity: proved
  std::optional<Kind> expected_kind = {};  // where the kind is not known
  LayoutId layout = {};           // of the record, or of the entity's attributes: expected, not proved
  Variable variable = Variable::None;

  auto is_assigned() const -> bool { return kind != nullptr; }

  auto known_kind() const -> std::optional<Kind> {
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(kind)) return static_cast<Kind>(constant->getZExtValue());
    return std::nullopt;
  }
  auto is_known(Kind expected) const -> bool { return known_kind() == expected; }
  auto is_known_not(Kind expected) const -> bool { return known_kind().has_value() && known_kind() != expected; }
};

}  // namespace remit::jit
