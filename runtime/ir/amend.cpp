#include "runtime/ir/amend.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "runtime/ir/amend_clauses.h"

namespace remit::ir {
namespace {

// The letter of ops.def for the table that an operation's imm is a position in; none: 0.
auto TableOf(Op op) -> char {
  static const auto tables = [] {
    std::array<char, 256> found = {};
    for (size_t i = 0; i < OpCount(); ++i) {
      const auto operands = GetOp(static_cast<Op>(i)).operands;
      if (const size_t at = operands.find_first_of("kpxqtu"); at != std::string_view::npos) found[i] = operands[at];
    }
    return found;
  }();
  return tables[static_cast<uint8_t>(op)];
}

// Copies bodies of one program to another one, and what they use of its tables, each entry once. Or all of them are shared, and keep their positions.
class BodyCopier {
 public:
  BodyCopier(const Program& from, Program& to)
      : from_(from),
        to_(to),
        bodies_(from.bodies.size(), kNowhere),
        constants_(from.constants.size(), kNowhere),
        patterns_(from.patterns.size(), kNowhere),
        regexes_(from.regexes.size(), kNowhere),
        keeps_record_keys_(to.record_keys.empty()) {
    if (keeps_record_keys_) to.record_keys = from.record_keys;
  }

  // All bodies, and all that they use. `to` has none so far; `former` learns that they stay.
  void ShareAll(std::vector<uint32_t>& former) {
    to_.bodies = from_.bodies;
    to_.constants.reserve(from_.constants.size());
    for (const Value& constant : from_.constants) to_.constants.push_back(CopyValue(to_.arena, constant));
    to_.patterns = from_.patterns;
    to_.regexes = from_.regexes;
    std::iota(bodies_.begin(), bodies_.end(), 0);
    former = bodies_;
  }

  // Where the budgets and breakers are whose state is read.
  void SetState(const StatePositions& state) { state_ = &state; }
  // Whether a body reads the state of what is not there any more.
  auto reads_gone() const -> bool { return reads_gone_; }

  // Its position in the new program. `former` learns where new ones come from. Native code has built in whose state it reads: where that moved, the body
  // is a new one.
  auto Copy(uint32_t body, std::vector<uint32_t>& former, uint32_t former_body) -> uint32_t {
    if (bodies_[body] != kNowhere) return bodies_[body];
    bodies_[body] = static_cast<uint32_t>(to_.bodies.size());
    Body copy = from_.bodies[body];
    bool reads_the_same = true;
    for (auto& instruction : copy.code) {
      const char table = TableOf(instruction.op);
      if (table == 't' || table == 'u') {
        reads_the_same &= ReadState(table, instruction.imm);
      } else if (table != 0) {
        instruction.imm = Entry(table, instruction.imm);
      }
    }
    to_.bodies.push_back(std::move(copy));
    former.push_back(reads_the_same ? former_body : Amended::kNew);
    return bodies_[body];
  }

 private:
  // Whether it is where it was.
  auto ReadState(char table, uint32_t& index) -> bool {
    const uint32_t position = (table == 't' ? state_->budgets : state_->breakers)[index];
    if (position == kNowhere) {
      reads_gone_ = true;
      return true;  // nothing will come of this
    }
    return std::exchange(index, position) == position;
  }

  auto Entry(char table, uint32_t index) -> uint32_t {
    if (table == 'q') return keeps_record_keys_ ? index : RecordKeys(from_.record_keys[index]);
    auto& known = (table == 'k' ? constants_ : table == 'p' ? patterns_ : regexes_)[index];
    if (known != kNowhere) return known;
    if (table == 'k') return known = Put(to_.constants, CopyValue(to_.arena, from_.constants[index]));
    if (table == 'p') return known = Put(to_.patterns, from_.patterns[index]);
    return known = Put(to_.regexes, from_.regexes[index]);
  }

  // Searched for, since few policies are added.
  auto RecordKeys(const std::vector<SymbolId>& keys) -> uint32_t {
    const auto it = std::ranges::find(to_.record_keys, keys);
    return it != to_.record_keys.end() ? static_cast<uint32_t>(it - to_.record_keys.begin()) : Put(to_.record_keys, keys);
  }

  template <typename T>
  static auto Put(std::vector<T>& table, const T& value) -> uint32_t {
    table.push_back(value);
    return static_cast<uint32_t>(table.size() - 1);
  }

  const Program& from_;
  Program& to_;
  std::vector<uint32_t> bodies_;  // by position in `from_`, as the others: the position in `to_`
  std::vector<uint32_t> constants_;
  std::vector<uint32_t> patterns_;
  std::vector<uint32_t> regexes_;
  bool keeps_record_keys_;
  const StatePositions* state_ = nullptr;
  bool reads_gone_ = false;
};

auto Refuse(std::string code, std::string message) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = "publish the policies as a whole"});
}

template <typename State>
auto HasNameTwice(const std::vector<State>& states) -> bool {
  std::unordered_set<SymbolId> names;
  return std::ranges::any_of(states, [&](const State& state) { return !names.insert(state.name).second; });
}

auto SameEnvironments(const Program& a, const Program& b) -> bool {
  return std::ranges::equal(a.environments, b.environments, [](const Environment& x, const Environment& y) {
    return x.principal_type == y.principal_type && x.action == y.action && x.resource_type == y.resource_type;
  });
}

class Amender {
 public:
  Amender(const Program& base, const Program& added)
      : base_(base), added_(added), base_bodies_(base, out_.program), added_bodies_(added, out_.program) {}

  auto Run(std::span<const SymbolId> removed) -> Expected<Amended> {
    PlaceRows(removed);
    const ClauseMerger clauses(base_, base_rows_, added_, added_rows_);
    base_bodies_.SetState(clauses.of_base());
    added_bodies_.SetState(clauses.of_added());
    if (MayShareBodies()) base_bodies_.ShareAll(out_.former_bodies);
    CopyRows();
    CopyGroups();
    clauses.Copy(out_.program, [this](bool is_base, uint32_t body) { return BodyOf(is_base, body); });
    if (base_bodies_.reads_gone()) {
      return Refuse("state-is-read", "a statement that stays reads the state of a budget or breaker that changes or goes");
    }
    if (HasNameTwice(out_.program.budgets) || HasNameTwice(out_.program.breakers)) {
      return Refuse("name-twice", "there would be two budgets or two breakers of one name");
    }
    return std::move(out_);
  }

 private:
  // A row of the amended program: which one it is of which of the two.
  struct Origin {
    bool is_base;
    uint32_t row;
  };

  // Where bodies say by position whose state they read, they would have to change. And most of what is shared must be of use.
  auto MayShareBodies() const -> bool {
    constexpr size_t kFew = 256;
    if (base_.bodies.size() < kFew || !base_.budgets.empty() || !base_.breakers.empty() || !added_.budgets.empty() ||
        !added_.breakers.empty()) {
      return false;
    }
    std::vector<bool> is_used(base_.bodies.size());
    size_t used = 0;
    const auto use = [&](uint32_t body) {
      used += is_used[body] ? 0 : 1;
      is_used[body] = true;
    };
    for (const auto& policy : base_.policies) use(policy.body);
    for (const auto& group : base_.groups) {
      for (const auto& variant : group) use(variant.body);
    }
    return used * 2 >= base_.bodies.size();
  }

  void PlaceRows(std::span<const SymbolId> removed) {
    std::unordered_map<SymbolId, uint32_t> added;
    for (uint32_t row = 0; row < added_.policies.size(); ++row) added.emplace(added_.policies[row].id, row);
    const std::unordered_set<SymbolId> gone(removed.begin(), removed.end());
    base_rows_.assign(base_.policies.size(), kNowhere);
    added_rows_.assign(added_.policies.size(), kNowhere);
    origins_.reserve(base_.policies.size() + added_.policies.size());
    for (uint32_t row = 0; row < base_.policies.size(); ++row) {
      const SymbolId id = base_.policies[row].id;
      if (const auto it = added.find(id); it != added.end()) {
        if (added_rows_[it->second] == kNowhere) Place(false, it->second);
      } else if (!gone.contains(id)) {
        Place(true, row);
      }
    }
    for (uint32_t row = 0; row < added_.policies.size(); ++row) {
      if (added_rows_[row] == kNowhere) Place(false, row);
    }
  }

  void Place(bool is_base, uint32_t row) {
    (is_base ? base_rows_ : added_rows_)[row] = static_cast<uint32_t>(origins_.size());
    origins_.push_back({.is_base = is_base, .row = row});
  }

  void CopyRows() {
    auto& program = out_.program;
    program.policies.reserve(origins_.size());
    out_.stays.reserve(origins_.size());
    for (const auto& [is_base, row] : origins_) {
      out_.stays.push_back(is_base && row == program.policies.size());
      program.policies.push_back((is_base ? base_ : added_).policies[row]);
      program.policies.back().body = BodyOf(is_base, program.policies.back().body);
    }
  }

  auto BodyOf(bool is_base, uint32_t body) -> uint32_t {
    return is_base ? base_bodies_.Copy(body, out_.former_bodies, body) : added_bodies_.Copy(body, out_.former_bodies, Amended::kNew);
  }

  // Rows that are in the same environments are one group again, whichever program they come from: so amending does not make groups many.
  void CopyGroups() {
    std::map<EnvironmentList, VariantGroup> groups;
    CollectGroups(base_, base_rows_, base_bodies_, true, groups);
    CollectGroups(added_, added_rows_, added_bodies_, false, groups);
    auto& program = out_.program;
    for (const auto& environment : base_.environments) {
      program.environments.push_back(
          {.principal_type = environment.principal_type, .action = environment.action, .resource_type = environment.resource_type});
    }
    for (auto& [environments, group] : groups) {
      std::ranges::sort(group, {}, &Variant::policy);
      for (const uint32_t i : environments) program.environments[i].groups.push_back(static_cast<uint32_t>(program.groups.size()));
      program.groups.push_back(std::move(group));
    }
  }

  using EnvironmentList = std::vector<uint32_t>;

  void CollectGroups(const Program& from, const std::vector<uint32_t>& rows, BodyCopier& bodies, bool is_base,
                     std::map<EnvironmentList, VariantGroup>& groups) {
    std::vector<EnvironmentList> environments(from.groups.size());
    for (uint32_t i = 0; i < from.environments.size(); ++i) {
      for (const uint32_t group : from.environments[i].groups) environments[group].push_back(i);
    }
    for (size_t i = 0; i < from.groups.size(); ++i) {
      VariantGroup copied;
      copied.reserve(from.groups[i].size());
      for (const auto& [policy, body] : from.groups[i]) {
        if (rows[policy] == kNowhere) continue;
        copied.push_back({.policy = rows[policy], .body = bodies.Copy(body, out_.former_bodies, is_base ? body : Amended::kNew)});
      }
      if (copied.empty()) continue;
      auto& group = groups[std::move(environments[i])];
      group.insert(group.end(), copied.begin(), copied.end());
    }
  }

  const Program& base_;
  const Program& added_;
  Amended out_;
  BodyCopier base_bodies_;
  BodyCopier added_bodies_;
  std::vector<uint32_t> base_rows_;  // of each policy of the base its new position; none: gone
  std::vector<uint32_t> added_rows_;
  std::vector<Origin> origins_;  // of each row of the amended program
};

}  // namespace

auto Amend(const Program& base, std::span<const SymbolId> removed, const Program& added) -> Expected<Amended> {
  if (!SameEnvironments(base, added)) {
    return std::unexpected(
        Error{.code = "other-environments", .message = "the programs are of different schemas", .pointer = {}, .help = {}});
  }
  return Amender(base, added).Run(removed);
}

}  // namespace remit::ir
