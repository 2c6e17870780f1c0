#include "runtime/ledger/stored_quarantine.h"

#include <array>

#include "runtime/ledger/wire.h"

namespace remit::ledger {
namespace {

constexpr std::string_view kPrefix = "quarantine/";
constexpr std::string_view kChangesKey = "quarantine-changes";  // not below the prefix: it is no entry
constexpr size_t kPage = 500;
constexpr int kAttempts = 64;

// Types have no `"`, so that no two uids have one key.
auto KeyOf(std::string_view type, std::string_view id) -> std::string {
  return std::string(kPrefix) + std::string(type) + '"' + std::string(id);
}

auto ToText(const QuarantineEntry& entry) -> std::string {
  WireWriter out;
  out.Text(entry.type);
  out.Text(entry.id);
  out.Text(entry.reason);
  out.Text(entry.who);
  out.Number(entry.since);
  return out.Take();
}

auto FromText(std::string_view text) -> std::optional<QuarantineEntry> {
  WireReader in(text);
  QuarantineEntry entry;
  entry.type = in.Text();
  entry.id = in.Text();
  entry.reason = in.Text();
  entry.who = in.Text();
  entry.since = in.Number();
  if (!in.AtEnd()) return std::nullopt;
  return entry;
}

auto Check(const QuarantineEntry& entry, const Quarantine& quarantine) -> Expected<void> {
  constexpr size_t kMostText = StoredQuarantine::kMostText;
  if (entry.reason.size() > kMostText || entry.who.size() > kMostText || entry.type.size() > kMostText || entry.id.size() > kMostText) {
    return Fail("quarantine-text", "the texts of a quarantine have at most " + std::to_string(kMostText) + " bytes each");
  }
  if (quarantine.list()->size() >= StoredQuarantine::kMost) {
    return Fail("quarantine-full", "at most " + std::to_string(StoredQuarantine::kMost) + " entities are quarantined at a time");
  }
  return {};
}

}  // namespace

// INVARIANT: the version was read before the rows, so that a change in between is found by the next poll.
auto StoredQuarantine::Take(uint64_t version) -> Expected<void> {
  QuarantineList entries;
  std::string after;
  while (true) {
    const auto rows = store_->Scan(kPrefix, after, kPage);
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
      auto entry = FromText(row.value);
      if (!entry) return Fail("store-corrupt", "a row of the quarantine is not what a ledger writes");
      entries.push_back(std::move(*entry));
    }
    if (rows->size() < kPage) break;
    after = rows->back().key;
  }
  quarantine_.Replace(std::move(entries));
  version_ = version;
  return {};
}

auto StoredQuarantine::Poll() -> Expected<void> {
  if (store_ == nullptr) return {};
  const std::lock_guard lock(mutex_);
  const std::array keys = {std::string(kChangesKey)};
  const auto rows = store_->Get(keys);
  if (!rows) return std::unexpected(rows.error());
  return rows->front().version == version_ ? Expected<void>{} : Take(rows->front().version);
}

// The row and the row that says that something changed, together. False if the row is as it is to be.
auto StoredQuarantine::Change(const std::string& key, const std::optional<std::string>& value) -> Expected<bool> {
  const std::array keys = {key, std::string(kChangesKey)};
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto rows = store_->Get(keys);
    if (!rows) return std::unexpected(rows.error());
    if (((*rows)[0].version != 0) == value.has_value()) return false;
    const std::array checks = {RowCheck{.key = keys[0], .version = (*rows)[0].version},
                               RowCheck{.key = keys[1], .version = (*rows)[1].version}};
    const std::array writes = {RowWrite{.key = keys[0], .value = value}, RowWrite{.key = keys[1], .value = "changed"}};
    const auto version = store_->Commit(checks, writes);
    if (!version) return std::unexpected(version.error());
    if (*version != 0) return true;
  }
  return Fail("store-busy", "others keep changing the quarantine");
}

auto StoredQuarantine::Add(const QuarantineEntry& entry) -> Expected<bool> {
  if (auto valid = Check(entry, quarantine_); !valid) return std::unexpected(std::move(valid.error()));
  if (store_ == nullptr) return quarantine_.Add(entry);
  const auto added = Change(KeyOf(entry.type, entry.id), ToText(entry));
  if (!added) return added;
  // Here at once, even if the store cannot be read just now.
  quarantine_.Add(entry);
  static_cast<void>(Poll());
  return added;
}

auto StoredQuarantine::Remove(std::string_view type, std::string_view id) -> Expected<bool> {
  if (store_ == nullptr) return quarantine_.Remove(type, id);
  const auto removed = Change(KeyOf(type, id), std::nullopt);
  if (!removed) return removed;
  if (auto polled = Poll(); !polled) quarantine_.Remove(type, id);
  return removed;
}

}  // namespace remit::ledger
