// Searches: who may, on what, which actions. Each candidate is decided as an evaluation would decide it.
//
// The question is translated once and then asked for one candidate after the other, which is what makes the answers those of an evaluation: native code takes
// well under a microsecond for each. Partial evaluation (compiler/partial), the alternative, is the better answer for millions of candidates, and knows
// neither budgets nor approvals.
#include <algorithm>

#include "runtime/server/authzen/canonical.h"
#include "runtime/server/authzen/handlers.h"
#include "runtime/server/authzen/message.h"
#include "runtime/server/authzen/obligations.h"
#include "runtime/server/authzen/page_token.h"
#include "runtime/server/authzen/peek.h"
#include "runtime/server/failure.h"
#include "runtime/server/json_text.h"

namespace remit::authzen {
namespace {

using json::Cursor;
using server::Response;
using server::Worker;

auto AsksOf(SearchFor wanted) -> Asks {
  switch (wanted) {
    case SearchFor::Subjects: return Asks::Subjects;
    case SearchFor::Resources: return Asks::Resources;
    case SearchFor::Actions: return Asks::Actions;
  }
  return Asks::Decision;
}

// Everything that must be the same on each page.
auto CanonicalQuestion(const Cursor& body, SearchFor wanted) -> std::string {
  std::string text = std::to_string(static_cast<int>(wanted));
  for (const auto* key : {"subject", "action", "resource", "context"}) {
    text += '\n';
    if (const auto found = body.Find(key)) AppendCanonical(text, *found);
  }
  const auto page = body.Find("page");
  const auto properties = page && page->is_object() ? body.At("page", *page).Find("properties") : std::nullopt;
  text += '\n';
  if (properties) AppendCanonical(text, *properties);
  return text;
}

// The entities of one type: those of the store in its own order, then those that the schema declares and nobody stored.
class Candidates {
 public:
  Candidates(const Snapshot& snapshot, SymbolId type) : store_(*snapshot.entities), type_(type) {
    const Schema* schema = snapshot.policies->schema();
    const auto* decl = schema == nullptr ? nullptr : schema->FindEntityType(type);
    if (decl != nullptr) declared_ = &decl->enumerated_ids;
  }

  // The next one at or after `position`, which becomes its own. None: there are no more.
  auto FindFrom(uint32_t& position) const -> std::optional<EntityUid> {
    const uint32_t stored = store_.rows().capacity();
    for (; position < stored; ++position) {
      const EntityUid uid = store_.rows().At(position).uid;
      if (uid.type == type_ && !(uid == EntityUid{})) return uid;
    }
    for (; declared_ != nullptr && position - stored < declared_->size(); ++position) {
      const EntityUid uid{.type = type_, .id = (*declared_)[position - stored]};
      if (store_.Find(uid) == nullptr) return uid;
    }
    return std::nullopt;
  }

 private:
  const EntityStore& store_;
  SymbolId type_;
  const std::vector<SymbolId>* declared_ = nullptr;
};

class Search {
 public:
  Search(const State& state, Worker& worker, SearchFor wanted)
      : state_(state), worker_(worker), wanted_(wanted), snapshot_(worker.Begin()), names_(state.NamesOf(snapshot_)) {}

  auto Run(const Cursor& body, std::string& out) -> Expected<void> {
    const auto question = ReadQuestion(body, nullptr, AsksOf(wanted_));
    if (!question) return std::unexpected(question.error());
    const auto canonical = CanonicalQuestion(body, wanted_);
    if (auto read = ReadPosition(body, canonical); !read) return read;
    question_ = *question;
    if (auto found = wanted_ == SearchFor::Actions ? FindActions() : FindEntities(); !found) return found;
    const auto next = has_more_ ? MakePageToken(state_, canonical, snapshot_.number, {.next = next_, .limit = limit_}) : std::string();
    Write(next, out);
    return {};
  }

 private:
  // Where to begin, and how many results to give.
  auto ReadPosition(const Cursor& body, const std::string& canonical) -> Expected<void> {
    const auto page = ReadPage(body);
    if (!page) return std::unexpected(page.error());
    const auto& options = state_.options();
    limit_ = static_cast<uint32_t>(std::min<uint64_t>(page->limit.value_or(options.page_size), options.max_page_size));
    if (page->token.empty()) return {};
    const auto position = ReadPageToken(state_, canonical, snapshot_.number, page->token);
    if (!position) return std::unexpected(position.error());
    if (page->limit && limit_ != position->limit) {
      return std::unexpected(
          Error{.code = "page-token-invalid", .message = "`limit` is not that of the page before", .pointer = "/page/limit", .help = {}});
    }
    next_ = position->next;
    limit_ = position->limit;
    return {};
  }

  // ---- subjects and resources

  auto wanted_part() -> EntityPart& { return wanted_ == SearchFor::Subjects ? question_.subject : question_.resource; }

  auto FindEntities() -> Expected<void> {
    Translator translator(snapshot_, state_.mapping(), *names_, worker_);
    EntityPart& part = wanted_part();
    part.id = {};
    part.properties.reset();  // an entity that is not known has none of its own here
    const auto type = names_->FindType(part.type, worker_.names());
    if (!type) return {};
    const Candidates candidates(snapshot_, *type);
    auto candidate = candidates.FindFrom(next_);
    if (!candidate) return {};
    part.id = worker_.names().text(candidate->id);
    const auto translation = translator.Translate(question_);
    if (!translation) return KeepError(translation.error());
    Request request = translation->request;
    (wanted_ == SearchFor::Subjects ? request.principal : request.resource) = *candidate;
    for (size_t looked_at = 0; candidate; candidate = candidates.FindFrom(++next_), ++looked_at) {
      if (found_ == limit_ || looked_at == state_.options().max_candidates) {
        has_more_ = true;
        return {};
      }
      (wanted_ == SearchFor::Subjects ? request.principal : request.resource) = *candidate;
      const auto peeked = Peek(worker_, *translation, request);
      if (!peeked) return std::unexpected(peeked.error());
      if (peeked->outcome == Outcome::Execute) AddEntity(part.type, *candidate, *peeked);
    }
    return {};
  }

  void AddEntity(std::string_view type, EntityUid uid, const Peeked& peeked) {
    BeginResult();
    server::AppendMember(results_, "type", type);
    server::AppendMember(results_, "id", worker_.names().text(uid.id));
    EndResult(peeked);
  }

  // ---- actions

  auto FindActions() -> Expected<void> {
    const auto& actions = names_->actions();
    for (; next_ < actions.size(); ++next_) {
      if (found_ == limit_) {
        has_more_ = true;
        return {};
      }
      question_.action = {.name = names_->NameOf(next_), .properties = {}};
      if (question_.action.name.empty()) continue;
      Translator translator(snapshot_, state_.mapping(), *names_, worker_);
      const auto translation = translator.Translate(question_);
      if (!translation) continue;  // an evaluation would be denied for it
      const auto peeked = Peek(worker_, *translation, translation->request);
      if (!peeked) return std::unexpected(peeked.error());
      if (peeked->outcome != Outcome::Execute) continue;
      BeginResult();
      server::AppendMember(results_, "name", question_.action.name);
      EndResult(*peeked);
    }
    return {};
  }

  // ---- results

  void BeginResult() {
    server::AppendComma(results_);
    results_ += '{';
    ++found_;
  }
  void EndResult(const Peeked& peeked) {
    if (!peeked.obligations.empty()) {
      AppendObligations(results_, MakeObligations(peeked.obligations, snapshot_.policies->program(), worker_.names()));
    }
    results_ += '}';
  }

  // What every evaluation would be denied for: nothing is found, and the answer says why.
  auto KeepError(Error error) -> Expected<void> {
    error_ = std::move(error);
    return {};
  }

  void Write(const std::string& next, std::string& out) const {
    out = R"({"page":{)";
    server::AppendMember(out, "next_token", next);
    server::AppendNumber(out, "count", found_);
    out += '}';
    if (error_) {
      out += R"(,"context":{"error":{)";
      server::AppendMember(out, "code", error_->code);
      server::AppendMember(out, "message", error_->message);
      out += "}}";
    }
    out += R"(,"results":)";
    out += results_;
    out += "]}";
  }

  const State& state_;
  Worker& worker_;
  SearchFor wanted_;
  const Snapshot& snapshot_;
  std::shared_ptr<const Names> names_;
  Question question_;
  uint32_t next_ = 0;
  uint32_t limit_ = 0;
  uint32_t found_ = 0;
  bool has_more_ = false;
  std::string results_ = "[";
  std::optional<Error> error_;
};

}  // namespace

void HandleSearch(const State& state, SearchFor wanted, Worker& worker, const server::Request& request, Response& response) {
  const auto document = ReadBody(state, request, response);
  if (!document) return;
  if (auto done = Search(state, worker, wanted).Run(Cursor(document->root()), response.body); !done) server::Fail(response, done.error());
}

}  // namespace remit::authzen
