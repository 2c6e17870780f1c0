// Expressions of `--dump ast`: one node a line. The walk keeps its own stack, so that a chain of a hundred thousand operators
// costs no call depth, and indentation stops growing, so that it costs no quadratic amount of spaces either.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "compiler/ast/dump_writer.h"
#include "compiler/ast/spelling.h"
#include "runtime/base/text.h"

namespace remit::ast {
namespace {

constexpr size_t kDeepestIndent = 60;

struct Child {
  std::string label;
  ExprId id;
};

// A node's own line and its operands in order.
class NodeView {
 public:
  NodeView(const Expr& expr, const Interner& interner) : interner_(interner) {
    std::visit([this](const auto& node) { See(node); }, expr.node);
  }

  std::string text;
  std::vector<Child> children;

 private:
  auto Name(SymbolId id) const -> std::string_view { return interner_.text(id); }
  void Add(ExprId id, std::string_view label = {}) {
    if (id.has_value()) children.push_back({std::string{label}, id});
  }

  void See(const BoolLit& node) { text = fmt::format("Bool {}", node.value); }
  void See(const LongLit& node) { text = fmt::format("Long {}", node.value); }
  void See(const StringLit& node) { text = fmt::format("String {}", QuoteString(Name(node.text))); }
  void See(const EntityLit& node) { text = fmt::format("Entity {}", FormatEntityUid(node.uid, interner_)); }
  void See(const VarRef& node) { text = fmt::format("Var {}", VarName(node.var)); }
  void See(const SlotRef& node) { text = fmt::format("Slot {}", SlotName(node.slot)); }
  void See(const LocalRef& node) { text = fmt::format("Local {}", Name(node.name)); }
  void See(const StateRead& node) { text = fmt::format("StateRead {}.{}.{}", StateKeyword(node.state), Name(node.name), Name(node.field)); }
  void See(const StateHas& node) { text = fmt::format("StateHas {} {}", StateKeyword(node.state), Name(node.name)); }

  void See(const Unary& node) {
    text = fmt::format("Unary {}", UnaryText(node.op));
    Add(node.operand);
  }
  void See(const Binary& node) {
    text = fmt::format("Binary {}", BinaryText(node.op));
    Add(node.left);
    Add(node.right);
  }
  void See(const If& node) {
    text = "If";
    Add(node.condition);
    Add(node.then_branch, "then ");
    Add(node.else_branch, "else ");
  }
  void See(const GetAttr& node) {
    text = fmt::format("GetAttr {}", KeyText(Name(node.attr)));
    Add(node.object);
  }
  void See(const HasAttr& node) {
    text = "HasAttr ";
    for (size_t i = 0; i < node.path.size(); ++i) text += fmt::format("{}{}", i > 0 ? "." : "", KeyText(Name(node.path[i])));
    Add(node.object);
  }
  void See(const Like& node) {
    text = fmt::format("Like \"{}\"", PatternText(node.pattern, interner_));
    Add(node.text);
  }
  void See(const Is& node) {
    text = fmt::format("Is {}", Name(node.type));
    Add(node.object);
    Add(node.in, "in ");
  }
  void See(const SetLit& node) {
    text = "Set";
    for (const ExprId element : node.elements) Add(element);
  }
  void See(const RecordLit& node) {
    text = "Record";
    for (const auto& entry : node.entries) Add(entry.value, KeyText(Name(entry.key)) + ": ");
  }
  void See(const Call& node) {
    text = fmt::format("Call {}", GetBuiltin(node.builtin).name);
    for (const ExprId argument : node.args) Add(argument);
  }
  void See(const UnknownCall& node) {
    text = fmt::format("UnknownCall {}", Name(node.function));
    for (const ExprId argument : node.args) Add(argument);
  }
  void See(const Quantifier& node) {
    text = fmt::format("Quantifier {} {}", QuantifierName(node.kind), Name(node.variable));
    Add(node.set);
    Add(node.body);
  }

  const Interner& interner_;
};

}  // namespace

void DumpWriter::Line(size_t depth, std::string_view text, Span span) {
  out_.append(2 * std::min(depth, kDeepestIndent), ' ');
  out_ += text;
  if (span.has_place()) out_ += fmt::format(" @{}-{}", span.begin, span.end);
  out_ += '\n';
}

void DumpWriter::Tree(size_t depth, ExprId id, std::string_view label) {
  struct Pending {
    size_t depth;
    Child node;
  };
  if (!id.has_value()) return;
  std::vector<Pending> pending = {{depth, {std::string{label}, id}}};
  while (!pending.empty()) {
    const Pending next = std::move(pending.back());
    pending.pop_back();
    const Expr& expr = ast_.expr(next.node.id);
    NodeView view{expr, interner_};
    Line(next.depth, next.node.label + (expr.parenthesized ? "(" + view.text + ")" : view.text), expr.span);
    for (size_t i = view.children.size(); i-- > 0;) pending.push_back({next.depth + 1, std::move(view.children[i])});
  }
}

}  // namespace remit::ast
