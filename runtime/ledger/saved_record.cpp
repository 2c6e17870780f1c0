#include "runtime/ledger/saved_record.h"

#include <algorithm>

namespace remit::ledger {
namespace {

constexpr int64_t kFormat = 1;

void SaveIdentity(WireWriter& out, const Identity& identity) {
  out.Text(identity.name);
  out.Text(identity.key);
  out.Number(static_cast<int64_t>(identity.window));
  out.Number(identity.window_ms);
  out.Text(identity.zone);
}

auto LoadIdentity(WireReader& in) -> Identity {
  Identity identity;
  identity.name = in.Text();
  identity.key = in.Text();
  identity.window = static_cast<Window>(in.Small(static_cast<int64_t>(Window::Concurrent)));
  identity.window_ms = in.Number();
  identity.zone = in.Text();
  return identity;
}

auto IdentityRow(std::string_view prefix, const Identity& identity) -> std::string {
  WireWriter out;
  SaveIdentity(out, identity);
  return std::string(prefix) + out.Take();
}

// Of a line that was released the account may be forgotten: its name is kept.
auto IdentityOf(const Line& line) -> Identity {
  if (line.slot != nullptr) return line.slot->body->identity();
  return {.name = *line.budget, .key = {}, .zone = {}};
}

void SaveLine(WireWriter& out, const Line& line) {
  SaveIdentity(out, IdentityOf(line));
  for (const int64_t number : {line.reserved, line.approved, line.held, line.charged, line.approved_counted, line.overdraft, line.place,
                               static_cast<int64_t>(line.unsettled)}) {
    out.Number(number);
  }
}

auto LoadLine(WireReader& in) -> SavedLine {
  const Identity identity = LoadIdentity(in);
  SavedLine saved;
  saved.claim = {.budget = identity.name,
                 .key = identity.key,
                 .terms = {.window = identity.window, .window_ms = identity.window_ms, .zone = identity.zone}};
  Line& line = saved.line;
  for (int64_t* number : {&line.reserved, &line.approved, &line.held, &line.charged, &line.approved_counted, &line.overdraft, &line.place})
    *number = in.Number();
  line.unsettled = static_cast<Unsettled>(in.Small(1));
  line.concurrent = identity.window == Window::Concurrent;
  if (line.reserved < 0 || line.approved < 0 || line.approved > line.reserved || line.held < 0) in.Fail();
  return saved;
}

void SaveBreakerLine(WireWriter& out, const BreakerLine& line) {
  SaveIdentity(out, line.slot == nullptr ? Identity{} : line.slot->body->identity());
  out.Number(static_cast<int64_t>(line.term));
  out.Number(line.probe ? 1 : 0);
}

auto LoadBreakerLine(WireReader& in) -> SavedBreakerLine {
  const Identity identity = LoadIdentity(in);
  SavedBreakerLine saved;
  saved.claim = {.breaker = identity.name, .key = identity.key, .terms = {.window_ms = identity.window_ms}};
  saved.line.term = static_cast<uint64_t>(in.Number());
  saved.line.probe = in.Small(1) == 1;
  return saved;
}

}  // namespace

auto AccountKey(const Identity& identity) -> std::string { return IdentityRow("a/", identity); }
auto BreakerKey(const Identity& identity) -> std::string { return IdentityRow("b/", identity); }
auto IdentityOfKey(std::string_view key) -> std::optional<Identity> {
  WireReader in(key.substr(std::min<size_t>(key.size(), 2)));
  const Identity identity = LoadIdentity(in);
  return in.AtEnd() ? std::optional(identity) : std::nullopt;
}

auto RequestKey(std::string_view request_id) -> std::string { return "q/" + std::string(request_id); }
auto ReservationKey(uint8_t shard, const RawId& id) -> std::string { return "r/" + std::string(ReservationId(shard, id).text()); }

auto SaveRecord(const Record& record) -> std::string {
  WireWriter out;
  out.Number(kFormat);
  out.Number(record.shard);
  out.Number(static_cast<int64_t>(record.id.high));
  out.Number(static_cast<int64_t>(record.id.low));
  out.Text(record.request_id);
  out.Text({reinterpret_cast<const char*>(record.digest.data()), record.digest.size()});
  for (const int64_t number : {static_cast<int64_t>(record.stage), static_cast<int64_t>(record.verdict), int64_t{record.late},
                               int64_t{record.overdrawn}, record.expires_at, record.ended_at}) {
    out.Number(number);
  }
  out.Number(static_cast<int64_t>(record.lines.size()));
  for (const Line& line : record.lines) SaveLine(out, line);
  out.Number(static_cast<int64_t>(record.breakers.size()));
  for (const BreakerLine& line : record.breakers) SaveBreakerLine(out, line);
  return out.Take();
}

auto LoadRecord(std::string_view row) -> std::optional<SavedRecord> {
  WireReader in(row);
  SavedRecord saved;
  Record& record = saved.record;
  if (in.Number() != kFormat) return std::nullopt;
  record.shard = static_cast<uint8_t>(in.Small(ReservationTable::kShards - 1));
  record.id.high = static_cast<uint64_t>(in.Number());
  record.id.low = static_cast<uint64_t>(in.Number());
  record.request_id = in.Text();
  const std::string_view digest = in.Text();
  if (digest.size() != record.digest.size()) return std::nullopt;
  std::memcpy(record.digest.data(), digest.data(), digest.size());
  record.stage = static_cast<Stage>(in.Small(2));
  record.verdict = static_cast<Verdict>(in.Small(2));
  record.late = in.Small(1) == 1;
  record.overdrawn = in.Small(1) == 1;
  record.expires_at = in.Number();
  record.ended_at = in.Number();
  for (int64_t left = in.Small(kMaxClaims); left > 0 && in.ok(); --left) saved.lines.push_back(LoadLine(in));
  for (int64_t left = in.Small(kMaxClaims); left > 0 && in.ok(); --left) saved.breakers.push_back(LoadBreakerLine(in));
  if (!in.AtEnd()) return std::nullopt;
  return saved;
}

// Accounts of the first format know nothing of leases.
constexpr int64_t kAccountFormat = 2;

auto SaveAccount(const Account& account) -> std::string {
  WireWriter out;
  for (const int64_t number : {kAccountFormat, account.touched, account.limit, account.approved, account.overdraft, account.total_charged,
                               account.leased, account.recalled_until}) {
    out.Number(number);
  }
  account.counter.Save(out);
  return out.Take();
}

auto LoadAccount(std::string_view row, Account& account) -> bool {
  WireReader in(row);
  const int64_t format = in.Number();
  if (format != kFormat && format != kAccountFormat) return false;
  for (int64_t* number : {&account.touched, &account.limit, &account.approved, &account.overdraft, &account.total_charged})
    *number = in.Number();
  account.leased = format == kFormat ? 0 : in.Number();
  account.recalled_until = format == kFormat ? 0 : in.Number();
  account.counter.Load(in);
  return in.AtEnd();
}

auto RecalledUntil(std::string_view row) -> int64_t {
  WireReader in(row);
  if (in.Number() != kAccountFormat) return 0;
  for (int i = 0; i < 6; ++i) in.Number();
  return in.Number();
}

void ClearAccount(Account& account) {
  account.limit = account.approved = account.overdraft = account.total_charged = account.leased = account.recalled_until = 0;
  account.counter = Counter({.window = account.window, .window_ms = account.window_ms}, account.zone);
}

auto SaveBreaker(const BreakerAccount& account) -> std::string {
  WireWriter out;
  out.Number(kFormat);
  out.Number(account.touched);
  account.state.Save(out);
  return out.Take();
}

auto LoadBreaker(std::string_view row, BreakerAccount& account) -> bool {
  WireReader in(row);
  if (in.Number() != kFormat) return false;
  account.touched = in.Number();
  account.state.Load(in);
  return in.AtEnd();
}

void ClearBreaker(BreakerAccount& account) { account.state = Breaker({.window_ms = account.window_ms}); }

}  // namespace remit::ledger
