#include "runtime/server/events.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit::server {

void EventHub::AddSink(Sink sink) {
  const std::lock_guard lock(mutex_);
  sinks_.push_back(std::move(sink));
}

void EventHub::RemoveSinks() {
  const std::lock_guard lock(mutex_);
  sinks_.clear();
}

void EventHub::Publish(std::string_view topic, std::string data) {
  const std::lock_guard lock(mutex_);
  const auto event = std::make_shared<const Event>(Event{.id = ++last_, .topic = std::string(topic), .data = std::move(data)});
  kept_.push_back(event);
  if (kept_.size() > kKept) kept_.pop_front();
  for (const Sink& sink : sinks_) sink(event);
}

auto EventHub::After(uint64_t id) const -> std::vector<std::shared_ptr<const Event>> {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const Event>> later;
  std::ranges::copy_if(kept_, std::back_inserter(later), [&](const auto& event) { return event->id > id; });
  return later;
}

auto EventText(const Event& event) -> std::string {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.topic, event.data);
}

auto HasTopic(std::string_view topics, std::string_view topic) -> bool {
  if (topics.empty()) return true;
  while (!topics.empty()) {
    const size_t end = std::min(topics.find(','), topics.size());
    if (topics.substr(0, end) == topic) return true;
    topics.remove_prefix(std::min(end + 1, topics.size()));
  }
  return false;
}

}  // namespace remit::server
