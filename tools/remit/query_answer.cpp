#include "tools/remit/query_answer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/base/text.h"

namespace remit::cli {
namespace {

using partial::Grant;
using Json = nlohmann::ordered_json;

auto EntityJson(EntityUid uid, const Interner& interner) -> Json {
  return {{"type", interner.text(uid.type)}, {"id", interner.text(uid.id)}};
}

}  // namespace

auto QueryAnswerJson(const QueryAnswer& answer, const std::vector<NotConsidered>& aside, const CompileJob& job) -> std::string {
  Json found = Json::array();
  for (const auto& [uid, grant] : answer.found) {
    found.push_back({{"entity", EntityJson(uid, job.interner)}, {"answer", grant == Grant::Yes ? "yes" : "maybe"}});
  }
  Json json = {{"found", std::move(found)}};
  if (answer.has_more && !answer.found.empty()) json["next"] = FormatEntityUid(answer.found.back().uid, job.interner);
  for (const EntityUid uid : answer.excluded) json["excluded"].push_back(EntityJson(uid, job.interner));
  for (const auto& [id, kind] : aside) json["notConsidered"].push_back({{"id", id}, {"kind", kind}});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void PrintQueryAnswer(const QueryAnswer& answer, const std::vector<NotConsidered>& aside, const CompileJob& job) {
  for (const auto& [uid, grant] : answer.found) {
    fmt::print("{}{}\n", FormatEntityUid(uid, job.interner), grant == Grant::Yes ? "" : " (maybe)");
  }
  if (answer.has_more && !answer.found.empty()) {
    fmt::print(stderr, "there may be more: --after '{}'\n", FormatEntityUid(answer.found.back().uid, job.interner));
  }
  for (const EntityUid uid : answer.excluded) fmt::print(stderr, "the context does not fit {}\n", FormatEntityUid(uid, job.interner));
  for (const auto& [id, kind] : aside) fmt::print(stderr, "not considered: {} {}\n", kind, EscapeString(id));
}

}  // namespace remit::cli
