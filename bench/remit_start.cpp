// Starts from a bundle, over and over: what remit_bundle.cpp measures once, for profilers, and with the runtime library alone.
//
// usage: remit_start BUNDLE ROUNDS [TYPE ID TYPE ID TYPE ID]
//
// The bundle is one of `remit build`; the six names are principal, action and resource of the first decision. Prints the least and the median of the rounds, and
// what the stages take of the quickest.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <vector>

#include "runtime/bundle/bundle_policies.h"
#include "runtime/engine/session.h"

namespace remit::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Round {
  double open = 0;  // milliseconds since the start, as the others
  double loaded = 0;
  double decided = 0;
};

class Start {
 public:
  Start(std::string path, std::vector<std::string> names) : path_(std::move(path)), names_(std::move(names)) {
    const std::vector<std::string> any = {"User", "u0", "Action", "read", "Document", "d0"};
    if (names_.empty()) names_ = any;
  }

  auto Run() const -> std::optional<Round> {
    const auto start = Clock::now();
    const auto now = [&] { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); };
    Round round;
    Engine engine;
    const auto bundle = Bundle::Open(path_);
    if (!bundle) return Refuse(bundle.error());
    round.open = now();
    auto policies = ToPolicies(*bundle, engine.interner());
    if (!policies) return Refuse(policies.error());
    round.loaded = now();
    engine.PublishPolicies(policies->policies);
    Session session(engine);
    Interner overlay(&engine.interner());
    const auto uid = [&](size_t at) { return EntityUid{overlay.Intern(names_[at]), overlay.Intern(names_[at + 1])}; };
    const Request request = {.principal = uid(0), .action = uid(2), .resource = uid(4), .context = {}};
    session.Decide(request, overlay, nullptr, false);
    round.decided = now();
    return round;
  }

 private:
  static auto Refuse(const Error& error) -> std::nullopt_t {
    std::cerr << "remit_start: " << error.message << '\n';
    return std::nullopt;
  }

  std::string path_;
  std::vector<std::string> names_;
};

auto Measure(const Start& start, size_t count) -> int {
  std::vector<Round> rounds;
  for (size_t i = 0; i < count; ++i) {
    const auto round = start.Run();
    if (!round) return 1;
    rounds.push_back(*round);
  }
  std::ranges::sort(rounds, {}, &Round::decided);
  const Round& best = rounds.front();
  std::cout << "least " << best.decided << " ms, median " << rounds[rounds.size() / 2].decided << " ms; opened after " << best.open
            << ", loaded after " << best.loaded << '\n';
  return 0;
}

}  // namespace
}  // namespace remit::bench

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc != 3 && argc != 9) {
    std::cerr << "usage: remit_start BUNDLE ROUNDS [TYPE ID TYPE ID TYPE ID]\n";
    return 2;
  }
  return Measure(Start(argv[1], {argv + 3, argv + argc}), std::max(1UL, std::stoul(argv[2])));
}
