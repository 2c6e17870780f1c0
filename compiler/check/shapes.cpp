#include "compiler/check/shapes.h"

#include <utility>

namespace remit::check {
namespace {

// What the first word of a key says.
enum Tag : uint32_t {
  kBool,
  kLong,
  kString,
  kEntity,
  kVar,
  kSlot,
  kLocal,
  kUnary,
  kBinary,
  kIf,
  kGetAttr,
  kHasAttr,
  kLike,
  kIs,
  kSet,
  kRecord,
  kCall,
  kUnknownCall,
  kQuantifier,
  kStateRead,
  kStateHas,
};

}  // namespace

struct Shapes::KeyMaker {
  Shapes& shapes;

  auto Of(ast::ExprId id) const -> uint32_t { return id.has_value() ? shapes.Of(id) : Id<void>::kNone; }
  auto Not(uint32_t operand) const -> Key { return {kUnary, static_cast<uint32_t>(ast::UnaryOp::Not), operand}; }

  // `&&` and `||` of literals, which Cedar reads as one.
  auto Logical(const ast::Binary& node) const -> std::optional<bool> {
    const Shape left = Of(node.left);
    const Shape right = Of(node.right);
    if (left > kTrue || right > kTrue) return std::nullopt;
    if (node.op == ast::BinaryOp::And) return left == kTrue && right == kTrue;
    if (node.op == ast::BinaryOp::Or) return left == kTrue || right == kTrue;
    return std::nullopt;
  }

  auto operator()(const ast::BoolLit& node) const -> Key { return {kBool, node.value ? 1U : 0U}; }
  auto operator()(const ast::LongLit& node) const -> Key {
    const auto bits = static_cast<uint64_t>(node.value);
    return {kLong, static_cast<uint32_t>(bits >> 32), static_cast<uint32_t>(bits)};
  }
  auto operator()(const ast::StringLit& node) const -> Key { return {kString, node.text.value}; }
  auto operator()(const ast::EntityLit& node) const -> Key { return {kEntity, node.uid.type.value, node.uid.id.value}; }
  auto operator()(const ast::VarRef& node) const -> Key { return {kVar, static_cast<uint32_t>(node.var)}; }
  auto operator()(const ast::SlotRef& node) const -> Key { return {kSlot, static_cast<uint32_t>(node.slot)}; }
  auto operator()(const ast::LocalRef& node) const -> Key { return {kLocal, node.name.value}; }
  auto operator()(const ast::Unary& node) const -> Key { return {kUnary, static_cast<uint32_t>(node.op), Of(node.operand)}; }
  auto operator()(const ast::Binary& node) const -> Key {
    if (const auto known = Logical(node)) return {kBool, *known ? 1U : 0U};
    const auto make = [&](ast::BinaryOp op) { return Key{kBinary, static_cast<uint32_t>(op), Of(node.left), Of(node.right)}; };
    if (node.op == ast::BinaryOp::NotEq) return Not(shapes.Number(make(ast::BinaryOp::Eq)));
    if (node.op == ast::BinaryOp::Greater) return Not(shapes.Number(make(ast::BinaryOp::LessEq)));
    if (node.op == ast::BinaryOp::GreaterEq) return Not(shapes.Number(make(ast::BinaryOp::Less)));
    return make(node.op);
  }
  auto operator()(const ast::If& node) const -> Key { return {kIf, Of(node.condition), Of(node.then_branch), Of(node.else_branch)}; }
  auto operator()(const ast::GetAttr& node) const -> Key { return {kGetAttr, Of(node.object), node.attr.value}; }
  auto operator()(const ast::HasAttr& node) const -> Key {
    Shape object = Of(node.object);
    Key key = {kHasAttr, object, node.path[0].value};
    for (size_t i = 1; i < node.path.size(); ++i) {
      object = shapes.OfAttribute(object, node.path[i - 1]);
      const Shape step = shapes.Number({kHasAttr, object, node.path[i].value});
      key = {kBinary, static_cast<uint32_t>(ast::BinaryOp::And), shapes.Number(std::move(key)), step};
    }
    return key;
  }
  auto operator()(const ast::Like& node) const -> Key {
    Key key = {kLike, Of(node.text)};
    for (const auto& element : node.pattern) key.push_back(element.wildcard ? Id<void>::kNone : element.literal.value);
    return key;
  }
  auto operator()(const ast::Is& node) const -> Key {
    Key is = {kIs, Of(node.object), node.type.value};
    if (!node.in.has_value()) return is;
    const Shape in = shapes.Number({kBinary, static_cast<uint32_t>(ast::BinaryOp::In), Of(node.object), Of(node.in)});
    return {kBinary, static_cast<uint32_t>(ast::BinaryOp::And), shapes.Number(std::move(is)), in};
  }
  auto operator()(const ast::SetLit& node) const -> Key {
    Key key = {kSet};
    for (const auto element : node.elements) key.push_back(Of(element));
    return key;
  }
  auto operator()(const ast::RecordLit& node) const -> Key {
    std::map<SymbolId, Shape> fields;  // the order of keys says nothing
    for (const auto& entry : node.entries) fields[entry.key] = Of(entry.value);
    Key key = {kRecord};
    for (const auto& [name, shape] : fields) {
      key.push_back(name.value);
      key.push_back(shape);
    }
    return key;
  }
  auto operator()(const ast::Call& node) const -> Key {
    Key key = {kCall, static_cast<uint32_t>(node.builtin)};
    for (const auto arg : node.args) key.push_back(Of(arg));
    return key;
  }
  auto operator()(const ast::UnknownCall& node) const -> Key {
    Key key = {kUnknownCall, node.function.value};
    for (const auto arg : node.args) key.push_back(Of(arg));
    return key;
  }
  auto operator()(const ast::Quantifier& node) const -> Key {
    return {kQuantifier, static_cast<uint32_t>(node.kind), Of(node.set), node.variable.value, Of(node.body)};
  }
  auto operator()(const ast::StateRead& node) const -> Key {
    return {kStateRead, static_cast<uint32_t>(node.state), node.name.value, node.field.value};
  }
  auto operator()(const ast::StateHas& node) const -> Key { return {kStateHas, static_cast<uint32_t>(node.state), node.name.value}; }
};

Shapes::Shapes(const ast::Ast& ast) {
  Number({kBool, 0});  // kFalse
  Number({kBool, 1});  // kTrue
  shapes_.reserve(ast.exprs.size());
  for (const auto& expr : ast.exprs) {
    const Shape shape = Number(std::visit(KeyMaker{*this}, expr.node));
    shapes_.push_back(shape);
  }
}

auto Shapes::OfAttribute(Shape object, SymbolId attr) -> Shape { return Number({kGetAttr, object, attr.value}); }

auto Shapes::Number(Key key) -> Shape { return numbers_.try_emplace(std::move(key), static_cast<Shape>(numbers_.size())).first->second; }

}  // namespace remit::check
