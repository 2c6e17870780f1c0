// The default store: one SQLite file, several processes at once.
//
// Write-ahead log, synchronous=FULL: what was committed survives a crash and a power cut. Commits of different threads that wait for the disk
// at the same time go there together (group commit): one of them does the work for all. A transaction each, the alternative, is bound by the disk
// to some thousand a second.
#pragma once

#include <memory>
#include <string>

#include "runtime/ledger/store.h"

namespace remit::ledger {

struct SqliteOptions {
  std::string path;
  bool sole = false;  // keeps the file locked: nobody else can open it (`store-in-use`)
  bool synchronous = true;  // false: a power cut may lose the last commits, a crash of the process never
  int busy_timeout_ms = 5'000;  // how long other processes may keep the file
};

// Opened, or made. Errors: `store-failed` (also if the file is something else), `store-in-use`.
auto OpenSqliteStore(const SqliteOptions& options) -> Expected<std::shared_ptr<Store>>;

}  // namespace remit::ledger
