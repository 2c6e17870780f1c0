#include "compiler/mutation/mutation_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "compiler/coverage/recorder.h"
#include "compiler/driver/check.h"
#include "compiler/testing/run_suite.h"

namespace remit::mutation {
namespace {

using Clock = std::chrono::steady_clock;

// A test, and the statements it reaches.
struct Baseline {
  const ast::Statement* statement;
  std::vector<bool> reached;  // by statement
  bool approves = false;      // policies are asked who may approve
};

auto Approves(const ast::Test& test) -> bool {
  return std::ranges::any_of(test.steps, [](const ast::TestStep& step) { return std::holds_alternative<ast::TestApprove>(step.step); });
}

// One thread's.
class Worker {
 public:
  Worker(const MutationInput& input, const MutationOptions& options)
      : input_(input),
        job_(*input_.job),
        options_(options),
        key_(approval::SigningKey::Generate()),
        mutants_(FindMutants(job_.ast, job_.interner, job_.sources)),
        ids_(ast::AssignIds(job_.ast, job_.interner, ast::IdConvention::Remit)),
        approvers_(tests::ApproverPolicy::Compile(job_)) {
    if (input_.schema) environments_ = Environments();
  }

  auto mutants() const -> const std::vector<Mutant>& { return mutants_; }
  auto id(uint32_t statement) const -> const std::string& { return ids_[statement]; }

  // What each test reaches. The title of one that fails ends it.
  auto RunBaseline() -> Expected<void> {
    const auto program = CompileProgram(job_, ast::IdConvention::Remit);
    if (!program || approvers_ == nullptr) return Failure("policies-invalid", "the policies do not compile");
    coverage::Recorder recorder(job_.ast, ids_, *program, job_.interner);
    tests::TestEngine engine(Input(*program), nullptr, &recorder);
    const tests::StatementPlaces places(job_.ast, ids_, *program, job_.sources, job_.interner);
    const auto context = Context(places, *approvers_);
    std::vector<uint64_t> before(job_.ast.statements.size());
    for (const auto* statement : tests::ListTests(job_.ast)) {
      const auto& test = std::get<ast::Test>(statement->body);
      const auto title = job_.interner.text(test.title);
      if (options_.wanted && !options_.wanted(title)) continue;
      if (!RunTest(context, engine, test).failures.empty())
        return Failure("tests-fail", fmt::format("the test `{}` fails without any change", title));
      tests_.push_back({.statement = statement, .reached = Reached(recorder.coverage(), before), .approves = Approves(test)});
    }
    if (tests_.empty()) return Failure("no-tests", "there are no tests that could notice anything");
    return {};
  }

  void TakeBaseline(const Worker& other) {
    for (const auto& test : other.tests_) {
      const auto position = static_cast<size_t>(test.statement - other.job_.ast.statements.data());
      tests_.push_back({.statement = &job_.ast.statements[position], .reached = test.reached, .approves = test.approves});
    }
  }

  void Try(size_t index, MutantResult& result) {
    const Mutant& mutant = mutants_[index];
    const auto tests = TestsFor(mutant);
    result.fate = tests.empty() ? Fate::Unreached : Fate::Survived;
    {
      const Applied applied(job_.ast, mutant);
      if (!tests.empty()) RunTests(mutant, tests, result);
    }
    if (result.fate == Fate::Survived || result.fate == Fate::Unreached) Judge(mutant, result);
  }

 private:
  static auto Failure(std::string code, std::string message) -> std::unexpected<Error> {
    return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}});
  }

  auto Input(const ir::Program& program) -> tests::EngineInput {
    return {.program = program,
            .entities = input_.entities,
            .interner = job_.interner,
            .schema = input_.schema ? &*input_.schema : nullptr,
            .limits = job_.limits};
  }

  auto Context(const tests::StatementPlaces& places, tests::ApproverPolicy& approvers) -> tests::RunContext {
    return {.ast = job_.ast,
            .places = places,
            .sources = job_.sources,
            .interner = job_.interner,
            .entities = input_.entities,
            .schema = input_.schema ? &*input_.schema : nullptr,
            .approvers = approvers,
            .key = key_,
            .start = options_.start};
  }

  // By their places, which coverage has and positions it has not.
  auto Reached(const coverage::Coverage& coverage, std::vector<uint64_t>& before) const -> std::vector<bool> {
    std::vector<bool> reached(job_.ast.statements.size());
    size_t next = 0;
    for (size_t i = 0; i < job_.ast.statements.size() && next < coverage.size(); ++i) {
      if (coverage[next].span != job_.ast.statements[i].span) continue;
      reached[i] = coverage[next].evaluated > before[i];
      before[i] = coverage[next++].evaluated;
    }
    return reached;
  }

  // What widens a scope may matter to every test, and who may approve is asked of permits and forbids.
  auto TestsFor(const Mutant& mutant) const -> std::vector<const ast::Test*> {
    std::vector<const ast::Test*> tests;
    const bool is_policy = std::holds_alternative<ast::Policy>(job_.ast.statements[mutant.statement].body);
    for (const auto& test : tests_) {
      if (mutant.widens || test.reached[mutant.statement] || (is_policy && test.approves))
        tests.push_back(&std::get<ast::Test>(test.statement->body));
    }
    return tests;
  }

  void RunTests(const Mutant& mutant, const std::vector<const ast::Test*>& tests, MutantResult& result) {
    const auto program = CompileProgram(job_, ast::IdConvention::Remit);
    const bool is_policy = std::holds_alternative<ast::Policy>(job_.ast.statements[mutant.statement].body);
    const auto own_approvers = program && is_policy ? tests::ApproverPolicy::Compile(job_) : nullptr;
    if (!program || (is_policy && own_approvers == nullptr)) {
      result.fate = Fate::Invalid;
      return;
    }
    tests::TestEngine engine(Input(*program), nullptr, nullptr);
    const tests::StatementPlaces places(job_.ast, ids_, *program, job_.sources, job_.interner);
    const auto context = Context(places, is_policy ? *own_approvers : *approvers_);
    const auto deadline = Clock::now() + options_.each;
    for (const auto* test : tests) {
      if (Clock::now() >= deadline) {
        result.fate = Fate::TimedOut;
        return;
      }
      ++result.tests;
      if (RunTest(context, engine, *test).failures.empty()) continue;
      result.fate = Fate::Killed;
      result.killed_by = job_.interner.text(test->title);
      return;
    }
  }

  // Where a statement may be satisfied, by statement.
  auto Environments() -> std::vector<std::vector<uint32_t>> {
    DiagnosticSink sink;
    const check::TypedPolicySet typed(job_.ast, ids_, *input_.schema, job_.sources, job_.interner, {}, sink);
    std::vector<std::vector<uint32_t>> environments;
    for (const auto& statement : typed.statements()) environments.push_back(statement.environments);
    checked_ = !sink.has_errors();
    return environments;
  }

  // What nobody noticed may be nothing to notice. With a schema the checker knows of two kinds: what can be satisfied nowhere, before and after; and
  // a scope that only lost an `is`, or its action, and can be satisfied in the same kinds of requests.
  void Judge(const Mutant& mutant, MutantResult& result) {
    if (!input_.schema || !checked_) return;
    const auto before = environments_[mutant.statement];
    const bool only_kind = mutant.mutation == Mutation::WidenScope && OnlyTypes(mutant);
    const Applied applied(job_.ast, mutant);
    const auto after = Environments();
    if (!checked_)
      result.fate = Fate::Invalid;
    else if (after[mutant.statement] == before && (before.empty() || only_kind))
      result.fate = Fate::Equivalent;
    checked_ = true;
  }

  // Every part of the scope that is another one tested nothing but a type, or was the action's: a kind of request is about one action.
  auto OnlyTypes(const Mutant& mutant) const -> bool {
    const auto* scope = ScopeOf(job_.ast.statements[mutant.statement]);
    const auto* wide = ScopeOf(mutant.new_statement);
    if (scope == nullptr || wide == nullptr) return false;
    const std::array parts = {std::pair{&scope->principal, &wide->principal}, std::pair{&scope->resource, &wide->resource}};
    return std::ranges::all_of(parts,
                               [](const auto& pair) { return pair.first->op == pair.second->op || pair.first->op == ast::ScopeOp::Is; });
  }

  static auto ScopeOf(const ast::Statement& statement) -> const ast::Scope* {
    return std::visit(
        [](const auto& body) -> const ast::Scope* {
          if constexpr (requires { body.scope.principal; })
            return &body.scope;
          else
            return nullptr;
        },
        statement.body);
  }

  const MutationInput& input_;
  CompileJob& job_;
  const MutationOptions& options_;
  approval::SigningKey key_;
  std::vector<Mutant> mutants_;
  std::vector<std::string> ids_;
  std::unique_ptr<tests::ApproverPolicy> approvers_;
  std::vector<Baseline> tests_ = {};
  std::vector<std::vector<uint32_t>> environments_ = {};
  bool checked_ = true;
};

}  // namespace

auto FateName(Fate fate) -> std::string_view {
  switch (fate) {
    case Fate::Killed: return "killed";
    case Fate::Survived: return "survived";
    case Fate::Unreached: return "unreached";
    case Fate::Invalid: return "invalid";
    case Fate::Equivalent: return "equivalent";
    case Fate::TimedOut: return "timedOut";
    case Fate::NotRun: return "notRun";
  }
  return "";
}

auto MutationResult::Count(Fate fate) const -> size_t {
  return static_cast<size_t>(std::ranges::count(mutants, fate, &MutantResult::fate));
}

auto MutationResult::score() const -> double {
  const size_t counted = Count(Fate::Killed) + Count(Fate::Survived) + Count(Fate::Unreached);
  return counted == 0 ? 100.0 : 100.0 * static_cast<double>(Count(Fate::Killed)) / static_cast<double>(counted);
}

auto RunMutants(const std::vector<MutationInput>& inputs, const MutationOptions& options) -> Expected<MutationResult> {
  const auto deadline = Clock::now() + options.time;
  std::vector<std::unique_ptr<Worker>> workers;
  for (const auto& input : inputs) workers.push_back(std::make_unique<Worker>(input, options));
  if (auto done = workers[0]->RunBaseline(); !done) return std::unexpected(done.error());

  MutationResult result;
  for (const auto& mutant : workers[0]->mutants()) {
    result.mutants.push_back({.mutation = mutant.mutation,
                              .fate = Fate::NotRun,
                              .statement = workers[0]->id(mutant.statement),
                              .span = mutant.span,
                              .after = mutant.after,
                              .killed_by = {},
                              .tests = 0});
  }
  std::atomic<size_t> next = 0;
  const auto work = [&](Worker& worker) {
    for (size_t i = next++; i < result.mutants.size() && Clock::now() < deadline; i = next++) worker.Try(i, result.mutants[i]);
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < workers.size(); ++i) {
    workers[i]->TakeBaseline(*workers[0]);
    threads.emplace_back(work, std::ref(*workers[i]));
  }
  work(*workers[0]);
  for (auto& thread : threads) thread.join();
  return result;
}

}  // namespace remit::mutation
