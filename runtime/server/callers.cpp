#include "runtime/server/callers.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/driver/files.h"
#include "runtime/approval/digest.h"

namespace remit::server {
namespace {

using approval::Digest;
using CallerPtr = std::shared_ptr<const Caller>;

auto MakeCaller(CallerKind kind, const Identity& identity, const ControlPolicies& control, std::shared_ptr<RateLimiter> limiter = {})
    -> CallerPtr {
  auto caller = std::make_shared<Caller>();
  caller->kind = kind;
  caller->type = identity.type;
  caller->id = identity.id;
  caller->roles = identity.roles;
  caller->rights = control.RightsOf(*caller);
  caller->limiter = std::move(limiter);
  if (identity.rate > 0 && caller->limiter == nullptr) caller->limiter = std::make_shared<RateLimiter>(identity.rate);
  return caller;
}

auto TypesOf(const CallerRules& rules) -> std::vector<std::string> {
  std::vector<std::string> types = {rules.jwt_type};
  for (const TokenRule& rule : rules.tokens) types.push_back(rule.identity.type);
  for (const UnixRule& rule : rules.unix_users) types.push_back(rule.identity.type);
  for (const CertificateRule& rule : rules.certificates) types.push_back(rule.identity.type);
  return types;
}

// One limiter for each principal of tokens that are not known beforehand, however many connections it has and tokens it was given. Those that no connection holds
// are forgotten when there are too many; when all are held, one more has its own.
class PrincipalLimiters {
 public:
  auto Find(const std::string& principal, double rate) const -> std::shared_ptr<RateLimiter> {
    constexpr size_t kMost = 1 << 16;
    const std::lock_guard lock(mutex_);
    const auto it = limiters_.find(principal);
    if (it != limiters_.end()) return it->second;
    auto limiter = std::make_shared<RateLimiter>(rate);
    if (limiters_.size() >= kMost) std::erase_if(limiters_, [](const auto& each) { return each.second.use_count() == 1; });
    if (limiters_.size() < kMost) limiters_.emplace(principal, limiter);
    return limiter;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<RateLimiter>> limiters_;
};

// The token of `Bearer TOKEN`. None: another scheme.
auto BearerOf(std::string_view authorization) -> std::optional<std::string_view> {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() || !EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  return authorization.substr(kScheme.size());
}

}  // namespace

struct Callers::Table {
  struct Token {
    Digest digest;
    CallerPtr caller;
  };
  std::unique_ptr<ControlPolicies> control;
  CallerRules rules;
  std::vector<Token> tokens;
  std::map<uint32_t, CallerPtr> unix_users;
  std::map<std::string, CallerPtr, std::less<>> certificates;
  std::optional<JwtKeys> jwt;
  PrincipalLimiters jwt_limiters;
  CallerPtr loopback;  // null: not trusted
  CallerPtr unix_peer;
  CallerPtr anonymous;

  static auto Load(const CallerRules& rules) -> Expected<std::shared_ptr<const Table>>;
  auto FindToken(std::string_view token, int64_t now_ms) const -> Credential;
  auto FindPeer(const Peer& peer) const -> CallerPtr;
};

auto Callers::Table::Load(const CallerRules& rules) -> Expected<std::shared_ptr<const Table>> {
  auto table = std::make_shared<Table>();
  auto control = ControlPolicies::Load(rules.control_policies, TypesOf(rules));
  if (!control) return std::unexpected(std::move(control.error()));
  table->control = std::move(*control);
  table->rules = rules;
  for (const TokenRule& rule : rules.tokens) {
    const auto digest = approval::DigestFromHex(rule.sha256);
    if (!digest) {
      return std::unexpected(Error{.code = "token-digest",
                                   .message = "the digest of the token of `" + rule.identity.id + "` is not 64 hexadecimal digits",
                                   .pointer = {},
                                   .help = "`remit serve --hash-token` reads a token and prints its digest"});
    }
    table->tokens.push_back({.digest = *digest, .caller = MakeCaller(CallerKind::StaticToken, rule.identity, *table->control)});
  }
  for (const UnixRule& rule : rules.unix_users) {
    table->unix_users[rule.uid] = MakeCaller(CallerKind::UnixPeer, rule.identity, *table->control);
  }
  for (const CertificateRule& rule : rules.certificates) {
    table->certificates[rule.subject] = MakeCaller(CallerKind::Certificate, rule.identity, *table->control);
  }
  if (!rules.jwks_file.empty()) {
    constexpr size_t kMaxKeys = 1 << 20;
    const auto text = ReadTextFile(rules.jwks_file, kMaxKeys);
    if (!text) return std::unexpected(text.error());
    auto keys = JwtKeys::Parse(*text);
    if (!keys) return std::unexpected(std::move(keys.error()));
    table->jwt = std::move(*keys);
  }
  if (rules.trusts_local) {
    const Identity local = {.type = "Remit::Local", .id = "loopback", .roles = {}, .rate = rules.local_rate};
    table->loopback = MakeCaller(CallerKind::Loopback, local, *table->control);
    const Identity peer = {.type = "Remit::Local", .id = "unix", .roles = {}, .rate = rules.local_rate};
    table->unix_peer = MakeCaller(CallerKind::UnixPeer, peer, *table->control);
  }
  const Identity nobody = {.type = "Remit::Anonymous", .id = "anonymous", .roles = {}, .rate = rules.anonymous_rate};
  table->anonymous = MakeCaller(CallerKind::Anonymous, nobody, *table->control);
  return table;
}

// Every digest is compared, so that the time tells nothing of which one was nearly right.
auto Callers::Table::FindToken(std::string_view token, int64_t now_ms) const -> Credential {
  const Digest digest = approval::Sha256(token);
  const Token* found = nullptr;
  for (const Token& each : tokens) {
    if (approval::SameInConstantTime(each.digest, digest)) found = &each;
  }
  if (found != nullptr) return {.caller = found->caller};
  if (jwt) {
    const auto claims = VerifyJwt(token, *jwt, rules.jwt, now_ms);
    if (claims) {
      const Identity identity = {.type = rules.jwt_type, .id = claims->principal, .roles = claims->roles};
      auto limiter = rules.jwt_rate > 0 ? jwt_limiters.Find(claims->principal, rules.jwt_rate) : nullptr;
      return {.caller = MakeCaller(CallerKind::Jwt, identity, *control, std::move(limiter)), .valid_until_ms = claims->expires_ms};
    }
  }
  return {.caller = anonymous, .is_wrong = true};
}

auto Callers::Table::FindPeer(const Peer& peer) const -> CallerPtr {
  if (!peer.certificate_subject.empty()) {
    auto it = certificates.find(peer.certificate_subject);
    if (it == certificates.end() && !peer.certificate_name.empty()) it = certificates.find(peer.certificate_name);
    if (it != certificates.end()) return it->second;
  }
  if (peer.is_unix) {
    const auto it = unix_users.find(peer.uid);
    if (it != unix_users.end()) return it->second;
    if (unix_peer != nullptr) return unix_peer;
  }
  if (peer.is_loopback && loopback != nullptr) return loopback;
  return anonymous;
}

auto Callers::Load(const CallerRules& rules) -> Expected<std::unique_ptr<Callers>> {
  auto callers = std::make_unique<Callers>();
  if (auto loaded = callers->Reload(rules); !loaded) return std::unexpected(std::move(loaded.error()));
  return callers;
}

auto Callers::Reload(const CallerRules& rules) -> Expected<void> {
  auto table = Table::Load(rules);
  if (!table) return std::unexpected(std::move(table.error()));
  const std::lock_guard lock(mutex_);
  table_ = std::move(*table);
  epoch_.fetch_add(1, std::memory_order_release);
  return {};
}

auto Callers::table() const -> std::shared_ptr<const Table> {
  const std::lock_guard lock(mutex_);
  return table_;
}

auto Callers::Find(const Request& request, const Peer& peer, int64_t now_ms) -> Credential {
  const auto rules = table();
  const std::string_view authorization = request.header("authorization");
  if (authorization.empty()) return {.caller = rules->FindPeer(peer)};
  if (const auto token = BearerOf(authorization)) return rules->FindToken(*token, now_ms);
  return {.caller = rules->anonymous, .is_wrong = true};
}

}  // namespace remit::server
