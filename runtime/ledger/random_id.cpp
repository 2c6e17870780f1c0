#include "runtime/ledger/random_id.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <atomic>
#include <cstring>

#include "runtime/base/check.h"

namespace remit::ledger {
namespace {

constexpr size_t kRandom = 12;  // bytes of an id
constexpr size_t kPage = 341 * kRandom;

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

}  // namespace

auto IdFactory::Random() -> RawId {
  thread_local Page page;
  if (page.next == kPage || page.fork != forks.load(std::memory_order_relaxed)) Fill(page);
  unsigned char* at = page.bytes.data() + page.next;
  uint64_t high = 0;
  uint32_t low = 0;
  std::memcpy(&high, at, sizeof(high));
  std::memcpy(&low, at + sizeof(high), sizeof(low));
  std::memset(at, 0, kRandom);  // what was given out is not kept
  page.next += kRandom;
  return {.high = high, .low = uint64_t{low} << 32};
}

}  // namespace remit::ledger
