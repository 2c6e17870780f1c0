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

  // INVARIANT: the image's names are positions in `symbols`.
  auto Fill(std::string_view image, std::span<const SymbolId> symbols) -> bool {
    if (pages_.memory() == nullptr) return false;
    std::ranges::copy(std::as_bytes(std::span(image)), pages_.memory());
    auto* names = reinterpret_cast<uint64_t*>(pages_.memory() + ImageNamesOffset(entries_.size()));
    const auto number = [&](uint64_t half) -> uint64_t { return half == 0 ? 0 : symbols[half - 1].value; };
    for (uint32_t i = 0; i < header_.names; ++i) names[i] = (number(names[i] >> 32) << 32) | number(names[i] & UINT32_MAX);
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

auto FailInvalid() -> std::unexpected<Error> { return Fail("code-invalid", "the native code is damaged"); }

auto ReadHeader(std::string_view image, std::string_view target) -> Expected<ImageHeader> {
  if (!RunsHere(target))
    return Fail("code-target", "the native code is for `" + std::string(target) + "`, which this machine does not run");
  ImageHeader header;
  if (image.size() < sizeof(header) || !image.starts_with(std::string_view(header.magic, sizeof(header.magic))))
    return Fail("code-invalid", "this is no native code");
  std::memcpy(&header, image.data(), sizeof(header));
  if (header.fingerprint != NativeFingerprint()) return Fail("code-version", "the native code was made for another version of the runtime");
  const uint64_t entries = uint64_t{header.shapes} + header.groups;
  if (header.bytes != image.size() || header.code > image.size() || header.code != ImageCodeOffset(entries, header.names))
    return FailInvalid();
  return header;
}

auto WordsAt(std::string_view image, uint64_t offset, uint64_t count) -> std::vector<uint64_t> {
  std::vector<uint64_t> words(count);
  if (count > 0) std::memcpy(words.data(), image.data() + offset, count * sizeof(uint64_t));
  return words;
}

// Fails on whatever would lead outside the image.
auto ReadEntries(std::string_view image, const ImageHeader& header) -> Expected<std::vector<uint64_t>> {
  auto entries = WordsAt(image, sizeof(header), uint64_t{header.shapes} + header.groups);
  const auto is_inside = [&](uint64_t entry) { return entry >= header.code && entry < header.bytes; };
  if (!std::ranges::all_of(entries, is_inside)) return FailInvalid();
  return entries;
}

auto AreNamesKnown(std::string_view image, const ImageHeader& header, size_t symbols) -> bool {
  const auto names = WordsAt(image, ImageNamesOffset(uint64_t{header.shapes} + header.groups), header.names);
  return std::ranges::all_of(names, [&](uint64_t name) { return name >> 32 <= symbols && (name & UINT32_MAX) <= symbols; });
}

}  // namespace

auto ShapeMapHash(const Shapes& shapes) -> uint64_t {
  uint64_t hash = shapes.shapes.size();
  for (const uint32_t shape : shapes.shape_of_body) {
    hash = (hash ^ shape) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 29;
  }
  return hash;
}

auto CheckImage(std::string_view image, std::string_view target) -> Expected<void> {
  const auto header = ReadHeader(image, target);
  if (!header) return std::unexpected(header.error());
  return {};
}

auto LoadImage(std::string_view image, std::string_view target, const Shapes& shapes, std::span<const SymbolId> symbols)
    -> Expected<std::unique_ptr<NativeModule>> {
  const auto header = ReadHeader(image, target);
  if (!header) return std::unexpected(header.error());
  if (header->shapes != shapes.shapes.size() || header->shape_map != ShapeMapHash(shapes))
    return Fail("code-invalid", "the native code is not that of these policies");
  auto entries = ReadEntries(image, *header);
  if (!entries) return std::unexpected(std::move(entries.error()));
  if (!AreNamesKnown(image, *header, symbols.size())) return FailInvalid();
  auto module = std::make_unique<ImageModule>(*header, std::move(*entries));
  if (!module->Fill(image, symbols)) return Fail("code-memory", "there is no executable memory for native code");
  return module;
}

}  // namespace remit
