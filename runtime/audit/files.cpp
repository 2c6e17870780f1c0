#include "runtime/audit/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace remit::audit {
namespace {

constexpr mode_t kFileMode = 0600;  // records tell who did what
constexpr mode_t kFolderMode = 0700;

auto FailFile(std::string_view what, std::string_view path) -> std::unexpected<Error> {
  const int error = errno;
  return std::unexpected(Error{.code = error == ENOENT ? "audit-file-missing" : "audit-file",
                               .message = fmt::format("{} `{}`: {}", what, path, std::strerror(error)),
                               .pointer = {},
                               .help = {}});
}

// Of a descriptor whose path nobody needs to be told.
auto FailOpen(std::string_view what) -> std::unexpected<Error> {
  return std::unexpected(Error{
      .code = "audit-file", .message = fmt::format("the log cannot be {}: {}", what, std::strerror(errno)), .pointer = {}, .help = {}});
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) close(descriptor_);
}

auto File::operator=(File&& other) noexcept -> File& {
  if (this != &other) {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = other.Take();
  }
  return *this;
}

auto OpenFile(const std::string& path, int flags) -> Expected<File> {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC, kFileMode);
  if (descriptor < 0) return FailFile("cannot open", path);
  return File(descriptor);
}

auto ReadWhole(const std::string& path) -> Expected<std::string> {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return std::unexpected(file.error());
  struct stat facts = {};
  if (fstat(file->descriptor(), &facts) != 0) return FailFile("cannot read", path);
  std::string bytes(static_cast<size_t>(facts.st_size), '\0');
  size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t count = read(file->descriptor(), bytes.data() + used, bytes.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FailFile("cannot read", path);
    if (count == 0) break;
    used += static_cast<size_t>(count);
  }
  bytes.resize(used);
  return bytes;
}

auto FileExists(const std::string& path) -> bool { return access(path.c_str(), F_OK) == 0; }

auto WriteAt(const File& file, std::string_view bytes, uint64_t offset) -> Expected<void> {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return FailOpen("written");
    bytes.remove_prefix(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return {};
}

auto SyncData(const File& file) -> Expected<void> {
  if (fdatasync(file.descriptor()) != 0) return FailOpen("made durable");
  return {};
}

auto Truncate(const File& file, uint64_t size) -> Expected<void> {
  if (ftruncate(file.descriptor(), static_cast<off_t>(size)) != 0) return FailOpen("cut");
  return {};
}

auto SyncFolder(const std::string& folder) -> Expected<void> {
  const auto file = OpenFile(folder, O_RDONLY | O_DIRECTORY);
  if (!file) return std::unexpected(file.error());
  if (fsync(file->descriptor()) != 0) return FailFile("cannot make durable", folder);
  return {};
}

auto MakeFolder(const std::string& folder) -> Expected<void> {
  if (mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) return FailFile("cannot make", folder);
  return {};
}

auto RemoveFile(const std::string& path) -> Expected<void> {
  if (unlink(path.c_str()) != 0) return FailFile("cannot remove", path);
  return {};
}

auto ListSegments(const std::string& folder) -> Expected<std::vector<std::string>> {
  const std::unique_ptr<DIR, int (*)(DIR*)> open_folder(opendir(folder.c_str()), closedir);
  if (open_folder == nullptr) return FailFile("cannot list", folder);
  std::vector<std::string> paths;
  while (const auto* entry = readdir(open_folder.get())) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(".seg")) paths.push_back(fmt::format("{}/{}", folder, name));
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace remit::audit
