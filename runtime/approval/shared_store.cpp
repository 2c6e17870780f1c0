#include "runtime/approval/shared_store.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <span>

namespace remit::approval {
namespace {

constexpr std::string_view kPrefix = "approval/";
constexpr std::string_view kSizeKey = "approval-size";  // not below the prefix: it is no entry
constexpr size_t kForgetPage = 500;
constexpr int kAttempts = 64;

auto RowKey(std::string_view key) -> std::string { return fmt::format("{}{}", kPrefix, key); }

auto Unavailable(const Error& error) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "approval-store-unavailable", .message = error.message, .pointer = {}, .help = error.help});
}

auto Damaged(std::string_view key) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = "approval-store-unavailable", .message = fmt::format("the row `{}` is damaged", key), .pointer = {}, .help = {}});
}

// `TIME\nVALUE`: until when it is kept.
struct Entry {
  int64_t keep_until_ms = 0;
  std::string value;
};

auto EntryToText(const Entry& entry) -> std::string { return fmt::format("{}\n{}", entry.keep_until_ms, entry.value); }

// The number that `text` begins with, which is cut off with the character behind it.
auto CutNumber(std::string_view& text) -> std::optional<int64_t> {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data() + text.size() || *end != '\n') return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  return number;
}

auto EntryFromText(std::string_view text) -> std::optional<Entry> {
  const auto keep_until = CutNumber(text);
  if (!keep_until) return std::nullopt;
  return Entry{.keep_until_ms = *keep_until, .value = std::string(text)};
}

struct Size {
  int64_t entries = 0;
  int64_t bytes = 0;

  void Add(const ledger::StoredRow& row) { ++entries, bytes += static_cast<int64_t>(row.key.size() + row.value.size()); }
  void Subtract(const ledger::StoredRow& row) { --entries, bytes -= static_cast<int64_t>(row.key.size() + row.value.size()); }
};

auto SizeFromRow(const ledger::StoredRow& row) -> std::optional<Size> {
  if (row.version == 0) return Size{};
  std::string_view text = row.value;
  const auto entries = CutNumber(text);
  const auto bytes = CutNumber(text);
  if (!entries || !bytes) return std::nullopt;
  return Size{.entries = *entries, .bytes = *bytes};
}

auto Write(const Size& size) -> ledger::RowWrite {
  return {.key = std::string(kSizeKey), .value = fmt::format("{}\n{}\n", size.entries, size.bytes)};
}

auto Fits(const Size& size, const StoreLimits& limits) -> bool {
  return size.entries <= static_cast<int64_t>(limits.max_entries) && size.bytes <= static_cast<int64_t>(limits.max_bytes);
}

}  // namespace

auto SharedStore::Get(std::string_view key) -> Expected<std::optional<std::string>> {
  const std::array keys = {RowKey(key)};
  const auto rows = store_.Get(keys);
  if (!rows) return Unavailable(rows.error());
  if (rows->front().version == 0) return std::nullopt;
  auto entry = EntryFromText(rows->front().value);
  if (!entry) return Damaged(key);
  return std::move(entry->value);
}

auto SharedStore::CompareAndSet(std::string_view key, std::optional<std::string_view> expected, std::optional<std::string_view> value,
                                int64_t keep_until_ms) -> Expected<bool> {
  const std::array keys = {RowKey(key), std::string(kSizeKey)};
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto rows = store_.Get(keys);
    if (!rows) return Unavailable(rows.error());
    const auto& row = (*rows)[0];
    const bool is_there = row.version != 0;
    const auto entry = EntryFromText(row.value);
    auto size = SizeFromRow((*rows)[1]);
    if ((is_there && !entry) || !size) return Damaged(key);
    if (is_there != expected.has_value() || (is_there && entry->value != *expected)) return false;
    if (!is_there && !value) return true;

    ledger::RowWrite write{.key = keys[0]};
    if (is_there) size->Subtract(row);
    if (value) {
      write.value = EntryToText({.keep_until_ms = keep_until_ms, .value = std::string(*value)});
      size->Add({.key = keys[0], .value = *write.value});
      if (!Fits(*size, limits_)) return StoreFull();
    }
    const std::array checks = {ledger::RowCheck{.key = keys[0], .version = row.version},
                               ledger::RowCheck{.key = keys[1], .version = (*rows)[1].version}};
    const std::array writes = {std::move(write), Write(*size)};
    const auto version = store_.Commit(checks, writes);
    if (!version) return Unavailable(version.error());
    if (*version != 0) return true;
  }
  return std::unexpected(
      Error{.code = "approval-store-busy", .message = "other nodes keep changing approvals", .pointer = {}, .help = "try again"});
}

auto SharedStore::List(std::string_view prefix, size_t limit) -> Expected<std::vector<std::pair<std::string, std::string>>> {
  const auto rows = store_.Scan(RowKey(prefix), {}, limit);
  if (!rows) return Unavailable(rows.error());
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& row : *rows) {
    auto entry = EntryFromText(row.value);
    if (!entry) return Damaged(row.key);
    found.emplace_back(row.key.substr(kPrefix.size()), std::move(entry->value));
  }
  return found;
}

auto SharedStore::Forget(int64_t now_ms) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  const auto rows = store_.Scan(kPrefix, forgotten_to_, kForgetPage);
  if (!rows) return Unavailable(rows.error());
  const std::array size_key = {std::string(kSizeKey)};
  const auto size_rows = store_.Get(size_key);
  if (!size_rows) return Unavailable(size_rows.error());
  auto size = SizeFromRow(size_rows->front());
  if (!size) return Damaged(kSizeKey);
  std::vector<ledger::RowCheck> checks = {{.key = std::string(kSizeKey), .version = size_rows->front().version}};
  std::vector<ledger::RowWrite> writes;
  for (const auto& row : *rows) {
    const auto entry = EntryFromText(row.value);
    if (!entry || entry->keep_until_ms > now_ms) continue;
    checks.push_back({.key = row.key, .version = row.version});
    writes.push_back({.key = row.key});
    size->Subtract(row);
  }
  if (!writes.empty()) {
    writes.push_back(Write(*size));
    const auto version = store_.Commit(checks, writes);
    if (!version) return Unavailable(version.error());
    if (*version == 0) return {};  // another was faster: the same page again, next time
  }
  forgotten_to_ = rows->size() < kForgetPage ? std::string{} : rows->back().key;
  return {};
}

}  // namespace remit::approval
