// The audit log: records in, a signed Merkle tree on disk (docs/audit.md).
//
//   log = Log::Open({.folder = .., .signer = ..})        recovers what a killed node left behind
//   number = log->Append(record)                         encodes, hashes, queues: no system call
//   log->WaitDurable(*number)                            before the answer, if it must not get ahead of the log; or
//   options.on_durable                                   is told, by event loops that must not wait; or
//   nothing                                              at most `max_delay_ms` of answers are ahead of the log
//
// One thread writes what many appended: a batch is what came while the batch before it was made durable, so that the slower the disk, the larger
// the batches. A system call for each record, the alternative, is 5,000 records a second.
//
// No record is dropped. When the disk is full, fails or is too slow, `WhenStuck` says whether appending waits or is refused; a caller that gets an error
// must not answer with the decision. A record whose caller was told of an error may be written later all the same: what it tells of was refused.
//
// Threads: any number append and wait. Callbacks run on the writing thread, and must not call back.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/audit/checkpoint.h"
#include "runtime/audit/record.h"
#include "runtime/base/error.h"

namespace remit::audit {

// What appending does while nothing can be written. Block: waits, `max_wait_ms` at most. Refuse: fails at once. Queue: goes on in memory, as long as there is
// room, and fails beyond: for event loops, which must not wait, and whose answers wait until their records are on disk.
enum class WhenStuck : uint8_t { Block, Refuse, Queue };

struct LogOptions {
  std::string folder;
  CheckpointSigner signer;
  std::vector<NoteVerifier> former = {};  // who signed before: a log signed by nobody that is known is not opened
  uint64_t segment_bytes = uint64_t{64} << 20;  // a new segment is begun beyond that
  size_t max_pending_bytes = size_t{32} << 20;  // appended and not written; beyond, the disk counts as too slow
  int64_t max_delay_ms = 2;  // a batch is written this long after its first record, or as soon as somebody waits for it
  WhenStuck when_stuck = WhenStuck::Refuse;
  int64_t max_wait_ms = 10'000;  // of Append when blocking, and of WaitDurable
  int64_t retry_ms = 50;  // between attempts to write while the disk refuses
  std::function<Expected<void>()> before_batch = {};  // on the writing thread, before a batch is durable: syncs what records refer to
  std::function<void(uint64_t size)> on_durable = {};  // all records below `size` are
  std::function<void(const Error&)> on_stuck = {};  // once for each time that writing begins to fail
};

// What Open found that a killed node had written and told nobody of.
struct Recovered {
  uint64_t cut_bytes = 0;
};

struct LogFigures {
  uint64_t appended = 0;  // records of the log, the pending ones among them
  uint64_t durable = 0;
  uint64_t batches = 0;
  uint64_t failures = 0;  // attempts to write that failed
  bool is_stuck = false;
};

class Log {
 public:
  // Makes the folder if it is not there. Codes: "audit-file", "audit-locked" (another process writes it), "audit-tampered": what is there is not what was
  // written, and nothing is changed.
  static auto Open(LogOptions options) -> Expected<std::unique_ptr<Log>>;
  // Writes what is pending, waiting `max_wait_ms` at most.
  ~Log();
  Log(const Log&) = delete;
  auto operator=(const Log&) -> Log& = delete;

  // The record's number. Codes: "audit-stuck" (see WhenStuck), "audit-record-too-large", "audit-closed".
  auto Append(const DecisionRecord& record) -> Expected<uint64_t>;
  auto Append(const EventRecord& record) -> Expected<uint64_t>;
  // Bytes that EncodeRecord made.
  auto AppendBytes(std::string_view record) -> Expected<uint64_t>;

  // Until the record of this number is on disk. Codes: "audit-stuck", "audit-closed".
  auto WaitDurable(uint64_t number) -> Expected<void>;
  // The record of this number is written as soon as the disk is free, and not `max_delay_ms` later. For event loops, which wait for `on_durable`.
  void Hurry(uint64_t number);
  // All records below are on disk.
  auto durable() const -> uint64_t { return durable_.load(std::memory_order_acquire); }
  // Appending would fail or wait: the last attempt to write failed. Told by `on_stuck`, after which it is seen here.
  auto is_stuck() const -> bool { return is_stuck_.load(); }
  // Who waits while it is stuck is to be told of an error at once.
  auto refuses() const -> bool { return options_.when_stuck == WhenStuck::Refuse; }

  // Of what is durable: a signed note.
  auto checkpoint() const -> std::string;
  auto recovered() const -> const Recovered& { return recovered_; }
  auto figures() const -> LogFigures;
  auto origin() const -> const std::string&;

  // Writes what is pending and takes no more records. Idempotent.
  auto Close() -> Expected<void>;

 private:
  class Writer;  // everything of the writing thread
  using Clock = std::chrono::steady_clock;

  explicit Log(LogOptions options);
  auto AwaitRoom(std::unique_lock<std::mutex>& lock, size_t bytes) -> Expected<void>;
  void Run();
  auto TakeBatch() -> bool;
  auto WriteBatch() -> bool;

  const LogOptions options_;
  Recovered recovered_;
  std::unique_ptr<Writer> writer_;

  mutable std::mutex mutex_;  // of the following
  std::condition_variable work_;  // for the writing thread
  std::condition_variable done_;  // for those who wait
  std::string pending_;  // frames
  std::vector<Hash> leaves_;  // their hashes
  uint64_t next_ = 0;
  Clock::time_point first_pending_;
  uint64_t awaited_ = 0;  // somebody waits for all records below
  bool is_closing_ = false;
  Clock::time_point closing_since_;
  Error stuck_because_;
  uint64_t failures_ = 0;
  std::string checkpoint_;

  std::atomic<uint64_t> durable_ = 0;
  std::atomic<uint64_t> batches_ = 0;
  std::atomic<bool> is_stuck_ = false;
  std::thread thread_;
};

}  // namespace remit::audit
