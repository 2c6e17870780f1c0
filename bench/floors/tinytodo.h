// tinytodo by hand: a list holds its owner and two teams, a user the set of teams above.
#pragma once

#include "bench/floors/graph.h"

namespace remit::bench::floors {

class TinyTodo {
 public:
  struct Request {
    uint32_t user;
    uint32_t list;
    uint32_t action;
  };
  using Result = uint32_t;  // a bit for each determining policy

  explicit TinyTodo(const Workload& workload) : graph_(workload) {
    const auto& users = graph_.All("User");
    const bool few = graph_.Count("Team") <= 512;
    if (few) bits_ = BitRows(users.size(), graph_.Count("Team"));
    for (const auto& user : users) {
      std::vector<std::pair<uint32_t, Nothing>> teams;
      for (const uint32_t team : graph_.AncestorNumbers(user, "Team")) teams.emplace_back(team, Nothing{});
      for (const auto& [team, nothing] : teams) {
        if (few) bits_.Add(graph_.Number(user), team);
      }
      if (!few) places_.push_back(sets_.Add(teams));
    }
    for (const auto& list : graph_.All("List")) {
      const auto& attributes = graph_.Attributes(list);
      const auto number = [&](const char* name) { return graph_.Number(Reference(attributes.at(name))); };
      lists_.push_back({.owner = number("owner"), .readers = number("readers"), .editors = number("editors")});
    }
  }

  auto Prepare(const RequestText& text) const -> Request {
    return {.user = graph_.Number(text.principal), .list = graph_.Number(text.resource), .action = kActions.at(text.action.id)};
  }

  [[gnu::noinline]] auto Decide(const Request& request) const -> Result {
    if (request.action < kOfLists) return 1U << 0;  // the only application there is
    const List& list = lists_[request.list];
    Result result = list.owner == request.user ? 1U << 1 : 0;
    if (request.action == kGetList && (InTeam(request.user, list.readers) || InTeam(request.user, list.editors))) result |= 1U << 2;
    if (request.action >= kOfEditors && InTeam(request.user, list.editors)) result |= 1U << 3;
    return result;
  }

  auto Reason(Result result) const -> std::vector<std::string> {
    std::vector<std::string> names;
    for (uint32_t i = 0; i < 4; ++i) {
      if ((result >> i & 1) != 0) names.push_back(std::to_string(i));
    }
    return names;
  }

 private:
  // In the order that Decide asks: of the application, of lists, of lists by editors.
  static constexpr uint32_t kOfLists = 2;
  static constexpr uint32_t kGetList = 2;
  static constexpr uint32_t kOfEditors = 5;
  inline static const std::map<std::string, uint32_t> kActions = {{"CreateList", 0}, {"GetLists", 1},   {"GetList", 2},
                                                                  {"DeleteList", 3}, {"EditShares", 4}, {"UpdateList", 5},
                                                                  {"CreateTask", 6}, {"UpdateTask", 7}, {"DeleteTask", 8}};
  struct List {
    uint32_t owner;
    uint32_t readers;
    uint32_t editors;
  };

  auto InTeam(uint32_t user, uint32_t team) const -> bool {
    return places_.empty() ? bits_.Has(user, team) : sets_.Find(places_[user], team) != nullptr;
  }

  Graph graph_;
  std::vector<List> lists_;
  BitRows bits_{0, 0};
  HashSets sets_;
  std::vector<HashSets::Place> places_;
};

}  // namespace remit::bench::floors
