// The image is copied although a file could be mapped: a mapped file that somebody writes to changes under a digest that was right.
#include "runtime/native/image.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/native/target.h"

namespace remit {
namespace {

auto Fail(std::string code, std::string message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}});
}

class Pages {
 public:
  explicit Pages(size_t bytes) : bytes_(bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) memory_ = static_cast<std::byte*>(memory);
  }
  Pages(const Pages&) = delete;
  auto operator=(const Pages&) -> Pages& = delete;
  ~Pages() {
    if (memory_ != nullptr) munmap(memory_, bytes_);
  }

  auto memory() const -> std::byte* { return memory_; }
  auto MakeExecutable() -> bool { return mprotect(memory_, bytes_, PROT_READ | PROT_EXEC) == 0; }

 private:
  std::byte* memory_ = nullptr;
  size_t bytes_;
};

class ImageModule : public NativeModule {
 public:
  ImageModule(const ImageHeader& header, std::vector<uint64_t> entries)
      : pages_(header.bytes), header_(header), entries_(std::move(entries)) {}

  auto Fill(std::string_view image) -> bool {
    if (pages_.memory() == nullptr) return false;
    std::ranges::copy(std::as_bytes(std::span(image)), pages_.memory());
    return pages_.MakeExecutable();
  }

  auto body(size_t position) const -> NativeBody override { return reinterpret_cast<NativeBody>(Entry(position)); }
  auto group(size_t position) const -> NativeGroup override { return reinterpret_cast<NativeGroup>(Entry(header_.shapes + position)); }
  auto code_bytes() const -> size_t override { return header_.bytes; }
  auto left_out() const -> size_t override { return header_.left_out; }

 private:
  auto Entry(size_t position) const -> std::byte* { return pages_.memory() + entries_[position]; }

  Pages pages_;
  ImageHeader header_;
  std::vector<uint64_t> entries_;
};

// Fails on whatever would lead outside the image.
auto ReadEntries(std::string_view image, const ImageHeader& header) -> Expected<std::vector<uint64_t>> {
  const auto invalid = Fail("code-invalid", "the native code is damaged");
  const uint64_t count = uint64_t{header.shapes} + header.groups;
  if (header.bytes != image.size() || header.code > image.size() || header.code != ImageCodeOffset(count)) return invalid;
  std::vector<uint64_t> entries(count);
  if (count > 0) std::memcpy(entries.data(), image.data() + sizeof(header), count * sizeof(uint64_t));
  const auto is_inside = [&](uint64_t entry) { return entry >= header.code && entry < header.bytes; };
  if (!std::ranges::all_of(entries, is_inside)) return invalid;
  return entries;
}

}  // namespace

auto LoadImage(std::string_view image, std::string_view target) -> Expected<std::unique_ptr<NativeModule>> {
  if (!RunsHere(target))
    return Fail("code-target", "the native code is for `" + std::string(target) + "`, which this machine does not run");
  ImageHeader header;
  if (image.size() < sizeof(header) || !image.starts_with(std::string_view(header.magic, sizeof(header.magic))))
    return Fail("code-invalid", "this is no native code");
  std::memcpy(&header, image.data(), sizeof(header));
  if (header.fingerprint != NativeFingerprint()) return Fail("code-version", "the native code was made for another version of the runtime");
  auto entries = ReadEntries(image, header);
  if (!entries) return std::unexpected(std::move(entries.error()));
  auto module = std::make_unique<ImageModule>(header, std::move(*entries));
  if (!module->Fill(image)) return Fail("code-memory", "there is no executable memory for native code");
  return module;
}

}  // namespace remit
