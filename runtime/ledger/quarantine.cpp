#include "runtime/ledger/quarantine.h"

#include <algorithm>
#include <tuple>

namespace remit::ledger {
namespace {

auto Before(const QuarantineEntry& a, const QuarantineEntry& b) -> bool { return std::tie(a.type, a.id) < std::tie(b.type, b.id); }

auto Find(const QuarantineList& list, std::string_view type, std::string_view id) -> QuarantineList::const_iterator {
  const auto less = [](const QuarantineEntry& entry, const std::pair<std::string_view, std::string_view>& uid) {
    return std::pair<std::string_view, std::string_view>{entry.type, entry.id} < uid;
  };
  const auto found = std::lower_bound(list.begin(), list.end(), std::pair{type, id}, less);
  return found != list.end() && found->type == type && found->id == id ? found : list.end();
}

}  // namespace

auto Quarantine::list() const -> std::shared_ptr<const QuarantineList> {
  const std::lock_guard lock(mutex_);
  return list_;
}

auto Quarantine::Add(QuarantineEntry entry) -> bool {
  const std::lock_guard lock(mutex_);
  if (Find(*list_, entry.type, entry.id) != list_->end()) return false;
  QuarantineList entries = *list_;
  entries.insert(std::upper_bound(entries.begin(), entries.end(), entry, Before), std::move(entry));
  Publish(std::move(entries));
  return true;
}

auto Quarantine::Remove(std::string_view type, std::string_view id) -> bool {
  const std::lock_guard lock(mutex_);
  const auto found = Find(*list_, type, id);
  if (found == list_->end()) return false;
  QuarantineList entries = *list_;
  entries.erase(entries.begin() + (found - list_->begin()));
  Publish(std::move(entries));
  return true;
}

auto Quarantine::Contains(std::string_view type, std::string_view id) const -> bool {
  const auto entries = list();
  return Find(*entries, type, id) != entries->end();
}

void Quarantine::Replace(QuarantineList entries) {
  std::stable_sort(entries.begin(), entries.end(), Before);
  const auto same = [](const QuarantineEntry& a, const QuarantineEntry& b) { return a.type == b.type && a.id == b.id; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  const std::lock_guard lock(mutex_);
  Publish(std::move(entries));
}

// With the mutex held. The version follows the list, so that who sees the version sees the list.
void Quarantine::Publish(QuarantineList entries) {
  list_ = std::make_shared<const QuarantineList>(std::move(entries));
  version_.fetch_add(1, std::memory_order_release);
}

}  // namespace remit::ledger
