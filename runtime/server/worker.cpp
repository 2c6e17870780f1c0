#include "runtime/server/worker.h"

#include "runtime/ledger/random_id.h"

namespace remit::server {
namespace {

void WriteHex(char* out, uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int i = 15; i >= 0; --i) {
    out[i] = kDigits[value & 15];
    value >>= 4;
  }
}

}  // namespace

// A decision's id is not a secret, only never used twice: random for each worker, then counted.
Worker::Worker(Service& service) : service_(service), session_(service.engine()) {
  const auto random = ledger::IdFactory::Random();
  WriteHex(id_.data(), random.high);
  next_id_ = random.low;
}

// INVARIANT: the snapshot is pinned before the overlay is made, so that every symbol of the snapshot is one of the overlay's parent.
auto Worker::Begin() -> const Snapshot& {
  document_.reset();
  governed_.reset();
  errors_.clear();
  const Snapshot& snapshot = session_.Pin();
  session_.ResetArena();
  const Interner& engine_names = service_.engine().interner();
  const bool is_unused = names_ && names_->size() == names_before_;
  if (!is_unused || names_before_ != engine_names.size()) {
    names_.emplace(&engine_names);
    names_before_ = names_->size();
  }
  if (named_ != snapshot.policies.get() || named_snapshot_ != snapshot.number) FindVersion(*snapshot.policies);
  named_snapshot_ = snapshot.number;
  return snapshot;
}

void Worker::Release() {
  document_.reset();
  governed_.reset();
  session_.Release();
  names_.reset();
  named_ = nullptr;
}

void Worker::FindVersion(const Policies& policies) {
  version_ = service_.versions().Find(policies);
  named_ = &policies;
}

auto Worker::reading() const -> JsonOptions { return {.limits = service_.limits(), .schema = snapshot().policies->schema()}; }

auto Worker::NextId() -> std::string_view {
  WriteHex(id_.data() + 16, next_id_++);
  return {id_.data(), id_.size()};
}

auto Worker::Decide(const GovernedRequest& request) -> Expected<Decided> {
  Decided decided = {.program = &snapshot().policies->program(),
                     .names = &request.interner,
                     .decision_id = NextId(),
                     .version = version_,
                     .now = service_.now()};
  const Governor* governor = service_.governor();
  if (governor == nullptr) {
    DecidePlain(request, decided);
    return decided;
  }
  auto governed = governor->Decide(session_, request, Datetime{decided.now});
  if (!governed) return std::unexpected(std::move(governed.error()));
  governed_ = std::move(*governed);
  decided.governed = &*governed_;
  decided.outcome = governed_->decision.outcome;
  decided.determining = governed_->decision.determining;
  decided.errors = governed_->decision.errors;
  return decided;
}

void Worker::DecidePlain(const GovernedRequest& request, Decided& decided) {
  const DecisionView& view = session_.Decide(request.request, request.interner, request.entities, request.conforms,
                                             {.now = Datetime{decided.now}, .delegation = request.delegation});
  decided.outcome = view.outcome;
  decided.determining = view.determining;
  if (!view.failed.empty()) {
    errors_ = session_.Errors();
    decided.errors = errors_;
  }
}

auto Worker::DecideJson(std::string_view json) -> Expected<Decided> {
  auto document = ReadRequest(json, names(), arena(), reading(), snapshot().entities.get());
  if (!document) return std::unexpected(std::move(document.error()));
  document_ = std::move(*document);
  return Decide({.request = document_->request,
                 .interner = names(),
                 .entities = document_->entities ? &*document_->entities : nullptr,
                 .conforms = snapshot().policies->schema() != nullptr,
                 .delegation = document_->delegation,
                 .session = document_->session,
                 .request_id = document_->request_id,
                 .approvals = document_->approvals,
                 .dry_run = document_->dry_run});
}

}  // namespace remit::server
