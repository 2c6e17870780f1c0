// github by hand: a repository's five permissions share one number and differ in a bit, as do the three of its owner; a user has the byte of
// each number above. A decision is two bytes, masked by what the action is in.
#pragma once

#include "bench/floors/graph.h"

namespace remit::bench::floors {

class Github {
 public:
  struct Request {
    uint32_t user;
    uint32_t repository;
    uint32_t action;
  };
  using Result = uint32_t;  // a bit for each determining policy, in the order of kNames

  explicit Github(const Workload& workload) : graph_(workload) {
    for (const auto& repository : graph_.All("Repository")) {
      const auto& attributes = graph_.Attributes(repository);
      const auto& owner = graph_.Attributes(Reference(attributes.at("owner")));
      repositories_.push_back({.own = NumberGroup(attributes, {"readers", "triagers", "writers", "maintainers", "admins"}),
                               .of_owner = NumberGroup(owner, {"readers", "writers", "admins"})});
    }
    few_ = groups_ <= 128;
    for (const auto& user : graph_.All("User")) AddUser(user);
  }

  auto Prepare(const RequestText& text) const -> Request {
    const std::vector<std::string> order = {"read", "triage", "write", "maintain", "admin"};
    return {.user = graph_.Number(text.principal),
            .repository = graph_.Number(text.resource),
            .action = static_cast<uint32_t>(std::ranges::find(order, text.action.id) - order.begin())};
  }

  [[gnu::noinline]] auto Decide(const Request& request) const -> Result {
    // What permits each action: everything it is in, and nothing below.
    static constexpr uint8_t kOwn[] = {0b11111, 0b11110, 0b11100, 0b11000, 0b10000};
    static constexpr uint8_t kOfOwner[] = {0b111, 0b110, 0b110, 0b100, 0b100};
    const Repository& repository = repositories_[request.repository];
    const uint32_t own = Permissions(request.user, repository.own) & kOwn[request.action];
    const uint32_t of_owner = Permissions(request.user, repository.of_owner) & kOfOwner[request.action];
    return own | of_owner << 5;
  }

  auto Reason(Result result) const -> std::vector<std::string> {
    static const char* const kNames[] = {"read", "triage", "write", "maintain", "admin", "org-read", "org-write", "org-admin"};
    std::vector<std::string> names;
    for (uint32_t i = 0; i < 8; ++i) {
      if ((result >> i & 1) != 0) names.emplace_back(kNames[i]);
    }
    return names;
  }

 private:
  struct Repository {
    uint32_t own;
    uint32_t of_owner;
  };
  struct Bit {
    uint32_t group;
    uint8_t mask;
  };

  // One number for the permissions of a record. INVARIANT: no permission serves two records, which the data keeps and `at` would not miss.
  auto NumberGroup(const nlohmann::json& attributes, const std::vector<std::string>& names) -> uint32_t {
    const Uid first = Reference(attributes.at(names[0]));
    const auto known = permissions_.find(first);
    const uint32_t group = known == permissions_.end() ? groups_++ : known->second.group;
    for (size_t i = 0; i < names.size(); ++i) {
      const auto [place, added] = permissions_.emplace(Reference(attributes.at(names[i])), Bit{group, static_cast<uint8_t>(1U << i)});
      if (place->second.group != group || place->second.mask != 1U << i) throw std::runtime_error("a permission serves two records");
    }
    return group;
  }

  void AddUser(const Uid& user) {
    std::map<uint32_t, uint8_t> masks;
    for (const auto& ancestor : graph_.Ancestors(user)) {
      const auto found = permissions_.find(ancestor);
      if (found != permissions_.end()) masks[found->second.group] |= found->second.mask;
    }
    if (few_) {
      bytes_.resize(bytes_.size() + groups_);
      for (const auto& [group, mask] : masks) bytes_[bytes_.size() - groups_ + group] = mask;
    } else {
      places_.push_back(sets_.Add({masks.begin(), masks.end()}));
    }
  }

  auto Permissions(uint32_t user, uint32_t group) const -> uint32_t {
    if (few_) return bytes_[user * groups_ + group];
    const uint8_t* mask = sets_.Find(places_[user], group);
    return mask == nullptr ? 0 : *mask;
  }

  Graph graph_;
  std::map<Uid, Bit> permissions_;
  uint32_t groups_ = 0;
  bool few_ = false;
  std::vector<Repository> repositories_;
  std::vector<uint8_t> bytes_;
  HashRows<uint8_t> sets_;
  std::vector<HashRows<uint8_t>::Place> places_;
};

}  // namespace remit::bench::floors
