// Whether files or folders changed, by inotify. Told once they have been quiet for a moment, because editors and deployments write in several steps.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runtime/server/transport/listener.h"

namespace remit::server {

class FileWatch {
 public:
  // Folders with all that is below them; of a file its folder, because replacing a file is a matter of the folder's. What is not there is not watched.
  explicit FileWatch(const std::vector<std::string>& paths);

  // True once after changes. Never waits.
  auto HasChanged() -> bool;

 private:
  void Watch(const std::string& folder);

  Descriptor inotify_;
  bool is_pending_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace remit::server
