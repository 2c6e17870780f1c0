#include "compiler/lower/constants.h"

#include <algorithm>
#include <optional>

namespace remit {

// The value of one expression whose operands have been looked at.
struct Constants::Folder {
  Constants& constants;
  const Interner& interner;
  uint32_t at;  // of the expression: only earlier ones are known

  using Result = std::optional<Value>;

  auto Operand(ast::ExprId id) const -> const Value* { return id.value < at ? constants.Find(id) : nullptr; }

  auto operator()(const ast::BoolLit& node) const -> Result { return Value::OfBool(node.value); }
  auto operator()(const ast::LongLit& node) const -> Result { return Value::OfLong(node.value); }
  auto operator()(const ast::StringLit& node) const -> Result { return Value::OfString(interner.text(node.text)); }
  auto operator()(const ast::EntityLit& node) const -> Result { return Value::OfEntity(node.uid); }

  auto operator()(const ast::SetLit& node) const -> Result {
    std::vector<Value> elements;
    for (const auto element : node.elements) {
      const Value* value = Operand(element);
      if (value == nullptr) return std::nullopt;
      elements.push_back(*value);
    }
    return MakeSet(constants.arena_, elements);
  }

  auto operator()(const ast::RecordLit& node) const -> Result {
    std::vector<Field> fields;
    for (const auto& entry : node.entries) {
      const Value* value = Operand(entry.value);
      if (value == nullptr) return std::nullopt;
      fields.push_back({.key = entry.key, .value = *value});
    }
    return MakeRecord(constants.arena_, fields);
  }

  auto operator()(const ast::Call& node) const -> Result {
    const auto& builtin = GetBuiltin(node.builtin);
    const auto& signature = builtin.signature;
    if (!builtin.is_constructor || node.args.size() != signature.arity) return std::nullopt;
    std::vector<Value> args;
    for (const auto arg : node.args) {
      const Value* value = Operand(arg);
      if (value == nullptr || !value->is(signature.params[args.size()])) return std::nullopt;
      args.push_back(*value);
    }
    BuiltinContext context = {.arena = constants.arena_, .interner = interner, .error = {}};
    Value result;
    if (!builtin.call(context, args, result)) return std::nullopt;
    return result;
  }

  template <typename Node>
  auto operator()(const Node&) const -> Result {
    return std::nullopt;
  }
};

Constants::Constants(const ast::Ast& ast, const Interner& interner) : is_known_(ast.exprs.size()), values_(ast.exprs.size()) {
  for (uint32_t at = 0; at < ast.exprs.size(); ++at) {
    const auto value = std::visit(Folder{.constants = *this, .interner = interner, .at = at}, ast.exprs[at].node);
    is_known_[at] = value.has_value();
    if (value) values_[at] = *value;
  }
}

}  // namespace remit
