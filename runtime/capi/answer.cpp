// Decisions as JSON: the answer, and why.
//
// Written as text directly: answers are made by the line, and a document in between would cost more than the decision.
#include "runtime/capi/decision.h"
#include "runtime/capi/json_text.h"

#include <fmt/format.h>

#include <iterator>

namespace remit::capi {
namespace {

void AppendMember(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format(",\"{}\":", name);
  AppendJson(out, value);
}

template <typename Items, typename Append>
void AppendList(std::string& out, std::string_view name, const Items& items, Append append) {
  out += fmt::format(",\"{}\":[", name);
  bool is_first = true;
  for (const auto& item : items) {
    if (!is_first) out += ',';
    is_first = false;
    append(item);
  }
  out += ']';
}

// `{"decision": .., "outcome": ..` with the id before, if there is one.
void BeginAnswer(std::string& out, std::string_view id, Outcome outcome) {
  out += '{';
  if (!id.empty()) {
    out += "\"id\":";
    AppendJson(out, id);
    out += ',';
  }
  fmt::format_to(std::back_inserter(out), R"("decision":"{}","outcome":"{}")", outcome == Outcome::Execute ? "allow" : "deny",
                 OutcomeName(outcome));
}

// ---- why -------------------------------------------------------------------------------------------------------------

class Explainer {
 public:
  explicit Explainer(const remit_decision& decision)
      : decision_(decision), texts_(decision.policies != nullptr ? decision.engine->TextsOf(*decision.policies) : nullptr) {}

  auto Run() -> std::string {
    out_ = fmt::format(R"({{"outcome":"{}")", OutcomeName(decision_.outcome));
    AppendList(out_, "determining", decision_.determining, [&](uint32_t policy) { AppendPolicy(policy); });
    AppendList(out_, "errors", ErrorsOf(decision_), [&](const EvalError& error) { AppendFailure(error); });
    if (decision_.session != nullptr) AppendPolicies(decision_.session->Explain());
    return out_ + "}";
  }

 private:
  void AppendPolicy(uint32_t position) {
    out_ += '{';
    AppendNames(position);
    out_ += '}';
  }

  void AppendNames(uint32_t position) {
    const auto& policy = decision_.policies->program().policies[position];
    const auto& interner = *decision_.engine->interner;
    out_ += "\"id\":";
    AppendJson(out_, interner.text(policy.id));
    AppendMember(out_, "effect", ir::EffectName(policy.effect));
    const bool is_link = policy.template_id.has_value();
    if (is_link) AppendMember(out_, "template", interner.text(policy.template_id));
    if (texts_ == nullptr) return;
    const auto found = texts_->statements.find(is_link ? policy.template_id : policy.id);
    if (found != texts_->statements.end()) AppendPlace(found->second);
  }

  void AppendFailure(const EvalError& error) {
    out_ += "{\"policy\":";
    AppendPolicy(error.policy);
    out_ += ',';
    AppendError(error);
    out_ += '}';
  }

  void AppendError(const EvalError& error) {
    out_ += "\"code\":";
    AppendJson(out_, error.code);
    AppendMember(out_, "message", error.message);
    if (!error.help.empty()) AppendMember(out_, "help", error.help);
    AppendPlace({.file = {error.span_file}, .begin = error.span_begin, .end = error.span_end});
  }

  // ---- condition by condition

  void AppendPolicies(const Explanation& explanation) {
    AppendList(out_, "policies", explanation.policies, [&](const PolicyExplanation& policy) {
      out_ += '{';
      AppendNames(policy.policy);
      fmt::format_to(std::back_inserter(out_), R"(,"satisfied":{},"scope":{{"principal":{},"action":{},"resource":{}}})",
                     policy.is_satisfied(), policy.scope.principal, policy.scope.action, policy.scope.resource);
      AppendList(out_, "conditions", policy.conditions, [&](const ConditionAnswer& condition) { AppendCondition(condition); });
      out_ += '}';
    });
    fmt::format_to(std::back_inserter(out_), R"(,"complete":{})", explanation.is_complete);
  }

  void AppendCondition(const ConditionAnswer& condition) {
    fmt::format_to(std::back_inserter(out_), R"({{"kind":"{}","holds":{})", condition.is_when ? "when" : "unless", condition.holds);
    if (condition.error) {
      out_ += ",\"error\":{";
      AppendError(*condition.error);
      out_ += '}';
    }
    AppendPlace({.file = {condition.place.file}, .begin = condition.place.begin, .end = condition.place.end});
    out_ += '}';
  }

  // Bundles come from anywhere, so that places in their programs may be anything.
  auto IsThere(Span span) const -> bool {
    return texts_ != nullptr && span.file.value < texts_->sources.size() && span.begin <= span.end &&
           span.end <= texts_->sources.file(span.file).text().size();
  }

  void AppendPlace(Span span) {
    if (!IsThere(span)) return;
    const auto& file = texts_->sources.file(span.file);
    const auto begin = file.locate(span.begin);
    const auto end = file.locate(span.end);
    out_ += ",\"place\":{\"file\":";
    AppendJson(out_, file.name());
    fmt::format_to(std::back_inserter(out_), R"(,"span":{{"start":{},"end":{},"line":{},"column":{},"endLine":{},"endColumn":{}}})",
                   span.begin, span.end, begin.line, begin.column, end.line, end.column);
    AppendMember(out_, "text", texts_->sources.text(span));
    out_ += '}';
  }

  const remit_decision& decision_;
  std::shared_ptr<const PolicyTexts> texts_;
  std::string out_;
};

}  // namespace

void AppendAnswer(std::string& out, const remit_decision& decision) {
  BeginAnswer(out, decision.request_id, decision.outcome);
  AppendList(out, "reason", decision.determining, [&](uint32_t policy) { AppendJson(out, PolicyId(decision, policy)); });
  AppendList(out, "errors", ErrorsOf(decision), [&](const EvalError& error) {
    out += "{\"policyId\":";
    AppendJson(out, PolicyId(decision, error.policy));
    AppendMember(out, "code", error.code);
    AppendMember(out, "message", error.message);
    out += '}';
  });
  AppendStatements(out, decision);
  out += '}';
}

void AppendRefusal(std::string& out, std::string_view id, const remit_error& error) {
  BeginAnswer(out, id, Outcome::Deny);
  out += R"(,"reason":[],"errors":[],"refused":{"code":)";
  AppendJson(out, error.code);
  AppendMember(out, "message", error.message);
  AppendMember(out, "pointer", error.pointer);
  out += "}}";
}

auto Explain(const remit_decision& decision) -> std::string { return Explainer(decision).Run(); }

}  // namespace remit::capi
