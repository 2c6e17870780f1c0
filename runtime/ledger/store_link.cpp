#include "runtime/ledger/store_link.h"

#include <algorithm>

namespace remit::ledger {
namespace {

auto Corrupt(std::string_view what) -> std::unexpected<Error> {
  return Fail("store-corrupt", "a row of the store is not what a ledger writes: " + std::string(what));
}

// Makes an account or a breaker what its row says.
auto Take(const StoredRow& row, Account& account) -> bool {
  if (row.version == 0) {
    ClearAccount(account);
    return true;
  }
  return LoadAccount(row.value, account);
}

auto Take(const StoredRow& row, BreakerAccount& account) -> bool {
  if (row.version == 0) {
    ClearBreaker(account);
    return true;
  }
  return LoadBreaker(row.value, account);
}

auto KeyOf(const Account& account) -> std::string { return AccountKey(account.identity()); }
auto KeyOf(const BreakerAccount& account) -> std::string { return BreakerKey(account.identity()); }
auto Save(const Account& account) -> std::string { return SaveAccount(account); }
auto Save(const BreakerAccount& account) -> std::string { return SaveBreaker(account); }

// Lines of a row that is newer than what is here.
auto TakeLines(Record& record, const SavedRecord& saved) -> bool {
  if (saved.lines.size() != record.lines.size() || saved.breakers.size() != record.breakers.size()) return false;
  for (Line& line : record.lines) {
    if (line.slot == nullptr) continue;
    const Identity identity = line.slot->body->identity();
    const auto its =
        std::find_if(saved.lines.begin(), saved.lines.end(), [&](const SavedLine& other) { return IdentityOf(other.claim) == identity; });
    if (its == saved.lines.end()) return false;
    AccountSlot* slot = line.slot;
    const std::string* budget = line.budget;
    line = its->line;
    line.slot = slot;
    line.budget = budget;
  }
  for (BreakerLine& line : record.breakers) {
    if (line.slot == nullptr) continue;
    const Identity identity = line.slot->body->identity();
    const auto its = std::find_if(saved.breakers.begin(), saved.breakers.end(),
                                  [&](const SavedBreakerLine& other) { return IdentityOf(other.claim) == identity; });
    if (its == saved.breakers.end()) return false;
    line.term = its->line.term;
    line.probe = its->line.probe;
  }
  return true;
}

auto TakeRecord(const StoredRow& row, Record& record) -> bool {
  if (row.version == 0) return false;
  const auto saved = LoadRecord(row.value);
  if (!saved || !TakeLines(record, *saved)) return false;
  record.stage = saved->record.stage;
  record.verdict = saved->record.verdict;
  record.late = saved->record.late;
  record.overdrawn = saved->record.overdrawn;
  record.expires_at = saved->record.expires_at;
  record.ended_at = saved->record.ended_at;
  record.row_version = row.version;
  record.stale = false;
  return true;
}

}  // namespace

auto StoreLink::LoadRows(std::vector<Row>& rows) -> Expected<void> {
  if (rows.empty()) return {};
  std::vector<std::string> keys;
  for (const Row& row : rows) keys.push_back(row.account != nullptr ? KeyOf(*row.account) : KeyOf(*row.breaker));
  const auto stored = store_->Get(keys);
  if (!stored) return std::unexpected(stored.error());
  for (size_t i = 0; i < rows.size(); ++i) {
    const StoredRow& from = (*stored)[i];
    const bool taken = rows[i].account != nullptr ? Take(from, *rows[i].account) : Take(from, *rows[i].breaker);
    RowState& row = rows[i].account != nullptr ? rows[i].account->row : rows[i].breaker->row;
    row = {.version = from.version, .loaded = taken, .contested = row.contested && row.version != from.version};
    if (!taken) return Corrupt("an account");
  }
  return {};
}

auto StoreLink::Load(LockedAccounts& locked, bool all) -> Expected<void> {
  std::vector<Row> rows;
  for (const auto& pick : locked.budgets()) {
    if (all || !pick.slot->body->row.loaded) rows.push_back({.account = &*pick.slot->body});
  }
  for (const auto& pick : locked.breakers()) {
    if (all || !pick.slot->body->row.loaded) rows.push_back({.account = nullptr, .breaker = &*pick.slot->body});
  }
  return LoadRows(rows);
}

auto StoreLink::Load(Record& record, bool all) -> Expected<void> {
  all |= record.stale;
  std::vector<Row> rows;
  for (const Line& line : record.lines) {
    if (line.slot != nullptr && (all || !line.slot->body->row.loaded)) rows.push_back({.account = &*line.slot->body});
  }
  for (const BreakerLine& line : record.breakers) {
    if (line.slot != nullptr && (all || !line.slot->body->row.loaded)) rows.push_back({.account = nullptr, .breaker = &*line.slot->body});
  }
  if (auto loaded = LoadRows(rows); !loaded || !all) return loaded;
  const std::string key = ReservationKey(record.shard, record.id);
  const auto row = store_->Get({&key, 1});
  if (!row) return std::unexpected(row.error());
  if (!TakeRecord(row->front(), record)) return Corrupt("a reservation");
  return {};
}

void Distrust(Record& record) {
  for (Line& line : record.lines) {
    if (line.slot != nullptr) line.slot->body->row.loaded = false;
  }
  for (BreakerLine& line : record.breakers) {
    if (line.slot != nullptr) line.slot->body->row.loaded = false;
  }
  record.stale = true;
}

auto StoreLink::Commit(Record& record, bool is_new) -> Expected<bool> {
  std::vector<RowCheck> checks;
  std::vector<RowWrite> writes;
  const auto add = [&](const auto& body) {
    checks.push_back({.key = KeyOf(body), .version = body.row.version});
    writes.push_back({.key = checks.back().key, .value = Save(body)});
  };
  checks.push_back({.key = ReservationKey(record.shard, record.id), .version = record.row_version});
  writes.push_back({.key = checks.back().key, .value = SaveRecord(record)});
  for (const Line& line : record.lines) add(*line.slot->body);
  for (const BreakerLine& line : record.breakers) add(*line.slot->body);
  if (is_new && !record.request_id.empty()) {
    WireWriter request;
    request.Text(ReservationId(record.shard, record.id).text());
    request.Text({reinterpret_cast<const char*>(record.digest.data()), record.digest.size()});
    request.Number(record.expires_at);
    checks.push_back({.key = RequestKey(record.request_id), .version = 0});
    writes.push_back({.key = checks.back().key, .value = request.Take()});
  }
  const auto committed = store_->Commit(checks, writes);
  if (!committed) return std::unexpected(committed.error());
  if (*committed == 0) return false;
  record.row_version = *committed;
  for (const Line& line : record.lines) line.slot->body->row.version = *committed;
  for (const BreakerLine& line : record.breakers) line.slot->body->row.version = *committed;
  return true;
}

auto StoreLink::FindRequest(std::string_view request_id, const Digest& digest) -> Expected<std::optional<Reserved>> {
  if (request_id.empty()) return std::nullopt;
  const std::string key = RequestKey(request_id);
  const auto rows = store_->Get({&key, 1});
  if (!rows) return std::unexpected(rows.error());
  if (rows->front().version == 0) return std::nullopt;
  WireReader in(rows->front().value);
  const auto id = IdFactory::Parse(in.Text());
  const std::string_view its_digest = in.Text();
  const int64_t expires_at = in.Number();
  if (!id || !in.AtEnd() || its_digest.size() != digest.size()) return Corrupt("a request");
  if (std::memcmp(its_digest.data(), digest.data(), digest.size()) != 0) {
    return Fail("request-id-reused", "another request had the id `" + std::string(request_id) + "`");
  }
  return Reserved{.status = Reserved::Status::Repeated, .id = *id, .expires_at = expires_at};
}

// ---- reservations of others ---------------------------------------------------------------------------------------------------

auto StoreLink::AdoptRow(ReservationShard& shard, const StoredRow& row) -> Expected<void> {
  auto saved = LoadRecord(row.value);
  if (!saved) return Corrupt("a reservation");
  Record adopted = std::move(saved->record);
  adopted.row_version = row.version;
  adopted.request_hash = ReservationTable::HashOf(adopted.request_id);
  for (SavedLine& line : saved->lines) {
    line.line.budget = state_.names.Intern(line.claim.budget);
    if (adopted.stage != Stage::Settled) {
      const auto opened = state_.OpenAccount(line.claim);
      if (!opened) return std::unexpected(opened.error());
      line.line.slot = opened->slot;
    }
    adopted.lines.push_back(line.line);
  }
  for (SavedBreakerLine& line : saved->breakers) {
    if (adopted.stage != Stage::Settled) {
      const auto opened = state_.OpenBreaker(line.claim);
      if (!opened) return std::unexpected(opened.error());
      line.line.slot = opened->slot;
    }
    adopted.breakers.push_back(line.line);
  }
  if (adopted.stage == Stage::Settled) {
    shard.AddSettled(adopted, state_.remembered_in_shard(), [&](SettledLog::Walk walk) { state_.Dropped(shard, walk); });
    return {};
  }
  std::sort(adopted.lines.begin(), adopted.lines.end(), [](const Line& a, const Line& b) { return std::less<>{}(a.slot, b.slot); });
  std::sort(adopted.breakers.begin(), adopted.breakers.end(),
            [](const BreakerLine& a, const BreakerLine& b) { return std::less<>{}(a.slot, b.slot); });
  {
    const LockedRecord locked(adopted);
    for (const Line& line : adopted.lines) ++line.slot->references;
    for (const BreakerLine& line : adopted.breakers) ++line.slot->references;
  }
  const uint32_t slot = shard.Take();
  shard.at(slot) = std::move(adopted);
  shard.TakeNumber(shard.at(slot));
  shard.File(slot);
  state_.WillExpire(shard.at(slot).expires_at);
  if (shard.at(slot).stage != Stage::Open) shard.End(slot, shard.at(slot).ended_at);
  return {};
}

auto StoreLink::Adopt(ReservationShard& shard, const std::string& key) -> Expected<void> {
  const auto rows = store_->Get({&key, 1});
  if (!rows) return std::unexpected(rows.error());
  if (rows->front().version == 0) return {};
  return AdoptRow(shard, rows->front());
}

template <typename Visit>
auto StoreLink::ForEachRow(std::string_view prefix, const Visit& visit) -> Expected<void> {
  constexpr size_t kPage = 1000;
  std::string after;
  for (;;) {
    const auto rows = store_->Scan(prefix, after, kPage);
    if (!rows) return std::unexpected(rows.error());
    for (const StoredRow& row : *rows) {
      if (auto visited = visit(row); !visited) return visited;
    }
    if (rows->size() < kPage) return {};
    after = rows->back().key;
  }
}

auto StoreLink::AdoptAll() -> Expected<void> {
  return ForEachRow("r/", [&](const StoredRow& row) -> Expected<void> {
    const auto parsed = IdFactory::Parse(std::string_view(row.key).substr(2));
    if (!parsed) return Corrupt("the key of a reservation");
    ReservationShard& shard = state_.reservations.shard(parsed->shard());
    const std::lock_guard lock(shard.lock);
    if (shard.FindById(parsed->raw())) return {};
    return AdoptRow(shard, row);
  });
}

// What a ledger that died left behind is found by the others.
void StoreLink::AdoptLost(int64_t now) {
  constexpr int64_t kPause = 30'000;
  {
    const std::lock_guard lock(mutex_);
    if (now < last_search_ + kPause) return;
    last_search_ = now;
  }
  [[maybe_unused]] const auto searched = AdoptAll();  // if not now, then the next time
}

namespace {

// With the account not locked. One that was forgotten meanwhile is left alone.
template <typename Found>
auto TakeInto(const Found& found, const StoredRow& row) -> bool {
  const std::lock_guard lock(found.slot->lock);
  if (found.slot->generation != found.generation) return true;
  if (found.slot->body->row.loaded && found.slot->body->row.version >= row.version) return true;  // read before this ledger wrote it
  const bool taken = Take(row, *found.slot->body);
  found.slot->body->row = {.version = row.version, .loaded = taken};
  return taken;
}

}  // namespace

auto StoreLink::LoadAll() -> Expected<void> {
  auto accounts = ForEachRow("a/", [&](const StoredRow& row) -> Expected<void> {
    const auto identity = IdentityOfKey(row.key);
    if (!identity) return Corrupt("the key of an account");
    const Terms terms = {.window = identity->window, .window_ms = identity->window_ms, .zone = identity->zone};
    const auto opened = state_.OpenAccount({.budget = identity->name, .key = identity->key, .terms = terms});
    if (!opened) return std::unexpected(opened.error());
    return TakeInto(*opened, row) ? Expected<void>() : Corrupt("an account");
  });
  if (!accounts) return accounts;
  return ForEachRow("b/", [&](const StoredRow& row) -> Expected<void> {
    const auto identity = IdentityOfKey(row.key);
    if (!identity) return Corrupt("the key of a breaker");
    const auto opened = state_.OpenBreaker({.breaker = identity->name, .key = identity->key, .terms = {.window_ms = identity->window_ms}});
    if (!opened) return std::unexpected(opened.error());
    return TakeInto(*opened, row) ? Expected<void>() : Corrupt("a breaker");
  });
}

// ---- forgetting ---------------------------------------------------------------------------------------------------------------

void StoreLink::Forget(uint8_t shard, const RawId& id, std::string_view request_id) {
  const std::lock_guard lock(mutex_);
  forgotten_.emplace_back(RowCheck{.key = ReservationKey(shard, id)}, false);
  if (!request_id.empty()) forgotten_.emplace_back(RowCheck{.key = RequestKey(request_id)}, false);
}

void StoreLink::Forget(const Account& account) {
  const std::lock_guard lock(mutex_);
  if (account.row.version != 0) forgotten_.emplace_back(RowCheck{.key = KeyOf(account), .version = account.row.version}, true);
}

void StoreLink::Forget(const BreakerAccount& account) {
  const std::lock_guard lock(mutex_);
  if (account.row.version != 0) forgotten_.emplace_back(RowCheck{.key = KeyOf(account), .version = account.row.version}, true);
}

void StoreLink::DeleteForgotten() {
  std::vector<std::pair<RowCheck, bool>> forgotten;
  {
    const std::lock_guard lock(mutex_);
    forgotten.swap(forgotten_);
  }
  std::vector<RowWrite> writes;
  for (const auto& [row, versioned] : forgotten) {
    if (!versioned) {
      writes.push_back({.key = row.key});
      continue;
    }
    // One by one: if it changed it is not forgotten after all.
    const RowWrite write = {.key = row.key};
    [[maybe_unused]] const auto done = store_->Commit({&row, 1}, {&write, 1});
  }
  if (!writes.empty()) [[maybe_unused]]
    const auto done = store_->Commit({}, writes);
}

}  // namespace remit::ledger
