#include "runtime/ledger/random_id.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <atomic>
#include <cstring>

#include "runtime/base/check.h"
#include "runtime/ledger/hex.h"

namespace remit::ledger {
namespace {

constexpr size_t kPage = 4096;

std::atomic<uint32_t> forks = 0;

auto WatchForks() -> bool {
  pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  return true;
}

struct Page {
  std::array<unsigned char, kPage> bytes;
  size_t next = kPage;
  uint32_t fork = 0;
};

[[gnu::noinline]] void Fill(Page& page) {
  static const bool watching = WatchForks();
  CHECK(watching);
  page.fork = forks.load(std::memory_order_relaxed);
  CHECK(RAND_priv_bytes(page.bytes.data(), static_cast<int>(kPage)) == 1, "there are no random numbers");
  page.next = 0;
}

// Big-endian, so that an id reads as the two numbers it is.
auto BytesOf(const RawId& id) -> IdBytes {
  const uint64_t high = __builtin_bswap64(id.high);
  const uint64_t low = __builtin_bswap64(id.low);
  IdBytes bytes;
  std::memcpy(bytes.data(), &high, sizeof(high));
  std::memcpy(bytes.data() + sizeof(high), &low, sizeof(low));
  return bytes;
}

}  // namespace

auto IdFactory::Random() -> RawId {
  thread_local Page page;
  if (page.next + sizeof(RawId) > kPage || page.fork != forks.load(std::memory_order_relaxed)) Fill(page);
  RawId id;
  std::memcpy(&id, page.bytes.data() + page.next, sizeof(id));
  std::memset(page.bytes.data() + page.next, 0, sizeof(id));  // what was given out is not kept
  page.next += sizeof(id);
  return id;
}

auto IdFactory::Text(uint8_t shard, const RawId& id) -> ReservationId {
  ReservationId text;
  PrintByte(text.text_.data(), shard);
  PrintBytes(text.text_.data() + 2, BytesOf(id));
  return text;
}

auto IdFactory::Parse(std::string_view text) -> std::optional<Parsed> {
  if (text.size() != ReservationId::kLength) return std::nullopt;
  const int shard = ReadByte(text.data());
  IdBytes bytes;
  if (!ReadBytes(text.data() + 2, bytes) || shard < 0) return std::nullopt;
  Parsed parsed = {.shard = static_cast<uint8_t>(shard), .id = {}};
  std::memcpy(&parsed.id.high, bytes.data(), sizeof(parsed.id.high));
  std::memcpy(&parsed.id.low, bytes.data() + sizeof(parsed.id.high), sizeof(parsed.id.low));
  parsed.id.high = __builtin_bswap64(parsed.id.high);
  parsed.id.low = __builtin_bswap64(parsed.id.low);
  return parsed;
}

}  // namespace remit::ledger
