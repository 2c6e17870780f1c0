#include "runtime/audit/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "runtime/audit/log_writer.h"
#include "runtime/audit/recover.h"
#include "runtime/audit/segment.h"

namespace remit::audit {
namespace {

constexpr size_t kWorthWriting = 256 << 10;  // a batch of this size need not wait for more

auto Stuck(const Error& because) -> std::unexpected<Error> {
  return Fail("audit-stuck", because.message.empty() ? "the disk is too slow for the audit log" : because.message);
}

auto LockFolder(const std::string& folder) -> Expected<File> {
  auto file = OpenFile(folder + "/lock", O_RDWR | O_CREAT);
  if (!file) return file;
  if (flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) return Fail("audit-locked", fmt::format("another process writes `{}`", folder));
  return file;
}

}  // namespace

// ---- beginning and end ---------------------------------------------------------------------------------------------

Log::Log(LogOptions options) : options_(std::move(options)) {}

auto Log::Open(LogOptions options) -> Expected<std::unique_ptr<Log>> {
  if (auto made = MakeFolder(options.folder); !made) return std::unexpected(made.error());
  auto lock = LockFolder(options.folder);
  if (!lock) return std::unexpected(lock.error());
  std::vector<NoteVerifier> verifiers = {options.signer.verifier()};
  verifiers.insert(verifiers.end(), options.former.begin(), options.former.end());
  auto recovered = Recover(options.folder, verifiers);
  if (!recovered) return std::unexpected(recovered.error());
  std::unique_ptr<Log> log(new Log(std::move(options)));
  log->recovered_ = {.cut_bytes = recovered->cut_bytes};
  log->writer_ = std::make_unique<Writer>(log->options_, std::move(*lock), std::move(*recovered));
  if (auto started = log->writer_->Start(); !started) return std::unexpected(started.error());
  log->next_ = log->writer_->size();
  log->durable_ = log->next_;
  log->checkpoint_ = log->writer_->checkpoint();
  log->thread_ = std::thread([raw = log.get()] { raw->Run(); });
  return log;
}

Log::~Log() { (void)Close(); }

auto Log::Close() -> Expected<void> {
  {
    const std::lock_guard lock(mutex_);
    if (!is_closing_) closing_since_ = Clock::now();
    is_closing_ = true;
  }
  work_.notify_all();
  done_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  if (durable_ < next_) return Stuck(stuck_because_);
  return {};
}

// ---- appending -----------------------------------------------------------------------------------------------------

namespace {

template <typename Record>
auto Encoded(const Record& record) -> std::string_view {
  thread_local std::string bytes;
  bytes.clear();
  EncodeRecord(record, bytes);
  return bytes;
}

}  // namespace

auto Log::Append(const DecisionRecord& record) -> Expected<uint64_t> { return AppendBytes(Encoded(record)); }
auto Log::Append(const EventRecord& record) -> Expected<uint64_t> { return AppendBytes(Encoded(record)); }

auto Log::AppendBytes(std::string_view record) -> Expected<uint64_t> {
  if (record.size() > kMaxRecordBytes || record.size() + kFrameHead > options_.max_pending_bytes)
    return Fail("audit-record-too-large", fmt::format("a record of {} bytes", record.size()));
  const Hash leaf = LeafHash(record);
  std::unique_lock lock(mutex_);
  if (auto room = AwaitRoom(lock, record.size() + kFrameHead); !room) return std::unexpected(room.error());
  const bool was_empty = pending_.empty();
  if (was_empty) first_pending_ = Clock::now();
  AppendFrame(pending_, FrameTag::Record, record);
  leaves_.push_back(leaf);
  const uint64_t number = next_++;
  lock.unlock();
  if (was_empty) work_.notify_one();
  return number;
}

auto Log::AwaitRoom(std::unique_lock<std::mutex>& lock, size_t bytes) -> Expected<void> {
  const bool queues = options_.when_stuck == WhenStuck::Queue;
  const auto has_room = [&] { return is_closing_ || ((!is_stuck_ || queues) && pending_.size() + bytes <= options_.max_pending_bytes); };
  if (!has_room() && options_.when_stuck == WhenStuck::Block) {
    done_.wait_for(lock, std::chrono::milliseconds(options_.max_wait_ms), has_room);
  }
  if (is_closing_) return Fail("audit-closed", "the audit log takes no more records");
  if (!has_room()) return Stuck(stuck_because_);
  return {};
}

void Log::Hurry(uint64_t number) {
  const std::lock_guard lock(mutex_);
  if (number + 1 <= awaited_) return;
  awaited_ = number + 1;
  work_.notify_one();
}

auto Log::WaitDurable(uint64_t number) -> Expected<void> {
  if (durable() > number) return {};
  Hurry(number);
  std::unique_lock lock(mutex_);
  done_.wait_for(lock, std::chrono::milliseconds(options_.max_wait_ms), [&] { return durable() > number || (refuses() && is_stuck_); });
  if (durable() > number) return {};
  return Stuck(stuck_because_);
}

// ---- the writing thread --------------------------------------------------------------------------------------------

void Log::Run() {
  while (TakeBatch() && WriteBatch()) {}
}

// False: everything is written and nothing will come.
auto Log::TakeBatch() -> bool {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return !pending_.empty() || is_closing_; });
  const auto is_due = [&] { return is_closing_ || awaited_ > durable() || pending_.size() >= kWorthWriting; };
  work_.wait_until(lock, first_pending_ + std::chrono::milliseconds(options_.max_delay_ms), is_due);
  if (pending_.empty()) return false;
  // Memory goes round: what is appended to now was a batch before, and nothing grows or is new to the machine once warm.
  writer_->frames.swap(pending_);
  writer_->leaves.swap(leaves_);
  lock.unlock();
  writer_->Prepare();
  return true;
}

// False: it could not be written until the end.
auto Log::WriteBatch() -> bool {
  for (;;) {
    const auto written = writer_->TryWrite();
    std::unique_lock lock(mutex_);
    if (written) break;
    ++failures_;
    const bool is_news = !is_stuck_.exchange(true);
    stuck_because_ = written.error();
    lock.unlock();
    done_.notify_all();
    if (is_news && options_.on_stuck) options_.on_stuck(written.error());
    lock.lock();
    if (is_closing_ && Clock::now() - closing_since_ > std::chrono::milliseconds(options_.max_wait_ms)) return false;
    work_.wait_for(lock, std::chrono::milliseconds(options_.retry_ms), [this] { return false; });
  }
  {
    const std::lock_guard lock(mutex_);
    checkpoint_ = writer_->checkpoint();
    stuck_because_ = {};
    is_stuck_ = false;
    durable_.store(writer_->size(), std::memory_order_release);
  }
  batches_.fetch_add(1, std::memory_order_relaxed);
  done_.notify_all();
  if (options_.on_durable) options_.on_durable(writer_->size());
  return true;
}

// ---- what there is to tell -----------------------------------------------------------------------------------------

auto Log::checkpoint() const -> std::string {
  const std::lock_guard lock(mutex_);
  return checkpoint_;
}

auto Log::figures() const -> LogFigures {
  const std::lock_guard lock(mutex_);
  return {.appended = next_, .durable = durable_, .batches = batches_, .failures = failures_, .is_stuck = is_stuck_};
}

auto Log::origin() const -> const std::string& { return options_.signer.origin(); }

}  // namespace remit::audit
