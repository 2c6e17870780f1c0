#include <algorithm>

#include "compiler/check/scope.h"
#include "compiler/check/walk.h"
#include "compiler/lsp/policy_view.h"

namespace remit::lsp {
namespace {

constexpr int kDeepest = 400;

auto Builtin(Kind kind) -> Shapes { return {{.kind = kind}}; }

void AddEnvironment(Subjects& subjects, const check::Environment& environment, const SchemaIndex& index) {
  Join(subjects.principal, {index.EntityShape(environment.principal)});
  Join(subjects.resource, {index.EntityShape(environment.resource)});
  if (std::ranges::find(subjects.actions, environment.action->uid) != subjects.actions.end()) return;
  subjects.actions.push_back(environment.action->uid);
  Join(subjects.context, index.ContextOf(environment.action->uid));
}

}  // namespace

auto SubjectsOf(const ast::Scope& scope, const check::SchemaView& view, const SchemaIndex& index) -> Subjects {
  Subjects subjects;
  for (const auto& match : check::MatchScope(scope, view, check::Mode::Permissive)) {
    AddEnvironment(subjects, view.environments()[match.environment], index);
  }
  return subjects;
}

auto AllSubjects(const check::SchemaView& view, const SchemaIndex& index) -> Subjects {
  Subjects subjects;
  for (const auto& environment : view.environments()) AddEnvironment(subjects, environment, index);
  return subjects;
}

ShapeFinder::ShapeFinder(const ast::Ast& ast, const SchemaIndex& index, const Subjects& subjects, const std::vector<ast::ExprId>& roots)
    : ast_(ast), index_(index), subjects_(subjects) {
  check::VisitExprs(ast, roots, [&](ast::ExprId, const ast::Expr& expr) {
    if (const auto* quantifier = std::get_if<ast::Quantifier>(&expr.node)) sets_[quantifier->variable] = quantifier->set;
  });
}

// Chains to the left are as long as a statement: they are followed no deeper than nesting goes, and say nothing beyond.
auto ShapeFinder::Of(ast::ExprId id, int depth) const -> Shapes {
  if (!id.has_value() || depth > kDeepest) return {};
  struct Visitor {
    const ShapeFinder& finder;
    int depth;

    auto At(ast::ExprId child) const -> Shapes { return finder.Of(child, depth + 1); }

    auto operator()(const ast::BoolLit&) const -> Shapes { return Builtin(Kind::Bool); }
    auto operator()(const ast::LongLit&) const -> Shapes { return Builtin(Kind::Long); }
    auto operator()(const ast::StringLit&) const -> Shapes { return Builtin(Kind::String); }
    auto operator()(const ast::EntityLit& node) const -> Shapes { return {finder.index_.EntityShape(node.uid.type)}; }
    auto operator()(const ast::VarRef& node) const -> Shapes {
      switch (node.var) {
        case ast::Var::Principal: return finder.subjects_.principal;
        case ast::Var::Resource: return finder.subjects_.resource;
        case ast::Var::Context: return finder.subjects_.context;
        case ast::Var::Action: return {};
      }
      return {};
    }
    auto operator()(const ast::SlotRef&) const -> Shapes { return {}; }
    auto operator()(const ast::LocalRef& node) const -> Shapes {
      const auto it = finder.sets_.find(node.name);
      return it == finder.sets_.end() ? Builtin(Kind::Long) : finder.index_.ElementsOf(At(it->second));
    }
    auto operator()(const ast::Unary& node) const -> Shapes {
      const bool is_number = node.op == ast::UnaryOp::Neg || node.op == ast::UnaryOp::Size;
      return Builtin(is_number ? Kind::Long : Kind::Bool);
    }
    auto operator()(const ast::Binary& node) const -> Shapes {
      const bool is_number = node.op == ast::BinaryOp::Add || node.op == ast::BinaryOp::Sub || node.op == ast::BinaryOp::Mul;
      if (node.op == ast::BinaryOp::GetTag) return finder.index_.TagsOf(At(node.left));
      return Builtin(is_number ? Kind::Long : Kind::Bool);
    }
    auto operator()(const ast::If& node) const -> Shapes {
      auto shapes = At(node.then_branch);
      Join(shapes, At(node.else_branch));
      return shapes;
    }
    auto operator()(const ast::GetAttr& node) const -> Shapes {
      Shapes shapes;
      for (const auto& field : finder.index_.FieldsNamed(At(node.object), node.attr)) Join(shapes, field.shapes);
      return shapes;
    }
    auto operator()(const ast::HasAttr&) const -> Shapes { return Builtin(Kind::Bool); }
    auto operator()(const ast::Like&) const -> Shapes { return Builtin(Kind::Bool); }
    auto operator()(const ast::Is&) const -> Shapes { return Builtin(Kind::Bool); }
    auto operator()(const ast::SetLit&) const -> Shapes { return {}; }
    auto operator()(const ast::RecordLit&) const -> Shapes { return {}; }
    auto operator()(const ast::Call& node) const -> Shapes { return Builtin(GetBuiltin(node.builtin).signature.result); }
    auto operator()(const ast::UnknownCall&) const -> Shapes { return {}; }
    auto operator()(const ast::Quantifier&) const -> Shapes { return Builtin(Kind::Bool); }
    auto operator()(const ast::StateRead& node) const -> Shapes {
      return Builtin(node.state == ast::StateKind::Budget ? Kind::Long : Kind::Bool);
    }
    auto operator()(const ast::StateHas&) const -> Shapes { return Builtin(Kind::Bool); }
  };
  return std::visit(Visitor{.finder = *this, .depth = depth}, ast_.expr(id).node);
}

}  // namespace remit::lsp
