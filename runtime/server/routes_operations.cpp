// `/metrics`, with what the ledger and the audit log know.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/server/native_routes.h"

namespace remit::server {
namespace {

void AppendLedger(std::string& out, const Node& node, int64_t now) {
  const auto budgets = node.Budgets(now);
  const auto labels = [](std::string_view kind, const std::string& name, const std::string& key) {
    return fmt::format("{}={},key={}", kind, LabelValue(name), LabelValue(key));
  };
  constexpr size_t kMost = 1'000;  // keys are the callers' to choose
  AppendMetric(out, "remit_budget_used", "gauge", "Charged and reserved in the window");
  for (size_t i = 0; i < std::min(budgets.size(), kMost); ++i) {
    AppendSample(out, "remit_budget_used", labels("budget", budgets[i].budget, budgets[i].key), static_cast<double>(budgets[i].used));
  }
  AppendMetric(out, "remit_budget_limit", "gauge", "As the last request had it");
  for (size_t i = 0; i < std::min(budgets.size(), kMost); ++i) {
    AppendSample(out, "remit_budget_limit", labels("budget", budgets[i].budget, budgets[i].key), static_cast<double>(budgets[i].limit));
  }
  AppendMetric(out, "remit_lease_granted", "gauge", "What this node may spend before it asks the store again");
  for (size_t i = 0; i < std::min(budgets.size(), kMost); ++i) {
    if (budgets[i].granted == ledger::kForever) continue;
    AppendSample(out, "remit_lease_granted", labels("budget", budgets[i].budget, budgets[i].key), static_cast<double>(budgets[i].granted));
  }
  const auto breakers = node.Breakers(now);
  AppendMetric(out, "remit_breaker_open", "gauge", "1: open, 0.5: half-open, 0: closed");
  for (size_t i = 0; i < std::min(breakers.size(), kMost); ++i) {
    const double open = breakers[i].state == ledger::BreakerState::Open ? 1 : breakers[i].state == ledger::BreakerState::HalfOpen ? 0.5 : 0;
    AppendSample(out, "remit_breaker_open", labels("breaker", breakers[i].breaker, breakers[i].key), open);
  }
  AppendMetric(out, "remit_quarantined", "gauge", "Entities in quarantine");
  AppendSample(out, "remit_quarantined", {}, static_cast<double>(node.Quarantined()->size()));
}

void AppendAudit(std::string& out, const audit::Log& log) {
  const audit::LogFigures figures = log.figures();
  AppendMetric(out, "remit_audit_records_total", "counter", "Records of the audit log");
  AppendSample(out, "remit_audit_records_total", {}, static_cast<double>(figures.appended));
  AppendMetric(out, "remit_audit_pending", "gauge", "Records that are not on disk yet");
  AppendSample(out, "remit_audit_pending", {}, static_cast<double>(figures.appended - figures.durable));
  AppendMetric(out, "remit_audit_failures_total", "counter", "Attempts to write that failed");
  AppendSample(out, "remit_audit_failures_total", {}, static_cast<double>(figures.failures));
  AppendMetric(out, "remit_audit_stuck", "gauge", "1: nothing can be written, and nothing is decided");
  AppendSample(out, "remit_audit_stuck", {}, figures.is_stuck ? 1 : 0);
}

}  // namespace

void AddOperationRoutes(Service& service) {
  service.metrics().AddCollector([&service](std::string& out) {
    if (service.node() != nullptr) AppendLedger(out, *service.node(), service.now());
    if (service.audit() != nullptr) AppendAudit(out, *service.audit());
  });
  service.router().Add(
      {.method = Method::Get,
       .pattern = "/metrics",
       .right = Right::ReadMetrics,
       .place = Place::Background,
       .handler =
           [](Worker& worker, const Request&, Response& response) {
             response.content_type = "text/plain; version=0.0.4";
             response.body = worker.service().metrics().Text();
           },
       .docs = {
           .operation = "metrics", .summary = "Figures in Prometheus's text format", .tag = "operations", .media_type = "text/plain"}});
}

}  // namespace remit::server
