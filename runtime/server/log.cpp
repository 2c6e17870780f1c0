#include "runtime/server/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>

#include "runtime/server/json_text.h"

namespace remit::server {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};
std::atomic<LogLevel> lowest = LogLevel::Info;

}  // namespace

auto FindLogLevel(std::string_view name) -> std::optional<LogLevel> {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

void SetLogLevel(LogLevel level) { lowest.store(level, std::memory_order_relaxed); }

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < lowest.load(std::memory_order_relaxed)) return;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto millis = now.time_since_epoch().count() % 1000;
  std::string line =
      fmt::format("{{\"time\":\"{:%Y-%m-%dT%H:%M:%S}.{:03}Z\"", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), millis);
  AppendMember(line, "level", kNames[static_cast<size_t>(level)]);
  AppendMember(line, "event", event);
  for (const LogField& field : fields) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      AppendMember(line, field.name, *text);
    } else {
      AppendNumber(line, field.name, std::get<int64_t>(field.value));
    }
  }
  line += "}\n";
  // One call, so that lines of several threads do not mix.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace remit::server
