// What is stopped everywhere at once: entities by uid, with who stopped them, when and why.
//
// Readers poll `version` (one load) and take a new list only when it changed; the list is immutable and shared. A lookup per request in a locked
// table, the alternative, would cost every decision something for what is empty nearly always.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace remit::ledger {

struct QuarantineEntry {
  std::string type;
  std::string id;
  std::string reason;
  std::string who;
  int64_t since = 0;  // milliseconds since the epoch
};

// Sorted by type, then id; no uid twice.
using QuarantineList = std::vector<QuarantineEntry>;

class Quarantine {
 public:
  // Changes whenever the list does; starts at 0, with the empty list.
  auto version() const -> uint64_t { return version_.load(std::memory_order_acquire); }
  auto list() const -> std::shared_ptr<const QuarantineList>;

  // False if the uid was there already: the first reason stays.
  auto Add(QuarantineEntry entry) -> bool;
  // False if it was not there.
  auto Remove(std::string_view type, std::string_view id) -> bool;
  auto Contains(std::string_view type, std::string_view id) const -> bool;
  // Takes the list of another node, or of the store. Unsorted input is sorted; of two entries with one uid the first stays.
  void Replace(QuarantineList entries);

 private:
  void Publish(QuarantineList entries);

  mutable std::mutex mutex_;  // of the list; writers and whoever takes it
  std::shared_ptr<const QuarantineList> list_ = std::make_shared<const QuarantineList>();
  std::atomic<uint64_t> version_ = 0;
};

}  // namespace remit::ledger
