// The audit log for who may read it: `/v1/audit`, `/v1/audit/checkpoint`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "runtime/audit/query.h"
#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"
#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

struct TextParameter {
  std::string_view name;
  std::string audit::Query::* member;
};
constexpr std::array kTexts = {
    TextParameter{"kind", &audit::Query::kind},
    TextParameter{"outcome", &audit::Query::outcome},
    TextParameter{"principal", &audit::Query::principal},
    TextParameter{"action", &audit::Query::action},
    TextParameter{"resource", &audit::Query::resource},
    TextParameter{"caller", &audit::Query::caller},
    TextParameter{"id", &audit::Query::id},
    TextParameter{"request_id", &audit::Query::request_id},
    TextParameter{"trace_id", &audit::Query::trace_id},
    TextParameter{"session", &audit::Query::session},
    TextParameter{"statement", &audit::Query::statement},
    TextParameter{"reservation", &audit::Query::reservation},
    TextParameter{"ticket", &audit::Query::ticket},
};

// A whole number of the query; none: not there. False: it is something else.
template <typename Number>
auto ReadNumber(const Request& request, std::string_view name, std::optional<Number>& out) -> bool {
  const auto text = QueryValue(request.query, name);
  if (!text) return true;
  Number number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return false;
  out = number;
  return true;
}

void RunAuditQuery(const std::string& folder, const Request& request, Response& response) {
  constexpr uint64_t kUsual = 100;
  constexpr uint64_t kMost = 1'000;
  audit::Query query;
  for (const TextParameter& parameter : kTexts) {
    if (auto value = QueryValue(request.query, parameter.name)) query.*parameter.member = std::move(*value);
  }
  std::optional<uint64_t> first;
  std::optional<uint64_t> limit;
  const bool are_numbers = ReadNumber(request, "first", first) && ReadNumber(request, "limit", limit) &&
                           ReadNumber(request, "since_ms", query.since_ms) && ReadNumber(request, "until_ms", query.until_ms);
  if (!are_numbers) return Fail(response, 400, "malformed-query", "`first`, `limit`, `since_ms` and `until_ms` are whole numbers");
  query.first = first.value_or(0);
  query.limit = std::min(limit.value_or(kUsual), kMost);
  std::string& out = response.body;
  out = R"({"records":[)";
  const auto done = audit::RunQuery(folder, query, [&](uint64_t number, const audit::RecordView& record) {
    AppendComma(out);
    out += fmt::format(R"({{"number":{},"record":{}}})", number, audit::DumpJson(audit::RecordToJson(record)));
  });
  if (!done) return Fail(response, 503, done.error());
  out += "]}";
}

}  // namespace

void AddAuditRoutes(Service& service, const std::string& folder) {
  Router& router = service.router();
  router.Add(
      {.method = Method::Get,
       .pattern = "/v1/audit",
       .right = Right::ReadAudit,
       .place = Place::Background,
       .handler = [folder](Worker&, const Request& in, Response& out) { RunAuditQuery(folder, in, out); },
       .docs = {.operation = "audit",
                .summary = "Records by `kind`, `outcome`, `principal`, `action`, `resource`, `caller`, `statement`, `first`, `limit`, ..",
                .tag = "audit",
                .response = R"({"type":"object","required":["records"]})"}});
  router.Add({.method = Method::Get,
              .pattern = "/v1/audit/checkpoint",
              .right = Right::ReadAudit,
              .handler =
                  [](Worker& worker, const Request&, Response& out) {
                    out.content_type = "text/plain; charset=utf-8";
                    out.body = worker.service().audit()->checkpoint();
                  },
              .docs = {.operation = "checkpoint",
                       .summary = "What the log vouches for, as a signed note",
                       .tag = "audit",
                       .media_type = "text/plain"}});
}

}  // namespace remit::server
