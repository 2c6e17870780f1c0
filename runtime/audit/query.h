// Which records are asked for.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runtime/audit/record_view.h"

namespace remit::audit {

// Empty members ask for nothing.
struct Query {
  std::string kind = {};
  std::string outcome = {};
  std::string principal = {};  // an entity as text, `User::"ana"`; the one that asked or one of the chain
  std::string action = {};
  std::string resource = {};
  std::string caller = {};
  std::string id = {};
  std::string request_id = {};
  std::string trace_id = {};
  std::string session = {};
  std::string statement = {};  // determining, erring, or escalated
  std::string reservation = {};
  std::string ticket = {};
  std::optional<int64_t> since_ms = {};
  std::optional<int64_t> until_ms = {};  // not included
  uint64_t first = 0;  // number of a record
  std::optional<uint64_t> limit = {};
};

auto Matches(const Query& query, const RecordView& record) -> bool;

using VisitView = std::function<void(uint64_t number, const RecordView& record)>;
// Of records up to the last commit, in their order; records that nobody can read are errors: "record-malformed".
auto RunQuery(const std::string& folder, const Query& query, const VisitView& visit) -> Expected<void>;

// `User::"ana"`.
auto EntityText(const Entity& entity) -> std::string;

}  // namespace remit::audit
