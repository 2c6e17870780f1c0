// A redis-server of a test's own.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/ledger/redis_store.h"

namespace remit::ledger {

inline auto FreePort() -> int {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return ntohs(address.sin_port);
}

// A redis-server that ends with this object.
class Server {
 public:
  explicit Server(std::vector<std::string> arguments = {}, int port = FreePort()) : port_(port), arguments_(std::move(arguments)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "remit-redis-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    Start();
  }
  ~Server() {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  // If the first argument is `=`, the others are all there are.
  void Start() {
    std::vector<std::string> words = {"redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1",     "--save", "",
                                      "--dir",        folder_,  "--appendonly",        "yes",    "--appendfsync", "always"};
    if (!arguments_.empty() && arguments_.front() == "=") words.resize(1);
    words.insert(words.end(), arguments_.begin() + (words.size() == 1 ? 1 : 0), arguments_.end());
    process_ = fork();
    if (process_ == 0) {
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, 1);
      dup2(nowhere, 2);
      std::vector<char*> texts;
      for (std::string& word : words) texts.push_back(word.data());
      texts.push_back(nullptr);
      execvp("redis-server", texts.data());
      _exit(127);
    }
  }
  void Stop() {
    if (process_ <= 0) return;
    kill(process_, SIGCONT);
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  void Pause() const { kill(process_, SIGSTOP); }
  void Continue() const { kill(process_, SIGCONT); }

  auto port() const -> int { return port_; }
  // A disk that others use may hold up an answer, which must be on it, for seconds.
  auto Options() const -> RedisOptions { return {.port = port_, .timeout_ms = 10'000}; }
  // For a server that will be paused: every question then lasts that long.
  auto Impatient() const -> RedisOptions { return {.port = port_, .timeout_ms = 1'000}; }
  // Waits until it answers.
  auto Open(const RedisOptions& options) const -> Expected<std::shared_ptr<Store>> {
    auto store = OpenRedisStore(options);
    for (int i = 0; i < 200 && !store && store.error().code == "store-away"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      store = OpenRedisStore(options);
    }
    return store;
  }
  auto Open() const -> Expected<std::shared_ptr<Store>> { return Open(Options()); }

 private:
  int port_;
  std::string folder_;
  std::vector<std::string> arguments_;
  pid_t process_ = 0;
};

inline auto HasRedis() -> bool { return std::system("redis-server --version >/dev/null 2>&1") == 0; }

// What redis-cli prints for a command; empty if it fails.
inline auto AskCli(int port, const std::string& command) -> std::string {
  const std::string line = "redis-cli -p " + std::to_string(port) + " " + command + " 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> out(popen(line.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 512> part;
  while (out != nullptr && fgets(part.data(), part.size(), out.get()) != nullptr) text += part.data();
  return text;
}

}  // namespace remit::ledger
