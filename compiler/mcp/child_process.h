// A process with a line at each end: what is written to it, what it writes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "runtime/base/error.h"

namespace remit::mcp {

class ChildProcess {
 public:
  using Clock = std::chrono::steady_clock;

  static auto Start(const std::vector<std::string>& words) -> Expected<ChildProcess>;
  ChildProcess(ChildProcess&& other) noexcept;
  auto operator=(ChildProcess&&) -> ChildProcess& = delete;
  // Ends it and everything in its group.
  ~ChildProcess();

  // Errors: server-ended, server-timeout, answer-too-large. Each says what the process last wrote to standard error.
  auto WriteLine(std::string line, Clock::time_point deadline) -> Expected<void>;
  auto ReadLine(Clock::time_point deadline, size_t max_bytes) -> Expected<std::string>;

 private:
  ChildProcess(pid_t pid, int input, int output, int errors) : pid_(pid), input_(input), output_(output), errors_(errors) {}

  // Waits until there is something to do; true if the output may be read, or the input written.
  auto Wait(bool writing, Clock::time_point deadline) -> Expected<void>;
  void ReadErrors();
  auto Failure(std::string code, std::string message) -> std::unexpected<Error>;
  void Close(int& descriptor);
  auto HasEnded(int milliseconds) -> bool;

  pid_t pid_;
  int input_;
  int output_;
  int errors_;
  std::string buffer_ = {};
  size_t searched_ = 0;
  size_t received_ = 0;
  std::string last_errors_ = {};
};

}  // namespace remit::mcp
