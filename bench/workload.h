// One folder of the workloads in C++: entities, links, requests and the answers that must come out.
//
// Shared by the hand-written floors and by our own benchmark. Uids stay strings here: how an engine numbers them is its own affair.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace remit::bench {

struct Uid {
  std::string type;
  std::string id;

  auto operator<=>(const Uid&) const = default;
};

struct RequestText {
  Uid principal;
  Uid action;
  Uid resource;
};

struct Answer {
  bool allow = false;
  std::vector<std::string> reason;  // sorted
  size_t errors = 0;

  auto operator==(const Answer&) const -> bool = default;
};

struct Workload {
  std::filesystem::path folder;
  std::string app;
  int64_t n = 0;

  static auto Open(const std::filesystem::path& folder) -> Workload;

  auto Text(const std::string& name) const -> std::string;
  auto Json(const std::string& name) const -> nlohmann::json;
  auto Has(const std::string& name) const -> bool;
  auto Requests(const std::string& file) const -> std::vector<RequestText>;
  auto Expected(const std::string& file) const -> std::vector<Answer>;
  // Which of requests, requests_mix and candidates there are, each with its answers.
  auto Files() const -> std::vector<std::string>;
};

auto ToUid(const nlohmann::json& value) -> Uid;

}  // namespace remit::bench
