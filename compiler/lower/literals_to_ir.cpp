// Set and record literals. A literal of many elements is built in parts that are joined pairwise, so that it needs few registers and
// its evaluation copies each element a logarithmic number of times; a set's constant elements are folded into one part.
#include <algorithm>

#include "compiler/lower/expr_to_ir.h"
#include "compiler/lower/operators.h"

namespace remit {

using ir::Op;
using ir::Register;

void ExprToIr::LowerSet(const ast::SetLit& node, ast::ExprId id, uint32_t to) {
  if (node.elements.size() <= kChunk) return LowerElements(node.elements, id, to);
  std::vector<ast::ExprId> computed;
  std::vector<Value> constant;
  for (const auto element : node.elements) {
    const Value* value = context_.constants.Find(element);
    if (value == nullptr) {
      computed.push_back(element);
    } else {
      constant.push_back(*value);
    }
  }
  LowerElements(computed, id, to);
  if (constant.empty()) return;
  Arena arena;
  const auto left = static_cast<Register>(to);
  const auto right = static_cast<Register>(to + 1);
  body_.Touch(right);
  LowerConstant(MakeSet(arena, constant), id, right);
  Emit({.op = Op::Union, .dst = left, .a = left, .b = right}, id);
}

void ExprToIr::LowerElements(std::span<const ast::ExprId> elements, ast::ExprId id, uint32_t to) {
  const auto first = static_cast<Register>(to);
  if (elements.size() <= kChunk) {
    for (uint32_t i = 0; i < elements.size(); ++i) Lower(elements[i], to + i);
    Emit({.op = Op::Set, .dst = first, .a = first, .count = static_cast<uint32_t>(elements.size())}, id);
    return;
  }
  LowerElements(elements.first(elements.size() / 2), id, to);
  LowerElements(elements.subspan(elements.size() / 2), id, to + 1);
  Emit({.op = Op::Union, .dst = first, .a = first, .b = static_cast<Register>(to + 1)}, id);
}

// In key order, as Cedar evaluates them: of two entries that fail, the same one is reported.
void ExprToIr::LowerRecord(const ast::RecordLit& node, ast::ExprId id, uint32_t to) {
  auto entries = node.entries;
  std::ranges::sort(entries, {}, [this](const ast::RecordLit::Entry& entry) { return context_.interner.text(entry.key); });
  LowerFields(entries, id, to);
}

void ExprToIr::LowerFields(std::span<const ast::RecordLit::Entry> entries, ast::ExprId id, uint32_t to) {
  const auto first = static_cast<Register>(to);
  if (entries.size() <= kChunk) {
    std::vector<SymbolId> keys;
    for (uint32_t i = 0; i < entries.size(); ++i) {
      keys.push_back(entries[i].key);
      Lower(entries[i].value, to + i);
    }
    const auto count = static_cast<uint32_t>(keys.size());
    Emit({.op = Op::Record, .dst = first, .a = first, .imm = context_.tables.RecordKeys(keys), .count = count}, id);
    return;
  }
  LowerFields(entries.first(entries.size() / 2), id, to);
  LowerFields(entries.subspan(entries.size() / 2), id, to + 1);
  Emit({.op = Op::Merge, .dst = first, .a = first, .b = static_cast<Register>(to + 1)}, id);
}

}  // namespace remit
