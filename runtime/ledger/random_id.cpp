#include "runtime/ledger/random_id.h"

#include <openssl/rand.h>
#include <pthread.h>

#include <atomic>
#include <cstring>

#include "runtime/base/check.h"

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

}  // namespace remit::ledger
