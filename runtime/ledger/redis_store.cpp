#include "runtime/ledger/redis_store.h"

#include <sys/random.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "runtime/ledger/redis_connection.h"

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

auto TextOf(const redisReply& reply) -> std::string_view {
  return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, static_cast<size_t>(reply.len));
}

auto IsText(const redisReply& reply) -> bool { return reply.type == REDIS_REPLY_STRING || reply.type == REDIS_REPLY_STATUS; }

using Address = RedisConnection::Address;
using Connection = std::unique_ptr<RedisConnection>;

// What an error of the server says about where to ask.
struct Elsewhere {
  enum Kind : uint8_t {
    No,       // it is an answer like any other
    Moved,    // another node has the slot for good
    Ask,      // another node has it just now
    NotHere,  // this server was the master, or is not ready: it did nothing, and is not to be asked again on this connection
  } kind = No;
  Address address = {};
};

// "MOVED 3999 127.0.0.1:6381"; without a host it is the one that was asked.
auto AddressIn(std::string_view text, const Address& asked) -> std::optional<Address> {
  const size_t space = text.rfind(' ');
  const size_t colon = text.rfind(':');
  if (space == std::string_view::npos || colon == std::string_view::npos || colon < space) return std::nullopt;
  Address address = {.host = std::string(text.substr(space + 1, colon - space - 1))};
  if (address.host.empty()) address.host = asked.host;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), address.port);
  if (error != std::errc() || address.port <= 0 || address.port > 65535) return std::nullopt;
  return address;
}

auto ElsewhereOf(const redisReply& reply, const Address& asked) -> Elsewhere {
  if (reply.type != REDIS_REPLY_ERROR) return {};
  const std::string_view why = TextOf(reply);
  const bool moved = why.starts_with("MOVED ");
  if (moved || why.starts_with("ASK ")) {
    if (const auto address = AddressIn(why, asked)) return {.kind = moved ? Elsewhere::Moved : Elsewhere::Ask, .address = *address};
  }
  for (const std::string_view code : {"READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK"}) {
    if (why.starts_with(code)) return {.kind = Elsewhere::NotHere};
  }
  return {};
}

class RedisStore : public Store {
 public:
  RedisStore(RedisOptions options, std::shared_ptr<SSL_CTX> tls)
      : options_(std::move(options)), tls_(std::move(tls)), prefix_("{" + options_.name + "}:") {}

  // Connects and finds the node that has the keys.
  auto Check() -> Expected<void> {
    auto context = Open();
    if (!context) return std::unexpected(std::move(context.error()));
    const std::vector<std::string> load = {"SCRIPT", "LOAD", kCommit};
    const auto answer = Answered(**context, load);
    if (!answer) return std::unexpected(answer.error());
    sha_ = TextOf(**answer);
    const std::vector<std::string> look = {"EXISTS", prefix_ + "sequence"};
    if (const auto looked = Question(look); !looked) return std::unexpected(looked.error());
    return {};
  }

  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override;
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override;
  auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> override;

 private:
  static constexpr size_t kSpare = 8;

  auto KeyOf(std::string_view row) const -> std::string { return prefix_ + "row:" + std::string(row); }
  auto Connect(const Address& address) -> Expected<Connection>;
  auto AskSentinels() -> Expected<Address>;
  auto Open() -> Expected<Connection>;
  auto Borrow() -> Expected<Connection>;
  void Return(Connection connection);
  void ForgetConnections(const std::optional<Address>& moved_to);
  // The answer of that server; errors of its are errors.
  static auto Answered(RedisConnection& connection, std::span<const std::string> words) -> Expected<Reply>;
  struct Answer {
    Connection connection;
    Reply reply;
  };
  // Follows the slot to the node that has it. Only what no server has begun is asked twice.
  auto Follow(Connection connection, std::span<const std::string> words) -> Expected<Answer>;
  // One question that may be asked twice: again on a new connection if the old one was dead.
  auto Question(std::span<const std::string> words) -> Expected<Reply>;
  auto Waited(RedisConnection& connection) -> Expected<void>;

  RedisOptions options_;
  std::shared_ptr<SSL_CTX> tls_;
  std::string prefix_;
  std::string sha_;   // of the script; does not change
  std::mutex mutex_;  // of what follows
  std::vector<Connection> spare_;  // that nobody uses
  std::optional<Address> home_;  // the node that has the slot, if it is not the one in the options
};

// ---- connections --------------------------------------------------------------------------------------------------------------

auto RedisStore::Answered(RedisConnection& connection, std::span<const std::string> words) -> Expected<Reply> {
  auto reply = connection.Ask(words);
  if (!reply || (*reply)->type != REDIS_REPLY_ERROR) return reply;
  const std::string_view why = TextOf(**reply);
  if (ElsewhereOf(**reply, connection.address()).kind != Elsewhere::No) return RedisAway(why);
  return RedisFailed(why);
}

auto RedisStore::Connect(const Address& address) -> Expected<Connection> {
  auto connection = RedisConnection::Open(address, tls_, options_.tls.server_name, options_.timeout_ms);
  if (!connection || options_.password.empty()) return connection;
  std::vector<std::string> words = {"AUTH", options_.password};
  if (!options_.user.empty()) words = {"AUTH", options_.user, options_.password};
  if (auto answer = Answered(**connection, words); !answer) return std::unexpected(std::move(answer.error()));
  return connection;
}

// The master that the first sentinel knows that answers.
auto RedisStore::AskSentinels() -> Expected<Address> {
  for (const auto& [host, port] : options_.sentinels) {
    auto connection = RedisConnection::Open({.host = host, .port = port}, tls_, options_.tls.server_name, options_.timeout_ms);
    if (!connection) continue;
    const std::vector<std::string> words = {"SENTINEL", "get-master-addr-by-name", options_.master_name};
    const auto reply = (*connection)->Ask(words);
    if (!reply || (*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements != 2) continue;
    Address master = {.host = std::string(TextOf(*(*reply)->element[0]))};
    const std::string_view its_port = TextOf(*(*reply)->element[1]);
    std::from_chars(its_port.data(), its_port.data() + its_port.size(), master.port);
    return master;
  }
  return RedisAway("no sentinel knows the master `" + options_.master_name + "`");
}

auto RedisStore::Open() -> Expected<Connection> {
  if (!options_.sentinels.empty()) {
    auto master = AskSentinels();
    if (!master) return std::unexpected(std::move(master.error()));
    auto connection = Connect(*master);
    if (!connection) return connection;
    // Sentinels may not know yet, and a server that is no master any more answers with what was.
    const std::vector<std::string> words = {"ROLE"};
    const auto role = Answered(**connection, words);
    if (!role) return std::unexpected(role.error());
    const bool is_master = (*role)->type == REDIS_REPLY_ARRAY && (*role)->elements > 0 && TextOf(*(*role)->element[0]) == "master";
    if (!is_master) return RedisAway("the server is not the master");
    return connection;
  }
  std::vector<Address> addresses;
  {
    const std::lock_guard lock(mutex_);
    if (home_) addresses.push_back(*home_);
  }
  addresses.push_back({.host = options_.host, .port = options_.port});
  for (const auto& [host, port] : options_.others) addresses.push_back({.host = host, .port = port});
  Expected<Connection> connection = RedisAway("there is no address");
  for (const Address& address : addresses) {
    connection = Connect(address);
    if (connection || connection.error().code != "store-away") return connection;
  }
  return connection;
}

auto RedisStore::Borrow() -> Expected<Connection> {
  for (;;) {
    Connection connection;
    {
      const std::lock_guard lock(mutex_);
      if (spare_.empty()) break;
      connection = std::move(spare_.back());
      spare_.pop_back();
    }
    if (connection->IsAlive()) return connection;
  }
  return Open();
}

void RedisStore::Return(Connection connection) {
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kSpare) spare_.push_back(std::move(connection));
}

void RedisStore::ForgetConnections(const std::optional<Address>& moved_to) {
  const std::lock_guard lock(mutex_);
  spare_.clear();
  home_ = moved_to;
}

auto RedisStore::Follow(Connection connection, std::span<const std::string> words) -> Expected<Answer> {
  constexpr int kHops = 5;
  for (int hop = 0; hop < kHops; ++hop) {
    auto reply = connection->Ask(words);
    if (!reply) return std::unexpected(std::move(reply.error()));
    const Elsewhere elsewhere = ElsewhereOf(**reply, connection->address());
    Expected<Connection> next = nullptr;
    switch (elsewhere.kind) {
      case Elsewhere::No: return Answer{.connection = std::move(connection), .reply = std::move(*reply)};
      case Elsewhere::Moved:
        ForgetConnections(elsewhere.address);
        next = Connect(elsewhere.address);
        break;
      case Elsewhere::Ask: {
        next = Connect(elsewhere.address);
        const std::vector<std::string> asking = {"ASKING"};
        if (next) {
          if (auto told = Answered(**next, asking); !told) return std::unexpected(std::move(told.error()));
        }
        break;
      }
      case Elsewhere::NotHere:
        if (hop > 0) return RedisAway(TextOf(**reply));
        ForgetConnections(std::nullopt);
        next = Open();
        break;
    }
    if (!next) return std::unexpected(std::move(next.error()));
    connection = std::move(*next);
  }
  return RedisAway("the slot of the keys moves all the time");
}

auto RedisStore::Question(std::span<const std::string> words) -> Expected<Reply> {
  for (bool again = false;; again = true) {
    auto connection = again ? Open() : Borrow();
    if (!connection) return std::unexpected(std::move(connection.error()));
    auto answer = Follow(std::move(*connection), words);
    if (answer) {
      Reply reply = std::move(answer->reply);
      Return(std::move(answer->connection));
      if (reply->type == REDIS_REPLY_ERROR) return RedisFailed(TextOf(*reply));
      return reply;
    }
    if (again || answer.error().code != "store-away") return std::unexpected(std::move(answer.error()));
    ForgetConnections(std::nullopt);  // they are as dead as this one
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
  const auto answer = Question(words);
  if (!answer) return std::unexpected(answer.error());
  const redisReply& reply = **answer;
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != keys.size()) return RedisFailed("an answer that was not asked for");
  for (size_t i = 0; i < keys.size(); ++i) {
    StoredRow& row = rows.emplace_back(StoredRow{.key = keys[i], .value = {}});
    if (!ReadRow(*reply.element[i], row)) return RedisFailed("a row that no ledger wrote");
  }
  return rows;
}

auto RedisStore::Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> {
  const std::string from = after > prefix ? "(" + std::string(after) : "[" + std::string(prefix);
  const std::vector<std::string> words = {"ZRANGEBYLEX", prefix_ + "keys", from, "+", "LIMIT", "0", std::to_string(limit)};
  const auto answer = Question(words);
  if (!answer) return std::unexpected(answer.error());
  const redisReply& reply = **answer;
  if (reply.type != REDIS_REPLY_ARRAY) return RedisFailed("an answer that was not asked for");
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
  auto connection = Borrow();
  if (!connection) return std::unexpected(std::move(connection.error()));
  words[1] = sha_;
  auto answer = Follow(std::move(*connection), words);
  if (answer && answer->reply->type == REDIS_REPLY_ERROR && TextOf(*answer->reply).starts_with("NOSCRIPT")) {
    words[0] = "EVAL";  // another server, or this one started anew
    words[1] = kCommit;
    answer = Follow(std::move(answer->connection), words);
  }
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (answer->reply->type == REDIS_REPLY_ERROR) return RedisFailed(TextOf(*answer->reply));
  if (!IsText(*answer->reply)) return RedisFailed("an answer that was not asked for");
  const std::string_view text = TextOf(*answer->reply);
  uint64_t version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  if (version != 0 && options_.wait_replicas > 0) {
    if (auto waited = Waited(*answer->connection); !waited) return std::unexpected(std::move(waited.error()));
  }
  Return(std::move(answer->connection));
  return version;
}

auto RedisStore::Waited(RedisConnection& connection) -> Expected<void> {
  const std::vector<std::string> words = {"WAIT", std::to_string(options_.wait_replicas), std::to_string(options_.timeout_ms)};
  const auto answer = Answered(connection, words);
  if (!answer) return std::unexpected(answer.error());
  if ((*answer)->type == REDIS_REPLY_INTEGER && (*answer)->integer >= options_.wait_replicas) return {};
  return RedisAway("too few replicas have the commit");
}

}  // namespace

auto OpenRedisStore(const RedisOptions& options) -> Expected<std::shared_ptr<Store>> {
  std::shared_ptr<SSL_CTX> tls;
  if (options.tls.on) {
    auto made = MakeTls(options.tls);
    if (!made) return std::unexpected(std::move(made.error()));
    tls = std::move(*made);
  }
  auto store = std::make_shared<RedisStore>(options, std::move(tls));
  if (auto checked = store->Check(); !checked) return std::unexpected(std::move(checked.error()));
  return store;
}

}  // namespace remit::ledger
