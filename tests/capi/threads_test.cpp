// Eight threads decide while policies and entities are swapped. Every decision is one that some moment allows: the owner always may, and whoever is
// in the team may exactly if the decision names the version of the policies that says so. Meant for ThreadSanitizer as well.
#include <atomic>
#include <thread>

#include "tests/capi/fixture.h"

namespace remit_test {
namespace {

constexpr int kReaders = 8;
constexpr int kChanges = 60;

// Two policy sets: the second one forbids what the first permits to teams, under ids that tell which it was.
auto Version(int number) -> std::string {
  const std::string id = std::to_string(number);
  return "@id(\"owner" + id + "\") permit (principal, action, resource) when { resource.owner == principal };\n@id(\"team" + id + "\") " +
         (number % 2 == 0 ? "permit" : "forbid") + " (principal in Team::\"staff\", action, resource);";
}

void Load(Engine& engine, int number, bool with_entities) {
  Sources sources;
  sources.Policies("p", Version(number)).Schema("s", kSchema);
  if (with_entities) sources.Entities("e", kEntities);
  engine.Load(sources);
}

// What is wrong with a decision of ana, who is in the team, or was a moment ago; empty if nothing.
auto CheckOfAna(const Decision& decision) -> std::string {
  const auto ids = decision.determining();
  if (ids.empty()) return decision.allowed() ? "allowed by nothing" : "";  // not in the team
  if (ids.size() != 1 || ids[0].substr(0, 4) != "team") return "decided by " + std::string(ids[0]);
  const bool permits = (ids[0].back() - '0') % 2 == 0;
  return permits == decision.allowed() ? "" : "policies of two versions";
}

auto CheckOfBob(const Decision& decision) -> std::string {
  const auto ids = decision.determining();
  return decision.allowed() && ids.size() == 1 && ids[0].substr(0, 5) == "owner" ? "" : "the owner may not";
}

class Readers {
 public:
  explicit Readers(const Engine& engine) {
    for (int i = 0; i < kReaders; ++i) threads_.emplace_back([this, &engine, i] { Run(engine, i); });
  }
  // Until each of them has seen everything change.
  auto Finish() -> uint64_t {
    is_over_ = true;
    for (auto& thread : threads_) thread.join();
    return decisions_;
  }
  auto decisions() const -> uint64_t { return decisions_; }
  auto failure() const -> std::string { return failed_ ? failure_ : ""; }

 private:
  void Run(const Engine& engine, int number) {
    Session session(engine);
    const Request ana(engine, Fields("ana", "read"));
    const Request bob(engine, Fields("bob", "write"));
    const std::string json = R"({"principal": "User::\"ana\"", "action": "Action::\"read\"", "resource": "Doc::\"plan\""})";
    for (uint64_t i = 0; !is_over_; ++i) {
      const Decision decision = (i + number) % 8 == 0   ? session.DecideJson(json)
                                : (i + number) % 4 == 0 ? session.Decide(Fields("ana", "read"))
                                                        : session.Decide(ana);
      Expect(CheckOfAna(decision));
      if (i % 16 == 0) Expect(CheckOfAna(decision.Keep()));
      Expect(CheckOfBob(session.Decide(bob)));
      if (i % 64 == 0) session.Release();
      decisions_ += 2;
    }
  }
  void Expect(const std::string& problem) {
    if (!problem.empty() && !failed_.exchange(true)) failure_ = problem;
  }

  std::atomic<bool> is_over_ = false;
  std::atomic<uint64_t> decisions_ = 0;
  std::atomic<bool> failed_ = false;
  std::string failure_;
  std::vector<std::thread> threads_;
};

void Change(Engine& engine, int number) {
  Record level;
  level.Add("level", number);
  const bool is_in = number % 3 != 0;
  const auto parents = is_in ? std::vector<remit::Uid>{{"Team", "staff"}} : std::vector<remit::Uid>{};
  const std::string passing_by = "visitor" + std::to_string(number);
  engine.Apply(remit::Changes().Upsert({"User", "ana"}, parents, &level).Upsert({"User", passing_by}, {}, &level));
  if (number % 2 == 0) engine.Apply(remit::Changes().Remove({"User", passing_by}));
  if (number % 4 == 0) Load(engine, number / 4 % 10, number % 8 == 0);
  if (number % 10 == 0) engine.LoadEntities("e", kEntities);
}

TEST(Threads, EightDecideWhilePoliciesAndEntitiesAreSwapped) {
  Engine engine;
  Load(engine, 0, true);
  Readers readers(engine);
  std::thread writer([&] {
    for (int i = 1; i <= kChanges; i += 2) Change(engine, i);
  });
  for (int i = 2; i <= kChanges; i += 2) Change(engine, i);
  writer.join();
  engine.WaitForCode();
  while (readers.decisions() < 1000) std::this_thread::yield();
  const auto decisions = readers.Finish();
  EXPECT_EQ(readers.failure(), "");
  EXPECT_GE(decisions, 1000u);
}

TEST(Threads, RequestsAreMadeWhilePoliciesAreLoaded) {
  Engine engine;
  Load(engine, 0, true);
  std::atomic<bool> is_over = false;
  std::vector<std::thread> makers;
  for (int i = 0; i < 4; ++i) {
    makers.emplace_back([&, i] {
      Session session(engine);
      for (int n = 0; !is_over; ++n) {
        const std::string user = "u" + std::to_string(i) + "-" + std::to_string(n % 50);
        const Request request(engine, Fields(user.c_str(), "read"));
        EXPECT_FALSE(session.Decide(request).allowed());
      }
    });
  }
  for (int i = 0; i < 20; ++i) Load(engine, i % 10, false);
  is_over = true;
  for (auto& maker : makers) maker.join();
}

}  // namespace
}  // namespace remit_test
