#include "runtime/ledger/redis_store.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/random.h>

#include <algorithm>
#include <charconv>

namespace remit::ledger {
namespace {

// KEYS: the sequence, the index of keys, then the rows that are checked, then those that are written.
// ARGV: how many are checked, a random number, the versions, then for each written row its key in the index and "+value" or "-".
constexpr const char* kCommit = R"(
local checks = tonumber(ARGV[1])
for i = 1, checks do
  local row = redis.call('GETRANGE', KEYS[2 + i], 0, 20)
  local version = string.match(row, '^%d+') or '0'
  if version ~= ARGV[2 + i] then return '0' end
end
local version = string.format('%.0f', redis.call('INCR', KEYS[1]) * 1048576 + tonumber(ARGV[2]))
local writes = #KEYS - 2 - checks
for i = 1, writes do
  local key, member, value = KEYS[2 + checks + i], ARGV[1 + checks + 2 * i], ARGV[2 + checks + 2 * i]
  if string.sub(value, 1, 1) == '+' then
    redis.call('SET', key, version .. ' ' .. string.sub(value, 2))
    redis.call('ZADD', KEYS[2], 0, member)
  else
    redis.call('DEL', key)
    redis.call('ZREM', KEYS[2], member)
  end
end
return version
)";

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;

auto Away(std::string_view why) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "store-away", .message = "Redis cannot be reached: " + std::string(why), .pointer = {}, .help = {}});
}

auto Failed(std::string_view why) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "store-failed", .message = "Redis refuses: " + std::string(why), .pointer = {}, .help = {}});
}

auto TextOf(const redisReply& reply) -> std::string_view {
  return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, static_cast<size_t>(reply.len));
}

auto IsText(const redisReply& reply) -> bool { return reply.type == REDIS_REPLY_STRING || reply.type == REDIS_REPLY_STATUS; }

// Nothing (a lost connection) or the answer.
auto Send(redisContext& context, std::span<const std::string> words) -> Reply {
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  return Reply(static_cast<redisReply*>(redisCommandArgv(&context, static_cast<int>(words.size()), texts.data(), sizes.data())));
}

auto Connect(const std::string& host, int port, int timeout_ms) -> Expected<Context> {
  const timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
  Context context(redisConnectWithTimeout(host.c_str(), port, timeout));
  if (context == nullptr) return Away("out of memory");
  if (context->err != 0) return Away(context->errstr);
  redisSetTimeout(context.get(), timeout);
  return context;
}

// Nobody has hung up, and there is nothing to read that nobody asked for.
auto IsAlive(const redisContext& context) -> bool {
  pollfd socket = {.fd = context.fd, .events = POLLIN, .revents = 0};
  return poll(&socket, 1, 0) == 0;
}

// The master that the first sentinel knows that answers.
auto AskSentinels(const RedisOptions& options) -> Expected<std::pair<std::string, int>> {
  for (const auto& [host, port] : options.sentinels) {
    auto context = Connect(host, port, options.timeout_ms);
    if (!context) continue;
    const std::vector<std::string> words = {"SENTINEL", "get-master-addr-by-name", options.master_name};
    const Reply reply = Send(**context, words);
    if (reply == nullptr || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) continue;
    return std::pair{std::string(TextOf(*reply->element[0])), std::atoi(std::string(TextOf(*reply->element[1])).c_str())};
  }
  return Away("no sentinel knows the master `" + options.master_name + "`");
}

class RedisStore : public Store {
 public:
  explicit RedisStore(RedisOptions options) : options_(std::move(options)), prefix_("{" + options_.name + "}:") {}

  auto Check() -> Expected<void> {
    const std::vector<std::string> words = {"SCRIPT", "LOAD", kCommit};
    const auto answer = Ask(words);
    if (!answer) return std::unexpected(answer.error());
    sha_ = TextOf(**answer);
    return {};
  }

  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override;
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override;
  auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> override;

 private:
  static constexpr size_t kSpare = 8;

  auto KeyOf(std::string_view row) const -> std::string { return prefix_ + "row:" + std::string(row); }
  auto Open() -> Expected<Context>;
  auto Borrow() -> Expected<Context>;
  void Return(Context context);
  // One question on any connection; asked again on a new one if the old one was dead: only for what may be asked twice.
  auto Ask(std::span<const std::string> words) -> Expected<Reply>;
  auto Once(Context& context, std::span<const std::string> words) -> Expected<Reply>;
  auto Waited(Context& context) -> Expected<void>;

  RedisOptions options_;
  std::string prefix_;
  std::string sha_;   // of the script; does not change
  std::mutex mutex_;  // of the connections that nobody uses
  std::vector<Context> spare_;
};

// ---- connections --------------------------------------------------------------------------------------------------------------

auto RedisStore::Open() -> Expected<Context> {
  std::pair<std::string, int> address = {options_.host, options_.port};
  if (!options_.sentinels.empty()) {
    auto master = AskSentinels(options_);
    if (!master) return std::unexpected(std::move(master.error()));
    address = *master;
  }
  auto context = Connect(address.first, address.second, options_.timeout_ms);
  if (!context || options_.password.empty()) return context;
  std::vector<std::string> words = {"AUTH", options_.password};
  if (!options_.user.empty()) words = {"AUTH", options_.user, options_.password};
  if (auto answer = Once(*context, words); !answer) return std::unexpected(std::move(answer.error()));
  return context;
}

auto RedisStore::Borrow() -> Expected<Context> {
  {
    const std::lock_guard lock(mutex_);
    while (!spare_.empty()) {
      Context context = std::move(spare_.back());
      spare_.pop_back();
      if (IsAlive(*context)) return context;
    }
  }
  return Open();
}

void RedisStore::Return(Context context) {
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kSpare) spare_.push_back(std::move(context));
}

auto RedisStore::Once(Context& context, std::span<const std::string> words) -> Expected<Reply> {
  Reply reply = Send(*context, words);
  if (reply == nullptr) return Away(context->errstr);
  if (reply->type != REDIS_REPLY_ERROR) return reply;
  const std::string_view why = TextOf(*reply);
  // A server that was the master, or is not ready, is not asked again on this connection.
  const bool elsewhere =
      why.starts_with("READONLY") || why.starts_with("LOADING") || why.starts_with("MASTERDOWN") || why.starts_with("NOREPLICAS");
  if (elsewhere) return Away(why);
  return Failed(why);
}

auto RedisStore::Ask(std::span<const std::string> words) -> Expected<Reply> {
  for (bool again = false;; again = true) {
    auto context = again ? Open() : Borrow();
    if (!context) return std::unexpected(std::move(context.error()));
    auto answer = Once(*context, words);
    if (answer || answer.error().code != "store-away") {
      Return(std::move(*context));
      return answer;
    }
    if (again) return answer;
    const std::lock_guard lock(mutex_);
    spare_.clear();  // they are as dead as this one
  }
}

// ---- rows ---------------------------------------------------------------------------------------------------------------------

// "version value"; false if it is neither that nor missing.
auto ReadRow(const redisReply& reply, StoredRow& row) -> bool {
  if (reply.type == REDIS_REPLY_NIL) return true;
  if (!IsText(reply)) return false;
  const std::string_view text = TextOf(reply);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row.version);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return false;
  row.value = text.substr(static_cast<size_t>(end - text.data()) + 1);
  return true;
}

auto RedisStore::Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> {
  std::vector<StoredRow> rows;
  if (keys.empty()) return rows;
  std::vector<std::string> words = {"MGET"};
  for (const std::string& key : keys) words.push_back(KeyOf(key));
  const auto answer = Ask(words);
  if (!answer) return std::unexpected(answer.error());
  const redisReply& reply = **answer;
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != keys.size()) return Failed("an answer that was not asked for");
  for (size_t i = 0; i < keys.size(); ++i) {
    StoredRow& row = rows.emplace_back(StoredRow{.key = keys[i], .value = {}});
    if (!ReadRow(*reply.element[i], row)) return Failed("a row that no ledger wrote");
  }
  return rows;
}

auto RedisStore::Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> {
  const std::string from = after > prefix ? "(" + std::string(after) : "[" + std::string(prefix);
  const std::vector<std::string> words = {"ZRANGEBYLEX", prefix_ + "keys", from, "+", "LIMIT", "0", std::to_string(limit)};
  const auto answer = Ask(words);
  if (!answer) return std::unexpected(answer.error());
  const redisReply& reply = **answer;
  if (reply.type != REDIS_REPLY_ARRAY) return Failed("an answer that was not asked for");
  std::vector<std::string> keys;
  for (size_t i = 0; i < reply.elements && TextOf(*reply.element[i]).starts_with(prefix); ++i) keys.emplace_back(TextOf(*reply.element[i]));
  auto rows = Get(keys);
  // Those that were deleted since.
  if (rows) std::erase_if(*rows, [](const StoredRow& row) { return row.version == 0; });
  return rows;
}

auto RandomPart() -> uint64_t {
  uint32_t random = 0;
  if (getrandom(&random, sizeof(random), 0) != sizeof(random)) random = 1;
  return random % 1'048'576;
}

auto RedisStore::Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> {
  std::vector<std::string> words = {"EVALSHA", "", std::to_string(2 + checks.size() + writes.size()), prefix_ + "sequence",
                                    prefix_ + "keys"};
  for (const RowCheck& check : checks) words.push_back(KeyOf(check.key));
  for (const RowWrite& write : writes) words.push_back(KeyOf(write.key));
  words.push_back(std::to_string(checks.size()));
  words.push_back(std::to_string(RandomPart()));
  for (const RowCheck& check : checks) words.push_back(std::to_string(check.version));
  for (const RowWrite& write : writes) {
    words.push_back(write.key);
    words.push_back(write.value ? "+" + *write.value : "-");
  }
  auto context = Borrow();
  if (!context) return std::unexpected(std::move(context.error()));
  words[1] = sha_;
  auto answer = Once(*context, words);
  if (!answer && answer.error().message.find("NOSCRIPT") != std::string::npos) {  // another server, or this one started anew
    words[0] = "EVAL";
    words[1] = kCommit;
    answer = Once(*context, words);
  }
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (!IsText(**answer)) return Failed("an answer that was not asked for");
  const std::string_view text = TextOf(**answer);
  uint64_t version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  if (version != 0 && options_.wait_replicas > 0) {
    if (auto waited = Waited(*context); !waited) return std::unexpected(std::move(waited.error()));
  }
  Return(std::move(*context));
  return version;
}

auto RedisStore::Waited(Context& context) -> Expected<void> {
  const std::vector<std::string> words = {"WAIT", std::to_string(options_.wait_replicas), std::to_string(options_.timeout_ms)};
  const auto answer = Once(context, words);
  if (!answer) return std::unexpected(answer.error());
  if ((*answer)->type == REDIS_REPLY_INTEGER && (*answer)->integer >= options_.wait_replicas) return {};
  return Away("too few replicas have the commit");
}

}  // namespace

auto OpenRedisStore(const RedisOptions& options) -> Expected<std::shared_ptr<Store>> {
  auto store = std::make_shared<RedisStore>(options);
  if (auto checked = store->Check(); !checked) return std::unexpected(std::move(checked.error()));
  return store;
}

}  // namespace remit::ledger
