#include "runtime/server/process/file_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace remit::server {

namespace fs = std::filesystem;

FileWatch::FileWatch(const std::vector<std::string>& paths) : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      const auto folder = fs::path(path).parent_path();
      Watch(folder.empty() ? "." : folder.string());
      continue;
    }
    Watch(path);
    for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
      if (entry.is_directory(error)) Watch(entry.path().string());
    }
  }
}

void FileWatch::Watch(const std::string& folder) {
  ::inotify_add_watch(inotify_.get(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_MODIFY);
}

auto FileWatch::HasChanged() -> bool {
  constexpr auto kQuiet = std::chrono::milliseconds(100);
  std::array<char, 16 << 10> events;
  while (::read(inotify_.get(), events.data(), events.size()) > 0) {
    is_pending_ = true;
    last_ = std::chrono::steady_clock::now();
  }
  if (!is_pending_ || std::chrono::steady_clock::now() - last_ < kQuiet) return false;
  is_pending_ = false;
  return true;
}

}  // namespace remit::server
