// Files of a log: reading them whole, listing segments, and writing what must be on disk afterwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace remit::audit {

// Closes what it holds.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File();
  File(File&& other) noexcept : descriptor_(other.Take()) {}
  auto operator=(File&& other) noexcept -> File&;

  auto is_open() const -> bool { return descriptor_ >= 0; }
  auto descriptor() const -> int { return descriptor_; }

 private:
  auto Take() -> int {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return descriptor;
  }
  int descriptor_ = -1;
};

// Codes of all: "audit-file" and, where a file is not there, "audit-file-missing".
auto OpenFile(const std::string& path, int flags) -> Expected<File>;
auto ReadWhole(const std::string& path) -> Expected<std::string>;
auto FileExists(const std::string& path) -> bool;
// All of it, at this offset; what is there of it after an error is not known.
auto WriteAt(const File& file, std::string_view bytes, uint64_t offset) -> Expected<void>;
auto SyncData(const File& file) -> Expected<void>;
auto Truncate(const File& file, uint64_t size) -> Expected<void>;
// Names that were made in it or removed from it are durable.
auto SyncFolder(const std::string& folder) -> Expected<void>;
auto MakeFolder(const std::string& folder) -> Expected<void>;
auto RemoveFile(const std::string& path) -> Expected<void>;

// Paths of `*.seg`, in the order of their names.
auto ListSegments(const std::string& folder) -> Expected<std::vector<std::string>>;

}  // namespace remit::audit
