#include "runtime/ledger/store_address.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "runtime/base/percent.h"
#include "runtime/ledger/redis_store.h"
#include "runtime/ledger/sqlite_store.h"

namespace remit::ledger {
namespace {

constexpr std::string_view kRedis = "redis://";
constexpr std::string_view kRedisTls = "rediss://";
constexpr std::string_view kSqlite = "sqlite:";

auto Refuse(std::string_view address, std::string_view why) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "store-address",
                               .message = "`" + MaskAddress(address) + "` " + std::string(why),
                               .pointer = {},
                               .help = "memory:, sqlite:PATH, PATH.db or redis[s]://[USER:PASSWORD@]HOST[:PORT][/NAME][?OPTIONS]"});
}

// `[USER:PASSWORD@]`, cut off `rest`. A password alone (`:PASSWORD@`) is that of the default user.
auto CutUser(std::string_view& rest, RedisOptions& options) -> bool {
  const size_t at = rest.find('@');
  if (at == std::string_view::npos) return true;
  const std::string_view user = rest.substr(0, at);
  const size_t colon = user.find(':');
  const auto name = DecodePercentBytes(user.substr(0, colon));
  const auto password = DecodePercentBytes(colon == std::string_view::npos ? std::string_view{} : user.substr(colon + 1));
  if (!name || !password) return false;
  options.user = *name;
  options.password = *password;
  rest.remove_prefix(at + 1);
  return true;
}

// `HOST[:PORT]`, where a host of IPv6 stands in brackets.
auto ReadHost(std::string_view text, RedisOptions& options) -> bool {
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    port = text.substr(end + 1);
    text = text.substr(1, end - 1);
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    port = text.substr(colon);
    text = text.substr(0, colon);
  }
  if (text.empty()) return false;
  options.host = text;
  if (port.empty()) return true;
  if (!port.starts_with(':')) return false;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  return error == std::errc{} && end == port.data() + port.size() && options.port > 0 && options.port <= 65535;
}

auto ReadNumber(const std::string& text, int& number) -> bool {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= 0;
}

auto ReadOption(std::string_view name, const std::string& value, RedisOptions& options) -> bool {
  const auto add = [&](auto& list) {
    RedisOptions at;
    if (!ReadHost(value, at)) return false;
    list.emplace_back(at.host, at.port);
    return true;
  };
  if (name == "sentinel") return add(options.sentinels);
  if (name == "node") return add(options.others);
  if (name == "replicas") return ReadNumber(value, options.wait_replicas);
  if (name == "timeout") return ReadNumber(value, options.timeout_ms) && options.timeout_ms > 0;
  std::string* text = name == "master"                   ? &options.master_name
                      : !options.tls.on || value.empty() ? nullptr
                      : name == "ca"                     ? &options.tls.ca_file
                      : name == "cert"                   ? &options.tls.cert_file
                      : name == "key"                    ? &options.tls.key_file
                      : name == "server"                 ? &options.tls.server_name
                                                         : nullptr;
  if (text == nullptr) return false;
  *text = value;
  return true;
}

// `?NAME=VALUE&NAME=VALUE`, cut off the end of `rest`.
auto CutOptions(std::string_view& rest, RedisOptions& options) -> bool {
  const size_t mark = rest.find('?');
  if (mark == std::string_view::npos) return true;
  std::string_view all = rest.substr(mark + 1);
  rest = rest.substr(0, mark);
  while (!all.empty()) {
    const std::string_view each = all.substr(0, all.find('&'));
    all.remove_prefix(std::min(all.size(), each.size() + 1));
    const size_t equals = each.find('=');
    const auto value = equals == std::string_view::npos ? std::nullopt : DecodePercentBytes(each.substr(equals + 1));
    if (!value || !ReadOption(each.substr(0, equals), *value, options)) return false;
  }
  return options.sentinels.empty() == options.master_name.empty();
}

auto OpenRedis(std::string_view address) -> Expected<std::shared_ptr<Store>> {
  RedisOptions options;
  options.tls.on = address.starts_with(kRedisTls);
  std::string_view rest = address.substr(options.tls.on ? kRedisTls.size() : kRedis.size());
  if (!CutOptions(rest, options)) return Refuse(address, "has an option that Redis has not");
  if (const size_t slash = rest.rfind('/'); slash != std::string_view::npos) {
    options.name = rest.substr(slash + 1);
    rest = rest.substr(0, slash);
    if (options.name.empty() || options.name.find_first_of("{}") != std::string::npos) {
      return Refuse(address, "has no name behind its last slash, or one with braces");
    }
  }
  if (!CutUser(rest, options) || !ReadHost(rest, options)) return Refuse(address, "is no address of a Redis");
  return OpenRedisStore(options);
}

}  // namespace

auto OpenStore(std::string_view address, bool sole) -> Expected<std::shared_ptr<Store>> {
  if (address == "memory:") return nullptr;
  if (address.starts_with(kRedis) || address.starts_with(kRedisTls)) return OpenRedis(address);
  if (address.starts_with(kSqlite) || address.ends_with(".db")) {
    const auto path = address.starts_with(kSqlite) ? address.substr(kSqlite.size()) : address;
    if (path.empty()) return Refuse(address, "names no file");
    return OpenSqliteStore({.path = std::string(path), .sole = sole});
  }
  return Refuse(address, "is no address of a store");
}

auto MaskAddress(std::string_view address) -> std::string {
  const size_t scheme = address.find("://");
  const size_t at = address.find('@');
  if (scheme == std::string_view::npos || at == std::string_view::npos) return std::string(address);
  const size_t colon = address.find(':', scheme + 3);
  if (colon == std::string_view::npos || colon > at) return std::string(address);
  return std::string(address.substr(0, colon + 1)) + "***" + std::string(address.substr(at));
}

}  // namespace remit::ledger
