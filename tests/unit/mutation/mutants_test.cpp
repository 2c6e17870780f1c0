// Which mistakes are made, and that each is undone.
#include "compiler/mutation/mutants.h"

#include <gtest/gtest.h>

#include "compiler/ast/printer.h"
#include "compiler/driver/compile_job.h"

namespace remit::mutation {
namespace {

class Subject {
 public:
  explicit Subject(const std::string& text) {
    EXPECT_TRUE(LoadPolicies(job_, "p.remit", text, PolicyFormat::Text));
    mutants_ = FindMutants(job_.ast, job_.interner, job_.sources);
  }

  // Texts that take the place of what is there, of one kind.
  auto Afters(Mutation mutation) const -> std::vector<std::string> {
    std::vector<std::string> all;
    for (const auto& each : mutants_) {
      if (each.mutation == mutation) all.push_back(each.after);
    }
    return all;
  }
  auto Printed() const -> std::string { return ast::PrintPolicySet(job_.ast, job_.interner); }
  auto mutants() const -> const std::vector<Mutant>& { return mutants_; }
  auto tree() -> ast::Ast& { return job_.ast; }

 private:
  CompileJob job_;
  std::vector<Mutant> mutants_;
};
using Texts = std::vector<std::string>;

auto Budget(const std::string& limit) -> std::string { return "budget b (principal, action, resource) limit { " + limit + " };"; }

TEST(Mutants, LimitsByOne) {
  const Subject subject(Budget("5"));
  EXPECT_EQ(subject.Afters(Mutation::RaiseLimit), Texts{"6"});
  EXPECT_EQ(subject.Afters(Mutation::LowerLimit), Texts{"4"});
  EXPECT_EQ(Subject(Budget("0")).Afters(Mutation::LowerLimit), Texts{});
  EXPECT_EQ(Subject(Budget("9223372036854775807")).Afters(Mutation::RaiseLimit), Texts{});
}

TEST(Mutants, DecimalLimitsByTheirLastPlace) {
  const Subject subject(Budget(R"(decimal("10.50"))"));
  EXPECT_EQ(subject.Afters(Mutation::RaiseLimit), Texts{R"(decimal("10.51"))"});
  EXPECT_EQ(subject.Afters(Mutation::LowerLimit), Texts{R"(decimal("10.49"))"});
  EXPECT_EQ(Subject(Budget(R"(decimal("0.0"))")).Afters(Mutation::LowerLimit), Texts{});
  EXPECT_EQ(Subject(Budget(R"(decimal("922337203685477.5807"))")).Afters(Mutation::RaiseLimit), Texts{});
}

TEST(Mutants, EachChangesTheTreeAndIsUndone) {
  Subject subject(R"(@id("p") permit (principal is User, action == Action::"a", resource) when { context.n < 5 && !context.off };)" +
                  Budget("5"));
  const auto before = subject.Printed();
  EXPECT_GT(subject.mutants().size(), 10U);
  for (const auto& mutant : subject.mutants()) {
    {
      const Applied applied(subject.tree(), mutant);
      EXPECT_NE(subject.Printed(), before) << MutationCode(mutant.mutation);
    }
    EXPECT_EQ(subject.Printed(), before) << MutationCode(mutant.mutation);
  }
}

}  // namespace
}  // namespace remit::mutation
