// A folder for logs that goes away again, and small records for them.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "runtime/audit/log.h"

namespace remit::audit {

class LogFolder {
 public:
  LogFolder() {
    std::string pattern = testing::TempDir() + "remit_audit_XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~LogFolder() { std::filesystem::remove_all(path_); }
  LogFolder(const LogFolder&) = delete;
  auto operator=(const LogFolder&) -> LogFolder& = delete;

  auto path() const -> const std::string& { return path_; }
  auto log() const -> std::string { return path_ + "/log"; }
  auto Options() const -> LogOptions { return {.folder = log(), .signer = signer}; }
  auto Open() const -> std::unique_ptr<Log> {
    auto opened = Log::Open(Options());
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }

  const CheckpointSigner signer{"remit.test/log", approval::SigningKey::Generate()};

 private:
  std::string path_;
};

inline auto ReadText(const std::string& path) -> std::string {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteText(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
}

inline auto SegmentsOf(const std::string& folder) -> std::vector<std::string> {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".seg") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

inline auto SmallRecord(const std::string& id, int64_t time = 1) -> DecisionRecord {
  return {.head = {.time_ms = time, .id = id},
          .principal = {"Agent", "a"},
          .action = {"Action", "act"},
          .resource = {"Tool", "t"},
          .outcome = "execute"};
}

}  // namespace remit::audit
