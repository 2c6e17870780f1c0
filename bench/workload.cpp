#include "bench/workload.h"

#include <algorithm>
#include <fstream>
#include <iostream>

namespace remit::bench {
namespace {

auto ExpectedName(const std::string& file) -> std::string {
  return file.starts_with("requests") ? "expected" + file.substr(8) + ".json" : "expected_" + file + ".json";
}

}  // namespace

auto Workload::Open(const std::filesystem::path& folder) -> Workload {
  return {.folder = folder, .app = folder.parent_path().filename().string(), .n = std::stoll(folder.filename().string().substr(1))};
}

auto Workload::Text(const std::string& name) const -> std::string {
  std::ifstream file(folder / name, std::ios::binary);
  if (!file) {
    std::cerr << "cannot read " << (folder / name) << "\n";
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

auto Workload::Json(const std::string& name) const -> nlohmann::json { return nlohmann::json::parse(Text(name)); }

auto Workload::Has(const std::string& name) const -> bool { return std::filesystem::exists(folder / name); }

auto Workload::Requests(const std::string& file) const -> std::vector<RequestText> {
  std::vector<RequestText> requests;
  for (const auto& value : Json(file + ".json")) {
    requests.push_back(
        {.principal = ToUid(value.at("principal")), .action = ToUid(value.at("action")), .resource = ToUid(value.at("resource"))});
  }
  return requests;
}

auto Workload::Expected(const std::string& file) const -> std::vector<Answer> {
  std::vector<Answer> answers;
  for (const auto& value : Json(ExpectedName(file))) {
    auto& answer = answers.emplace_back();
    answer.allow = value.at("decision") == "allow";
    answer.reason = value.at("reason").get<std::vector<std::string>>();
    answer.errors = value.at("errors").size();
    std::ranges::sort(answer.reason);
  }
  return answers;
}

auto Workload::Files() const -> std::vector<std::string> {
  std::vector<std::string> files = {"requests", "requests_mix", "candidates"};
  std::erase_if(files, [&](const auto& file) { return !Has(file + ".json") || !Has(ExpectedName(file)); });
  return files;
}

auto ToUid(const nlohmann::json& value) -> Uid { return {.type = value.at("type"), .id = value.at("id")}; }

}  // namespace remit::bench
