// Random trees, printed and parsed, give the tree back: brackets exactly where they are needed.
#include <random>

#include "job.h"

namespace remit {
namespace {

using ast::ExprId;

class TreeMaker {
 public:
  TreeMaker(uint64_t seed, ast::Ast& ast, Interner& interner) : random_(seed), ast_(ast), interner_(interner) {}

  auto Make(int depth) -> ExprId {
    if (depth == 0 || Pick(6) == 0) return Leaf();
    switch (Pick(9)) {
      case 0: return Add(ast::Unary{static_cast<ast::UnaryOp>(Pick(3)), Make(depth - 1)});
      case 1:
      case 2: return Add(ast::Binary{static_cast<ast::BinaryOp>(Pick(17)), Make(depth - 1), Make(depth - 1)});
      case 3: return Add(ast::If{Make(depth - 1), Make(depth - 1), Make(depth - 1)});
      case 4: return Add(ast::GetAttr{Make(depth - 1), Name(true)});
      case 5: return Has(depth);
      case 6: return Add(ast::Is{Make(depth - 1), interner_.Intern("A::B"), Pick(2) == 0 ? ExprId{} : Make(depth - 1)});
      case 7: return Collection(depth);
      default: return MakeCall(depth);
    }
  }

 private:
  auto Pick(uint32_t count) -> uint32_t { return static_cast<uint32_t>(random_() % count); }
  template <typename Node>
  auto Add(Node node) -> ExprId {
    return ast_.Add({.span = {}, .parenthesized = false, .node = std::move(node)});
  }

  auto Name(bool any) -> SymbolId {
    static constexpr const char* kNames[] = {"a", "when", "budget", "principal", "_x9", "if", "a b", "", "\"", "like", "\xC3\xA9"};
    return interner_.Intern(kNames[Pick(any ? 11 : 5)]);
  }

  auto Leaf() -> ExprId {
    static constexpr int64_t kNumbers[] = {0, 1, -1, 42, INT64_MAX, INT64_MIN};
    switch (Pick(5)) {
      case 0: return Add(ast::BoolLit{Pick(2) == 0});
      case 1: return Add(ast::LongLit{kNumbers[Pick(6)]});
      case 2: return Add(ast::StringLit{interner_.Intern(Pick(2) == 0 ? "x\n\"\\*" : "")});
      case 3: return Add(ast::EntityLit{{interner_.Intern("N::T"), Name(true)}});
      default: return Add(ast::VarRef{static_cast<ast::Var>(Pick(4))});
    }
  }

  auto Has(int depth) -> ExprId {
    const auto object = Make(depth - 1);
    if (Pick(2) == 0) return Add(ast::HasAttr{object, {Name(true)}});
    return Add(ast::HasAttr{object, {Name(false), Name(false)}});
  }

  auto Collection(int depth) -> ExprId {
    if (Pick(2) == 0) return Add(ast::SetLit{{Make(depth - 1), Make(depth - 1)}});
    if (Pick(3) == 0) return Add(ast::RecordLit{});
    return Add(ast::RecordLit{{{interner_.Intern("if"), Make(depth - 1)}, {interner_.Intern("k"), Make(depth - 1)}}});
  }

  auto MakeCall(int depth) -> ExprId {
    if (Pick(3) == 0) {
      return Add(ast::Like{Make(depth - 1), {{false, interner_.Intern("a*\\")}, {true, {}}, {true, {}}, {false, interner_.Intern("\n")}}});
    }
    const auto* builtin = FindBuiltin(Pick(2) == 0 ? "ip" : "isInRange");
    return Add(ast::Call{builtin->id, {Make(depth - 1), Make(depth - 1)}});
  }

  std::mt19937_64 random_;
  ast::Ast& ast_;
  Interner& interner_;
};

TEST(PrintRandom, TreesReadBackTheSame) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    Job job;
    ast::Ast ast;
    const auto body = TreeMaker{seed, ast, job.interner}.Make(6);
    ast.statements.push_back(
        {.span = {},
         .annotations = {},
         .body = ast::Policy{.effect = {}, .scope = {}, .conditions = {{ast::ConditionKind::When, body, {}}}, .oblige = {}}});
    const auto printed = ast::PrintPolicySet(ast, job.interner);
    const auto read = job.Parse(printed);
    ASSERT_TRUE(ast::SameMeaning(ast, read)) << "seed " << seed << "\n" << printed;
    ASSERT_EQ(ast::PrintPolicySet(read, job.interner), printed) << "seed " << seed;
    if (seed % 10 == 0) CheckedFormat(printed, {.line_width = 30, .indent = 2});
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace remit
