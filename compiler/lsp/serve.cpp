// The loop around the server: one thread reads, so that what was cancelled is known before it is begun, and one answers.
#include <condition_variable>
#include <deque>
#include <thread>

#include "compiler/lsp/server.h"

namespace remit::lsp {
namespace {

// Messages that were read and not yet handled. The reader waits where there are very many: a client cannot grow this.
class Queue {
 public:
  void Push(Json message) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return messages_.size() < kMostMessages; });
    messages_.push_back(std::move(message));
    changed_.notify_all();
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
  }
  auto is_empty() -> bool {
    const std::lock_guard lock(mutex_);
    return messages_.empty();
  }
  // Nothing once it is closed and empty.
  auto Pop() -> std::optional<Json> {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !messages_.empty() || is_closed_; });
    if (messages_.empty()) return std::nullopt;
    auto message = std::move(messages_.front());
    messages_.pop_front();
    changed_.notify_all();
    return message;
  }

 private:
  static constexpr size_t kMostMessages = 10'000;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Json> messages_;
  bool is_closed_ = false;
};

auto MethodOf(const Json& message) -> std::string {
  const auto it = message.is_object() ? message.find("method") : message.end();
  return message.is_object() && it != message.end() && it->is_string() ? it->get<std::string>() : std::string();
}

void ReadAll(FILE* in, Server& server, Queue& queue) {
  MessageReader reader(in);
  while (true) {
    auto message = reader.Next();
    if (!message && message.error().code == "invalid-message") {
      queue.Push(Json());  // answered as what it is: no request
      continue;
    }
    if (!message || !*message) break;
    const auto method = MethodOf(**message);
    if (method == "$/cancelRequest") {
      const auto params = (*message)->value("params", Json::object());
      if (params.is_object() && params.contains("id")) server.Cancel(params["id"]);
      continue;
    }
    queue.Push(std::move(**message));
    if (method == "exit") break;
  }
  queue.Close();
}

}  // namespace

auto Serve(FILE* in, FILE* out, const std::string& version) -> int {
  bool is_heard = true;
  Server server([&](const Json& message) { is_heard = is_heard && WriteMessage(out, message); }, version);
  Queue queue;
  std::thread reader([&] { ReadAll(in, server, queue); });
  while (auto message = queue.Pop()) {
    server.Handle(*message);
    if (server.exit_code()) break;
    if (queue.is_empty()) server.Settle();
  }
  reader.join();
  return server.exit_code().value_or(1);
}

}  // namespace remit::lsp
