#define OPENSSL_SUPPRESS_DEPRECATED  // see the header
#include "runtime/audit/tree_hash.h"

#include <openssl/sha.h>

namespace remit::audit {
namespace {

static_assert(SHA256_DIGEST_LENGTH == sizeof(Hash));

constexpr uint8_t kLeaf = 0;
constexpr uint8_t kNode = 1;

}  // namespace

auto LeafHash(std::string_view record) -> Hash {
  SHA256_CTX context;
  Hash hash;
  SHA256_Init(&context);
  SHA256_Update(&context, &kLeaf, 1);
  SHA256_Update(&context, record.data(), record.size());
  SHA256_Final(hash.data(), &context);
  return hash;
}

auto NodeHash(const Hash& left, const Hash& right) -> Hash {
  SHA256_CTX context;
  Hash hash;
  SHA256_Init(&context);
  SHA256_Update(&context, &kNode, 1);
  SHA256_Update(&context, left.data(), left.size());
  SHA256_Update(&context, right.data(), right.size());
  SHA256_Final(hash.data(), &context);
  return hash;
}

auto EmptyRoot() -> Hash {
  SHA256_CTX context;
  Hash hash;
  SHA256_Init(&context);
  SHA256_Final(hash.data(), &context);
  return hash;
}

}  // namespace remit::audit
