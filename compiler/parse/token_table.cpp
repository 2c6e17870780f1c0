#include "compiler/parse/token_table.h"

#include <RemitLexer.h>

#include <algorithm>
#include <bitset>
#include <map>
#include <unordered_map>

#include "compiler/parse/byte_stream.h"
#include "runtime/base/check.h"

namespace remit::parse {

using antlr4::atn::ATNState;
using antlr4::atn::Transition;

// The subset construction: a state of the table is the set of places that the lexer's automaton may be at.
class TokenTableMaker {
 public:
  explicit TokenTableMaker(const antlr4::atn::ATN& automaton) : automaton_(automaton) {}

  auto Make() -> TokenTable {
    Places start;
    const auto& rules = automaton_.modeToStartState[0]->transitions;
    for (uint32_t rule = 0; rule < rules.size(); ++rule)
      GoTo({.state = NumberOf(rules[rule]->target), .rule = rule, .caller = kNoCaller}, start);
    NumberOf(start);
    for (size_t at = 0; at < pending_.size(); ++at) FillRow(at);
    return std::move(table_);
  }

 private:
  using Bytes = std::bitset<TokenTable::kBytes>;
  static constexpr uint32_t kNoCaller = UINT32_MAX;

  // Where one of the grammar's tokens may be: in its own rule, or in a fragment that a rule calls.
  struct Place {
    uint32_t state;
    uint32_t rule;    // among those of tokens, in the grammar's order
    uint32_t caller;  // position in `callers_`

    friend auto operator<=>(const Place&, const Place&) = default;
  };
  using Places = std::vector<Place>;
  struct Caller {
    uint32_t back_to;  // state
    uint32_t caller;

    friend auto operator==(const Caller&, const Caller&) -> bool = default;
  };

  static auto NumberOf(const ATNState* state) -> uint32_t { return static_cast<uint32_t>(state->stateNumber); }
  auto StateOf(const Place& place) const -> ATNState* { return automaton_.states[place.state]; }

  auto Called(const Caller& caller) -> uint32_t {
    const auto known = std::ranges::find(callers_, caller);
    if (known == callers_.end()) return callers_.push_back(caller), static_cast<uint32_t>(callers_.size() - 1);
    return static_cast<uint32_t>(known - callers_.begin());
  }

  // Adds the place and all that can be reached from it without reading. Fragments do not call themselves, so this ends.
  void GoTo(const Place& place, Places& places) {
    if (std::ranges::find(places, place) != places.end()) return;
    places.push_back(place);
    auto* state = StateOf(place);
    if (state->getStateType() == ATNState::RULE_STOP && place.caller != kNoCaller) {
      const Caller caller = callers_[place.caller];
      GoTo({.state = caller.back_to, .rule = place.rule, .caller = caller.caller}, places);
      return;
    }
    for (const Transition* transition : state->transitions) {
      if (transition->getSerializationType() == Transition::RULE) {
        const auto* call = static_cast<const antlr4::atn::RuleTransition*>(transition);
        const uint32_t caller = Called({.back_to = NumberOf(call->followState), .caller = place.caller});
        GoTo({.state = NumberOf(call->target), .rule = place.rule, .caller = caller}, places);
      } else if (transition->isEpsilon()) {
        GoTo({.state = NumberOf(transition->target), .rule = place.rule, .caller = place.caller}, places);
      }
    }
  }

  // What a transition reads.
  auto BytesOf(const Transition& transition) -> const Bytes& {
    const auto [it, is_new] = bytes_.try_emplace(&transition);
    if (!is_new) return it->second;
    Bytes bytes;
    const auto label = transition.label();
    for (const auto& interval : label.getIntervals()) {
      for (ssize_t byte = std::max<ssize_t>(interval.a, 0); byte <= std::min<ssize_t>(interval.b, TokenTable::kBytes - 1); ++byte)
        bytes.set(static_cast<size_t>(byte));
    }
    const auto kind = transition.getSerializationType();
    CHECK(kind != Transition::PREDICATE && kind != Transition::PRECEDENCE, "tokens depend on nothing but text");
    if (kind == Transition::NOT_SET) bytes.flip();
    if (kind == Transition::WILDCARD) bytes.set();
    return it->second = bytes;
  }

  // One of the transitions that read, and where it leads.
  struct Read {
    const Bytes* bytes;
    Place place;
  };
  static constexpr size_t kMostReads = 256;
  using Chosen = std::bitset<kMostReads>;

  auto ReadsOf(const Places& places) -> std::vector<Read> {
    std::vector<Read> reads;
    for (const Place& place : places) {
      for (const Transition* transition : StateOf(place)->transitions) {
        if (transition->isEpsilon()) continue;
        const Place behind = {.state = NumberOf(transition->target), .rule = place.rule, .caller = place.caller};
        reads.push_back({.bytes = &BytesOf(*transition), .place = behind});
      }
    }
    CHECK(reads.size() <= kMostReads, "more tokens than are told apart");
    return reads;
  }

  // Most bytes choose the same: where they lead is worked out once.
  void FillRow(size_t at) {
    const auto reads = ReadsOf(pending_[at]->first);
    std::array<Chosen, TokenTable::kBytes> chosen;
    for (size_t i = 0; i < reads.size(); ++i) {
      for (size_t byte = 0; byte < TokenTable::kBytes; ++byte) {
        if (reads[i].bytes->test(byte)) chosen[byte].set(i);
      }
    }
    std::vector<std::pair<Chosen, uint16_t>> known = {{Chosen{}, TokenTable::kNone}};
    auto found = known.begin();
    for (size_t byte = 0; byte < TokenTable::kBytes; ++byte) {
      if (found->first != chosen[byte]) found = std::ranges::find(known, chosen[byte], &std::pair<Chosen, uint16_t>::first);
      if (found == known.end()) found = known.insert(found, {chosen[byte], Behind(reads, chosen[byte])});
      table_.states_[at].next[byte] = found->second;
    }
  }

  auto Behind(const std::vector<Read>& reads, const Chosen& chosen) -> uint16_t {
    Places reached;
    for (size_t i = 0; i < reads.size(); ++i) {
      if (chosen.test(i)) GoTo(reads[i].place, reached);
    }
    return NumberOf(reached);
  }

  // The table's state for these places.
  auto NumberOf(Places& places) -> uint16_t {
    std::ranges::sort(places);
    const auto [it, is_new] = numbers_.try_emplace(places, static_cast<uint16_t>(table_.states_.size()));
    if (!is_new) return it->second;
    CHECK(table_.states_.size() < TokenTable::kNone, "more states than tokens can have");
    pending_.push_back(it);
    auto& state = table_.states_.emplace_back();
    state.next.fill(TokenTable::kNone);
    uint32_t first = UINT32_MAX;
    for (const Place& place : places) {
      auto* reached = StateOf(place);
      if (place.caller != kNoCaller || reached->getStateType() != ATNState::RULE_STOP || place.rule >= first) continue;
      first = place.rule;
      state.type = static_cast<uint16_t>(automaton_.ruleToTokenType[reached->ruleIndex]);
    }
    return it->second;
  }

  const antlr4::atn::ATN& automaton_;
  TokenTable table_;
  std::vector<Caller> callers_;
  std::unordered_map<const Transition*, Bytes> bytes_;
  std::map<Places, uint16_t> numbers_;
  std::vector<std::map<Places, uint16_t>::const_iterator> pending_;  // by state
};

auto TokenTable::Get() -> const TokenTable& {
  static const TokenTable table = [] {
    const grammar::RemitLexer lexer(nullptr);
    return TokenTableMaker(lexer.getATN()).Make();
  }();
  return table;
}

auto TokenTable::Longest(std::string_view text, size_t begin) const -> Match {
  Match match = {.type = 0, .end = begin};
  const State* state = states_.data();
  for (size_t at = begin; at < text.size();) {
    const uint16_t next = state->next[ByteStream::ClassOf(text, at)];
    if (next == kNone) break;
    state = &states_[next];
    ++at;
    if (state->type != 0) match = {.type = state->type, .end = at};
  }
  CHECK(match.end > begin, "some token begins with any byte");
  return match;
}

}  // namespace remit::parse
