#include "tools/remit/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace remit::cli {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr size_t kWidth = 30;

}  // namespace

Progress::Progress(uint64_t total)
    : enabled_(isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0),
      total_(total),
      next_(std::chrono::steady_clock::now() + kInterval) {}

void Progress::Update(uint64_t done, uint64_t items) {
  if (!enabled_ || items % 64 != 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  if (total_ == 0) {
    fmt::print(stderr, "\r{} requests", items);
    return;
  }
  const size_t filled = static_cast<size_t>(std::min(done, total_) * kWidth / total_);
  fmt::print(stderr, "\r[{}{}] {:>3}%  {} requests", std::string(filled, '#'), std::string(kWidth - filled, '.'),
             std::min(done, total_) * 100 / total_, items);
}

void Progress::Finish() {
  if (enabled_) fmt::print(stderr, "\r\033[K");
}

}  // namespace remit::cli
