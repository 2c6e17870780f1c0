#include "runtime/ledger/sqlite_store.h"

#include <sqlite3.h>

#include <condition_variable>
#include <deque>

namespace remit::ledger {
namespace {

// The version of the tables. Other programs' files are refused.
constexpr int kSchema = 1;
constexpr int kApplication = 0x524d4954;  // "RMIT"

auto SqliteError(sqlite3* database, std::string_view what) -> std::unexpected<Error> {
  const int code = database == nullptr ? SQLITE_NOMEM : sqlite3_errcode(database);
  const bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  return std::unexpected(
      Error{.code = busy ? "store-away" : "store-failed",
            .message = "cannot " + std::string(what) + ": " + (database == nullptr ? "out of memory" : sqlite3_errmsg(database)),
            .pointer = {},
            .help = {}});
}

class Statement {
 public:
  Statement() = default;
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  auto operator=(const Statement&) -> Statement& = delete;

  auto Prepare(sqlite3* database, const char* sql) -> bool {
    return sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) == SQLITE_OK;
  }
  // The texts are read before the next step ends: they need not be copied.
  void Bind(int index, std::string_view bytes) {
    sqlite3_bind_blob64(statement_, index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  void Bind(int index, int64_t number) { sqlite3_bind_int64(statement_, index, number); }
  auto Step() -> int { return sqlite3_step(statement_); }
  void Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  auto Number(int column) -> int64_t { return sqlite3_column_int64(statement_, column); }
  auto Bytes(int column) -> std::string_view {
    const void* bytes = sqlite3_column_blob(statement_, column);
    return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

class Connection {
 public:
  ~Connection() { sqlite3_close_v2(database_); }

  auto Open(const SqliteOptions& options) -> Expected<void>;
  auto get() -> sqlite3* { return database_; }
  auto Run(const char* sql) -> bool { return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }
  auto Number(const char* sql) -> int64_t {
    Statement statement;
    return statement.Prepare(database_, sql) && statement.Step() == SQLITE_ROW ? statement.Number(0) : -1;
  }

 private:
  auto MakeTables() -> Expected<void>;

  sqlite3* database_ = nullptr;
};

auto Connection::Open(const SqliteOptions& options) -> Expected<void> {
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(options.path.c_str(), &database_, kFlags, nullptr) != SQLITE_OK)
    return SqliteError(database_, "open `" + options.path + "`");
  sqlite3_busy_timeout(database_, options.busy_timeout_ms);
  if (options.sole && !Run("PRAGMA locking_mode=EXCLUSIVE")) return SqliteError(database_, "lock `" + options.path + "`");
  if (!Run("PRAGMA journal_mode=WAL") || !Run(options.synchronous ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL")) {
    const bool in_use = sqlite3_errcode(database_) == SQLITE_BUSY;
    auto error = SqliteError(database_, "open `" + options.path + "`");
    if (in_use)
      error = std::unexpected(
          Error{.code = "store-in-use", .message = "another process has locked `" + options.path + "`", .pointer = {}, .help = {}});
    return error;
  }
  return MakeTables();
}

auto Connection::MakeTables() -> Expected<void> {
  if (!Run("BEGIN IMMEDIATE")) return SqliteError(database_, "begin");
  const int64_t schema = Number("PRAGMA user_version");
  const bool is_new = schema == 0 && Number("SELECT count(*) FROM sqlite_schema") == 0;
  if (!is_new && (schema != kSchema || Number("PRAGMA application_id") != kApplication)) {
    Run("ROLLBACK");
    return std::unexpected(Error{.code = "store-failed", .message = "the file is no ledger of this version", .pointer = {}, .help = {}});
  }
  const bool made =
      !is_new || (Run("CREATE TABLE row (key BLOB PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID") &&
                  Run("CREATE TABLE counter (last INTEGER NOT NULL)") && Run("INSERT INTO counter VALUES (0)") &&
                  Run(("PRAGMA user_version=" + std::to_string(kSchema)).c_str()) &&
                  Run(("PRAGMA application_id=" + std::to_string(kApplication)).c_str()));
  if (!made || !Run("COMMIT")) {
    auto error = SqliteError(database_, "make the tables");
    Run("ROLLBACK");
    return error;
  }
  return {};
}

// One commit that waits for its turn.
struct Job {
  std::span<const RowCheck> checks;
  std::span<const RowWrite> writes;
  Expected<uint64_t> result = 0;
  bool done = false;
};

// Two connections: one writes, one reads, each with a mutex.
class SqliteStore : public Store {
 public:
  auto Open(const SqliteOptions& options) -> Expected<void>;

  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override;
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override;
  auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> override;

 private:
  void RunJobs(std::span<Job*> jobs);
  auto Apply(const Job& job) -> Expected<uint64_t>;
  auto VersionOf(const std::string& key) -> Expected<uint64_t>;
  auto reading() -> Connection& { return sole_ ? writer_ : reader_; }

  bool sole_ = false;  // a locked file has one connection
  Connection writer_;
  Connection reader_;
  Statement next_version_, version_, put_, erase_, get_, scan_;
  std::mutex read_mutex_;   // of the reader, or of the only connection; taken after the writer's turn
  std::mutex queue_mutex_;  // of the queue and who leads it
  std::condition_variable turn_;
  std::deque<Job*> queue_;
  bool leading_ = false;
};

auto SqliteStore::Open(const SqliteOptions& options) -> Expected<void> {
  sole_ = options.sole;
  if (auto opened = writer_.Open(options); !opened) return opened;
  if (!sole_) {
    if (auto opened = reader_.Open(options); !opened) return opened;
  }
  sqlite3* writes = writer_.get();
  sqlite3* reads = reading().get();
  const bool prepared = next_version_.Prepare(writes, "UPDATE counter SET last = last + 1 RETURNING last") &&
                        version_.Prepare(writes, "SELECT version FROM row WHERE key = ?1") &&
                        put_.Prepare(writes, "INSERT INTO row VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET version = ?2, value = ?3") &&
                        erase_.Prepare(writes, "DELETE FROM row WHERE key = ?1") &&
                        get_.Prepare(reads, "SELECT version, value FROM row WHERE key = ?1") &&
                        scan_.Prepare(reads, "SELECT key, version, value FROM row WHERE key > ?1 AND key >= ?2 ORDER BY key LIMIT ?3");
  if (!prepared) return SqliteError(writes, "prepare");
  return {};
}

// ---- reading ------------------------------------------------------------------------------------------------------------------

auto SqliteStore::Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> {
  const std::lock_guard lock(read_mutex_);
  Connection& connection = reading();
  if (!connection.Run("BEGIN")) return SqliteError(connection.get(), "read");
  std::vector<StoredRow> rows;
  rows.reserve(keys.size());
  int step = SQLITE_DONE;
  for (const std::string& key : keys) {
    get_.Bind(1, key);
    step = get_.Step();
    StoredRow& row = rows.emplace_back(StoredRow{.key = key, .value = {}});
    if (step == SQLITE_ROW) {
      row.version = static_cast<uint64_t>(get_.Number(0));
      row.value = get_.Bytes(1);
    }
    get_.Reset();
    if (step != SQLITE_ROW && step != SQLITE_DONE) break;
  }
  auto failed = SqliteError(connection.get(), "read");
  connection.Run("COMMIT");
  if (step != SQLITE_ROW && step != SQLITE_DONE) return failed;
  return rows;
}

auto SqliteStore::Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> {
  const std::lock_guard lock(read_mutex_);
  scan_.Bind(1, after);
  scan_.Bind(2, prefix);
  scan_.Bind(3, static_cast<int64_t>(limit));
  std::vector<StoredRow> rows;
  int step = scan_.Step();
  for (; step == SQLITE_ROW && scan_.Bytes(0).starts_with(prefix); step = scan_.Step()) {
    rows.push_back(
        {.key = std::string(scan_.Bytes(0)), .value = std::string(scan_.Bytes(2)), .version = static_cast<uint64_t>(scan_.Number(1))});
  }
  auto failed = SqliteError(reading().get(), "read");
  scan_.Reset();
  if (step != SQLITE_ROW && step != SQLITE_DONE) return failed;
  return rows;
}

// ---- committing ---------------------------------------------------------------------------------------------------------------

// Whoever finds nobody at work does the work of all that wait.
auto SqliteStore::Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> {
  constexpr size_t kMost = 256;
  Job job = {.checks = checks, .writes = writes};
  std::unique_lock lock(queue_mutex_);
  queue_.push_back(&job);
  turn_.wait(lock, [&] { return job.done || !leading_; });
  if (job.done) return std::move(job.result);
  leading_ = true;
  while (!job.done) {
    std::vector<Job*> jobs(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, queue_.size())));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(jobs.size()));
    lock.unlock();
    RunJobs(jobs);
    lock.lock();
    for (Job* each : jobs) each->done = true;
  }
  leading_ = false;
  turn_.notify_all();
  return std::move(job.result);
}

// One transaction for all. A job whose checks fail changes nothing; if the transaction fails, nobody's change is there.
void SqliteStore::RunJobs(std::span<Job*> jobs) {
  std::unique_lock<std::mutex> alone;
  if (sole_) alone = std::unique_lock(read_mutex_);
  const auto fail = [&](const std::unexpected<Error>& error) {
    for (Job* job : jobs) job->result = error;
    writer_.Run("ROLLBACK");
  };
  if (!writer_.Run("BEGIN IMMEDIATE")) return fail(SqliteError(writer_.get(), "begin"));
  for (Job* job : jobs) {
    job->result = Apply(*job);
    if (!job->result) {
      const std::unexpected<Error> error(job->result.error());
      return fail(error);
    }
  }
  if (!writer_.Run("COMMIT")) fail(SqliteError(writer_.get(), "commit"));
}

auto SqliteStore::VersionOf(const std::string& key) -> Expected<uint64_t> {
  version_.Bind(1, key);
  const int step = version_.Step();
  const uint64_t version = step == SQLITE_ROW ? static_cast<uint64_t>(version_.Number(0)) : 0;
  auto failed = SqliteError(writer_.get(), "read");
  version_.Reset();
  if (step != SQLITE_ROW && step != SQLITE_DONE) return failed;
  return version;
}

auto SqliteStore::Apply(const Job& job) -> Expected<uint64_t> {
  for (const RowCheck& check : job.checks) {
    const auto version = VersionOf(check.key);
    if (!version) return version;
    if (*version != check.version) return 0;
  }
  const int counted = next_version_.Step();
  const int64_t version = counted == SQLITE_ROW ? next_version_.Number(0) : 0;
  next_version_.Reset();
  if (version == 0) return SqliteError(writer_.get(), "count versions");
  for (const RowWrite& write : job.writes) {
    Statement& statement = write.value ? put_ : erase_;
    statement.Bind(1, write.key);
    if (write.value) {
      statement.Bind(2, version);
      statement.Bind(3, *write.value);
    }
    const int step = statement.Step();
    auto failed = SqliteError(writer_.get(), "write");
    statement.Reset();
    if (step != SQLITE_DONE) return failed;
  }
  return static_cast<uint64_t>(version);
}

}  // namespace

auto OpenSqliteStore(const SqliteOptions& options) -> Expected<std::shared_ptr<Store>> {
  auto store = std::make_shared<SqliteStore>();
  if (auto opened = store->Open(options); !opened) return std::unexpected(std::move(opened.error()));
  return store;
}

}  // namespace remit::ledger
