// Access Evaluation and Access Evaluations: one question, or many with what they have in common.
#include <utility>

#include "runtime/request/json_writer.h"
#include "runtime/server/authzen/answer.h"
#include "runtime/server/authzen/handlers.h"
#include "runtime/server/authzen/message.h"
#include "runtime/server/authzen/obligations.h"
#include "runtime/server/authzen/peek.h"
#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using json::Cursor;
using server::Response;
using server::Worker;

// What one question came to: whether it was permitted, and what stops a message as a whole.
struct Answered {
  bool is_permitted = false;
};

// Denied before anything is spent, because the enforcement point would have to.
auto DenyUnsupported(std::string& out, const std::vector<std::string_view>& types) -> Answered {
  out += R"({"decision":false,"context":{"outcome":"deny","reason":"unsupported_obligations","unsupported_obligations":[)";
  for (const auto type : types) {
    server::AppendComma(out);
    AppendJson(out, type);
  }
  out += "]}}";
  return {};
}

// All questions of a message are decided on one snapshot.
class Evaluator {
 public:
  Evaluator(const State& state, Worker& worker)
      : state_(state),
        worker_(worker),
        snapshot_(worker.Begin()),
        translator_(snapshot_, state.mapping(), *state.NamesOf(snapshot_), worker) {}

  // Appends the answer. An error is the governor's: nothing was executed.
  auto Answer(const Question& question, std::string& out) -> Expected<Answered> {
    if (std::exchange(has_answered_, true)) worker_.Continue();
    const auto translation = translator_.Translate(question);
    if (!translation) {
      AppendError(out, 400, translation.error());
      return Answered{};
    }
    if (translation->supported_obligations) {
      const auto missing = FindUnsupported(*translation);
      if (!missing) return std::unexpected(missing.error());
      if (!missing->empty()) return DenyUnsupported(out, *missing);
    }
    const auto decided =
        worker_.Decide(ToGoverned(worker_, *translation, translation->request), {.entities = DescribeEntities(*translation)});
    if (!decided) return std::unexpected(decided.error());
    AppendDecision(out, state_, worker_, *decided, question, *translation);
    return Answered{.is_permitted = decided->outcome == Outcome::Execute};
  }

 private:
  auto FindUnsupported(const Translation& translation) -> Expected<std::vector<std::string_view>> {
    const auto& program = worker_.snapshot().policies->program();
    if (program.obligations.empty()) return std::vector<std::string_view>();
    const auto peeked = Peek(worker_, translation, translation.request);
    if (!peeked) return std::unexpected(peeked.error());
    return UnsupportedTypes(MakeObligations(peeked->obligations, program, worker_.names()), *translation.supported_obligations);
  }

  // For the audit record, so that the decision can be made again: what the request says of its entities, merged with what is stored.
  auto DescribeEntities(const Translation& translation) -> std::string_view {
    std::string& text = entities_text_;
    text.clear();
    if (worker_.service().audit() == nullptr || translation.entities() == nullptr) return {};
    constexpr size_t kMostly = 512;
    text.reserve(kMostly);
    text += '[';
    const auto add = [&](const Entity* entity) {
      if (entity == nullptr) return;
      server::AppendComma(text);
      AppendEntityJson(text, *entity, worker_.names());
    };
    add(translation.own_subject);
    add(translation.own_resource);
    text += ']';
    return text;
  }

  const State& state_;
  Worker& worker_;
  const Snapshot& snapshot_;
  Translator translator_;
  std::string entities_text_;
  bool has_answered_ = false;
};

void AnswerSingle(const State& state, Worker& worker, const Cursor& body, Response& response) {
  const auto question = ReadQuestion(body, nullptr, Asks::Decision);
  if (!question) return server::Fail(response, 400, question.error());
  response.body.clear();
  if (const auto answered = Evaluator(state, worker).Answer(*question, response.body); !answered) server::Fail(response, answered.error());
}

auto EndsAfter(Semantic semantic, bool is_permitted) -> bool {
  switch (semantic) {
    case Semantic::ExecuteAll: return false;
    case Semantic::DenyOnFirstDeny: return !is_permitted;
    case Semantic::PermitOnFirstPermit: return is_permitted;
  }
  return true;
}

// An error of one question denies that one alone.
auto AnswerOne(Evaluator& evaluator, const Cursor& item, const Cursor& defaults, std::string& out) -> bool {
  const auto question = ReadQuestion(item, &defaults, Asks::Decision);
  if (!question) {
    AppendError(out, 400, question.error());
    return false;
  }
  const auto answered = evaluator.Answer(*question, out);
  if (answered) return answered->is_permitted;
  AppendError(out, server::StatusOf(answered.error()), answered.error());
  return false;
}

// What all questions have in common must at least be of the right kind: a message that is wrong as a whole is told so as a whole.
auto CheckDefaults(const Cursor& body) -> Expected<void> {
  for (const auto* key : {"subject", "action", "resource", "context"}) {
    const auto found = body.Find(key);
    if (!found || found->is_null()) continue;
    const auto place = body.At(key, *found);
    if (auto is_object = place.RequireObject(); !is_object) return std::unexpected(is_object.error());
  }
  return {};
}

}  // namespace

void HandleEvaluation(const State& state, Worker& worker, const server::Request& request, Response& response) {
  const auto document = ReadBody(state, request, response);
  if (document) AnswerSingle(state, worker, Cursor(document->root()), response);
}

void HandleEvaluations(const State& state, Worker& worker, const server::Request& request, Response& response) {
  const auto document = ReadBody(state, request, response);
  if (!document) return;
  const Cursor body(document->root());
  const auto batch = ReadBatch(body, state.options().max_evaluations);
  if (!batch) return server::Fail(response, 400, batch.error());
  if (!batch->evaluations) return AnswerSingle(state, worker, body, response);
  if (const auto checked = CheckDefaults(body); !checked) return server::Fail(response, 400, checked.error());
  const auto items = body.At("evaluations", *batch->evaluations);
  Evaluator evaluator(state, worker);
  std::string& out = response.body;
  out = R"({"evaluations":[)";
  size_t index = 0;
  for (const json::Element item : items.array()) {
    server::AppendComma(out);
    const bool is_permitted = AnswerOne(evaluator, items.At(index++, item), body, out);
    if (EndsAfter(batch->semantic, is_permitted)) break;
  }
  out += "]}";
}

}  // namespace remit::authzen
