// The file beside a log that has the masked values of its records, until they are erased.
//
// Entries are overwritten in place when they are erased: bytes of the value are gone from this file. A file system that keeps earlier versions of blocks,
// and backups, keep them; erase there too.
//
// Threads: any. Several processes may use the file; those that write take turns.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/audit/files.h"
#include "runtime/audit/masking.h"
#include "runtime/audit/record_view.h"

namespace remit::audit {

class MaskedValues {
 public:
  enum class Mode : uint8_t { Read, Write };
  // The file `masked` of the log's folder. Codes: "audit-file", "audit-file-missing".
  static auto Open(const std::string& folder, Mode mode) -> Expected<std::unique_ptr<MaskedValues>>;

  // `subject`: whose values they are, `User::"ana"`. To be called before the record is appended; durable after `Sync`, which `LogOptions::before_batch` is for.
  auto Add(std::string_view subject, const std::vector<MaskedValue>& values) -> Expected<void>;
  auto Sync() -> Expected<void>;

  // None: erased, or never there.
  auto Find(std::string_view commitment) -> Expected<std::optional<std::string>>;
  // How many were erased.
  auto EraseSubject(std::string_view subject) -> Expected<uint64_t>;
  auto EraseCommitments(const std::vector<std::string>& commitments) -> Expected<uint64_t>;

 private:
  struct Entry;
  explicit MaskedValues(File file) : file_(std::move(file)) {}
  auto ForEach(const std::function<bool(const Entry&)>& visit) -> Expected<void>;
  auto Erase(const std::function<bool(const Entry&)>& is_meant) -> Expected<uint64_t>;

  std::mutex mutex_;
  File file_;
  std::atomic<bool> is_dirty_ = false;  // something was added since the last sync
};

// The same record with the values in their places; none if one of them is not there.
struct UnmaskedRecord {
  std::unique_ptr<const std::string> bytes;  // what the view borrows besides the record's
  RecordView view;
};
auto Unmask(const RecordView& record, MaskedValues& values) -> std::optional<UnmaskedRecord>;

// What a record's masked values are committed to by.
auto CommitmentsOf(const RecordView& record) -> std::vector<std::string>;

}  // namespace remit::audit
