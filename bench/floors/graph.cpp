#include "bench/floors/graph.h"

namespace remit::bench::floors {

Graph::Graph(const Workload& workload) : entities_(workload.Json("entities.json")) {
  for (size_t i = 0; i < entities_.size(); ++i) {
    const Uid uid = ToUid(entities_[i].at("uid"));
    auto& same_type = by_type_[uid.type];
    numbers_[uid] = static_cast<uint32_t>(same_type.size());
    documents_[uid] = i;
    same_type.push_back(uid);
  }
}

auto Graph::All(const std::string& type) const -> const std::vector<Uid>& {
  static const std::vector<Uid> kNone;
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? kNone : found->second;
}

auto Graph::Count(const std::string& type) const -> uint32_t { return static_cast<uint32_t>(All(type).size()); }

auto Graph::Ancestors(const Uid& uid) const -> std::set<Uid> {
  std::set<Uid> seen;
  std::vector<Uid> todo = {uid};
  while (!todo.empty()) {
    const Uid next = todo.back();
    todo.pop_back();
    for (const auto& value : entities_[documents_.at(next)].at("parents")) {
      const Uid parent = ToUid(value);
      if (seen.insert(parent).second) todo.push_back(parent);
    }
  }
  return seen;
}

auto Graph::AncestorNumbers(const Uid& uid, const std::string& type) const -> std::vector<uint32_t> {
  std::vector<uint32_t> numbers;
  for (const auto& ancestor : Ancestors(uid)) {
    if (ancestor.type == type) numbers.push_back(Number(ancestor));
  }
  return numbers;
}

auto Reference(const nlohmann::json& value) -> Uid { return ToUid(value.at("__entity")); }

}  // namespace remit::bench::floors
