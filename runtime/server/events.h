// What happens, told to whoever listens: escalations, quarantine, publications.
//
// The last events are kept, so that a listener that was away for a moment asks for what came after the last one it has.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace remit::server {

struct Event {
  uint64_t id = 0;  // counts up from 1
  std::string topic;
  std::string data;  // JSON, one line
};

class EventHub {
 public:
  // Called in order, by whoever publishes, with the hub's lock held: it must only pass the event on.
  using Sink = std::function<void(const std::shared_ptr<const Event>&)>;

  void AddSink(Sink sink);
  void RemoveSinks();
  void Publish(std::string_view topic, std::string data);
  // Those after this id that are still known.
  auto After(uint64_t id) const -> std::vector<std::shared_ptr<const Event>>;

 private:
  static constexpr size_t kKept = 512;

  mutable std::mutex mutex_;
  uint64_t last_ = 0;
  std::vector<Sink> sinks_;
  std::deque<std::shared_ptr<const Event>> kept_;
};

// As text/event-stream has it.
auto EventText(const Event& event) -> std::string;
// `topics`: names with commas between them; empty: all.
auto HasTopic(std::string_view topics, std::string_view topic) -> bool;

}  // namespace remit::server
