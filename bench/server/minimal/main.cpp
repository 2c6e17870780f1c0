// The least that a server of decisions can be: epoll, simdjson, the rules as a table. What it costs is the floor that `remit serve` is compared with.
//
// usage: minimal PORT THREADS
//
// It trusts whoever asks: the first Content-Length counts, nothing is limited, nothing is recorded, and a request that it cannot read ends the connection.
// Each thread listens for itself. The answer has what ours has, so that as many bytes go out.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <simdjson.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

namespace ondemand = simdjson::ondemand;

// As bench/server/workload.py has them.
auto LimitOf(int tool, int department) -> int64_t { return 1000 * (1 + (7 * tool + 3 * department) % 20); }

// The number behind `prefix`, or -1.
auto NumberOf(std::string_view text, std::string_view prefix) -> int {
  int number = -1;
  if (text.starts_with(prefix)) std::from_chars(text.data() + prefix.size(), text.data() + text.size(), number);
  return number;
}

struct Asked {
  int tool = -1;
  int department = -1;
  int64_t amount = 0;
  bool is_open = false;
};

auto ReadBody(ondemand::parser& parser, simdjson::padded_string_view body) -> Asked {
  Asked asked;
  ondemand::document document;
  if (parser.iterate(body).get(document) != simdjson::SUCCESS) return asked;
  std::string_view text;
  if (document["subject"]["properties"]["department"].get(text) == simdjson::SUCCESS) asked.department = NumberOf(text, "department-");
  if (document["action"]["name"].get(text) == simdjson::SUCCESS) asked.tool = NumberOf(text, "tool-");
  if (document["resource"]["properties"]["status"].get(text) == simdjson::SUCCESS) asked.is_open = text == "open";
  if (document["context"]["amount_cents"].get(asked.amount) != simdjson::SUCCESS) asked.tool = -1;
  return asked;
}

struct Connection {
  int fd = -1;
  std::string input;
};

class Loop {
 public:
  explicit Loop(uint16_t port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(listener_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 || ::listen(listener_, 4096) != 0) {
      std::perror("listen");
      std::exit(1);
    }
    epoll_ = ::epoll_create1(0);
    Watch(listener_, nullptr);
  }

  [[noreturn]] void Run() {
    std::array<epoll_event, 256> events = {};
    while (true) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        auto* connection = static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
        if (connection == nullptr) {
          Accept();
        } else {
          Serve(*connection);
        }
      }
    }
  }

 private:
  void Watch(int fd, Connection* connection) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.ptr = connection;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void Accept() {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    auto& connection = connections_[fd] = std::make_unique<Connection>();
    connection->fd = fd;
    Watch(fd, connection.get());
  }

  void Serve(Connection& connection) {
    const ssize_t got = ::recv(connection.fd, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) return End(connection);
    connection.input.append(buffer_.data(), static_cast<size_t>(got));
    connection.input.reserve(connection.input.size() + simdjson::SIMDJSON_PADDING);
    out_.clear();
    size_t at = 0;
    while (const size_t used = ServeOne(connection.input, at)) at += used;
    connection.input.erase(0, at);
    if (!out_.empty() && ::send(connection.fd, out_.data(), out_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(out_.size()))
      End(connection);
  }

  void End(Connection& connection) {
    const int fd = connection.fd;
    ::close(fd);
    connections_.erase(fd);
  }

  // Bytes used; 0: more are needed.
  auto ServeOne(const std::string& all, size_t at) -> size_t {
    const std::string_view input = std::string_view(all).substr(at);
    const size_t head = input.find("\r\n\r\n");
    if (head == std::string_view::npos) return 0;
    constexpr std::string_view kLength = "Content-Length: ";
    const size_t length_at = input.substr(0, head).find(kLength);
    size_t length = 0;
    if (length_at != std::string_view::npos) std::from_chars(input.data() + length_at + kLength.size(), input.data() + head, length);
    const size_t used = head + 4 + length;
    if (input.size() < used) return 0;
    Answer(ReadBody(parser_, simdjson::padded_string_view(input.data() + head + 4, length, all.capacity() - at - head - 4)));
    return used;
  }

  void Answer(const Asked& asked) {
    const bool is_permitted =
        asked.is_open && asked.tool >= 0 && asked.department >= 0 && asked.amount <= LimitOf(asked.tool, asked.department);
    std::array<char, 256> body = {};
    const int size =
        is_permitted
            ? std::snprintf(body.data(), body.size(),
                            R"({"decision":true,"context":{"outcome":"execute","reasons":["t%d-d%d"],"evaluation_id":"%032llx"}})",
                            asked.tool, asked.department, ++answers_)
            : std::snprintf(body.data(), body.size(),
                            R"({"decision":false,"context":{"outcome":"deny","reasons":[],"evaluation_id":"%032llx"}})", ++answers_);
    out_ +=
        "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2026 00:00:00 GMT\r\nX-Content-Type-Options: nosniff\r\nContent-Type: "
        "application/json\r\nContent-Length: ";
    std::array<char, 8> digits = {};
    out_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), size).ptr);
    out_ += "\r\n\r\n";
    out_.append(body.data(), static_cast<size_t>(size));
  }

  int listener_ = -1;
  int epoll_ = -1;
  unsigned long long answers_ = 0;
  std::array<char, 65536> buffer_ = {};
  std::string out_;
  ondemand::parser parser_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
};

}  // namespace

auto main(int argc, char** argv) -> int {
  if (argc != 3) return 2;
  const auto port = static_cast<uint16_t>(std::atoi(argv[1]));
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    threads.emplace_back([port] { std::make_unique<Loop>(port)->Run(); });
  }
  for (auto& thread : threads) thread.join();
}
