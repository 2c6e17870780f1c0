// The server's log: one JSON object a line on standard error. Nobody gives it credentials, and it prints none.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>

namespace remit::server {

enum class LogLevel : uint8_t { Debug, Info, Warning, Error };
auto FindLogLevel(std::string_view name) -> std::optional<LogLevel>;

struct LogField {
  std::string_view name;
  std::variant<std::string_view, int64_t> value;
};

// What is below is not written. Threads: any.
void SetLogLevel(LogLevel level);
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace remit::server
