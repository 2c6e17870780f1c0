#include "compiler/mcp/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <utility>

extern char** environ;

namespace remit::mcp {
namespace {

constexpr size_t kKeptErrors = 2000;
constexpr int kPoliteMs = 500;  // between closing the input, asking it to end, and ending it

struct Pair {
  int ours = -1;
  int theirs = -1;
};

// Sockets: writing to one that nobody reads is an error and no signal. Every end is closed in whatever else is started.
auto MakePair() -> Pair {
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return {};
  fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK);
  return {.ours = ends[0], .theirs = ends[1]};
}

void CloseAll(const std::array<Pair, 3>& pairs, bool ours) {
  for (const auto& pair : pairs) {
    if (pair.theirs >= 0) close(pair.theirs);
    if (ours && pair.ours >= 0) close(pair.ours);
  }
}

auto Spawn(const std::vector<std::string>& words, const std::array<Pair, 3>& pairs, pid_t& pid) -> int {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; ++i) posix_spawn_file_actions_adddup2(&actions, pairs[static_cast<size_t>(i)].theirs, i);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int error = posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

auto ChildProcess::Start(const std::vector<std::string>& words) -> Expected<ChildProcess> {
  const std::array<Pair, 3> pairs = {MakePair(), MakePair(), MakePair()};
  pid_t pid = -1;
  const bool made = std::ranges::all_of(pairs, [](const Pair& pair) { return pair.ours >= 0; });
  const int error = made ? Spawn(words, pairs, pid) : errno;
  CloseAll(pairs, !made || error != 0);
  if (!made || error != 0) {
    return std::unexpected(Error{.code = "cannot-start",
                                 .message = fmt::format("cannot start `{}`: {}", words[0], std::strerror(error)),
                                 .pointer = {},
                                 .help = {}});
  }
  return ChildProcess(pid, pairs[0].ours, pairs[1].ours, pairs[2].ours);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)),
      buffer_(std::move(other.buffer_)),
      searched_(other.searched_),
      received_(other.received_),
      last_errors_(std::move(other.last_errors_)) {}

ChildProcess::~ChildProcess() {
  Close(input_), Close(output_), Close(errors_);
  if (pid_ < 0) return;
  if (!HasEnded(kPoliteMs)) {
    kill(-pid_, SIGTERM);
    HasEnded(kPoliteMs);
  }
  // Whatever it left behind in its group goes too, whether or not it has ended itself.
  kill(-pid_, SIGKILL);
  if (pid_ >= 0) waitpid(pid_, nullptr, 0);
}

auto ChildProcess::HasEnded(int milliseconds) -> bool {
  for (int waited = 0; waited < milliseconds; waited += 10) {
    // Left to be waited for: until then nobody else gets its number, nor that of its group.
    siginfo_t info = {};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void ChildProcess::Close(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

auto ChildProcess::Failure(std::string code, std::string message) -> std::unexpected<Error> {
  ReadErrors();
  Error error = {.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}};
  if (!last_errors_.empty()) error.help = "it said: " + last_errors_;
  return std::unexpected(std::move(error));
}

// The last of what it wrote there; reading it keeps the process from waiting for us.
void ChildProcess::ReadErrors() {
  std::array<char, 4096> bytes = {};
  while (errors_ >= 0) {
    const ssize_t count = read(errors_, bytes.data(), bytes.size());
    if (count == 0) Close(errors_);
    if (count <= 0) return;
    last_errors_.append(bytes.data(), static_cast<size_t>(count));
    if (last_errors_.size() > kKeptErrors) last_errors_.erase(0, last_errors_.size() - kKeptErrors);
  }
}

auto ChildProcess::Wait(bool writing, Clock::time_point deadline) -> Expected<void> {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Failure("server-timeout", "the server did not answer in time");
    std::array<pollfd, 3> polled = {{{.fd = output_, .events = POLLIN, .revents = 0},
                                     {.fd = errors_, .events = POLLIN, .revents = 0},
                                     {.fd = writing ? input_ : -1, .events = POLLOUT, .revents = 0}}};
    if (poll(polled.data(), polled.size(), static_cast<int>(std::min<long long>(left, 1000))) < 0 && errno != EINTR) {
      return Failure("server-ended", "the server cannot be waited for");
    }
    if (polled[1].revents != 0) ReadErrors();
    // What it answers is left for ReadLine; a server that reads nothing before its answers are read is waited for until the deadline.
    if ((writing ? polled[2].revents : polled[0].revents) != 0) return {};
  }
}

auto ChildProcess::WriteLine(std::string line, Clock::time_point deadline) -> Expected<void> {
  line += '\n';
  for (size_t sent = 0; sent < line.size();) {
    if (auto ready = Wait(true, deadline); !ready) return ready;
    const ssize_t count = send(input_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return Failure("server-ended", "the server has ended");
    if (count > 0) sent += static_cast<size_t>(count);
  }
  return {};
}

auto ChildProcess::ReadLine(Clock::time_point deadline, size_t max_bytes) -> Expected<std::string> {
  std::array<char, 65536> bytes = {};
  while (true) {
    const auto end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      searched_ = 0;
      return line;
    }
    searched_ = buffer_.size();
    if (auto ready = Wait(false, deadline); !ready) return std::unexpected(ready.error());
    const ssize_t count = read(output_, bytes.data(), bytes.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) return Failure("server-ended", "the server has ended without an answer");
    received_ += static_cast<size_t>(count);
    if (received_ > max_bytes) return Failure("answer-too-large", fmt::format("the server answers with more than {} bytes", max_bytes));
    buffer_.append(bytes.data(), static_cast<size_t>(count));
  }
}

}  // namespace remit::mcp
