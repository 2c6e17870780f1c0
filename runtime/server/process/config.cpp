#include "runtime/server/process/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "runtime/base/json_string.h"
#include "runtime/ledger/store_address.h"
#include "runtime/server/log.h"

namespace remit::server {
namespace {

using Values = std::vector<std::string>;

auto Quoted(const std::string& text) -> std::string { return QuoteJsonString(text); }
auto QuotedList(const Values& values) -> std::string {
  std::string out = "[";
  for (const std::string& value : values) out += (out.size() > 1 ? ", " : "") + Quoted(value);
  return out + "]";
}

// `member` gives a reference into a configuration, constant or not.
template <typename Member>
auto Text(std::string_view key, std::string_view help, Member member) -> Setting {
  return {.key = key,
          .help = help,
          .is_list = false,
          .set = [member](ServerConfig& config, const Values& values) { return member(config) = values.back(), true; },
          .show = [member](const ServerConfig& config) { return Quoted(member(config)); }};
}

template <typename Member>
auto List(std::string_view key, std::string_view help, Member member) -> Setting {
  return {.key = key,
          .help = help,
          .is_list = true,
          .set = [member](ServerConfig& config, const Values& values) { return member(config) = values, true; },
          .show = [member](const ServerConfig& config) { return QuotedList(member(config)); }};
}

template <typename Member>
auto Flag(std::string_view key, std::string_view help, Member member) -> Setting {
  return {.key = key,
          .help = help,
          .is_list = false,
          .set =
              [member](ServerConfig& config, const Values& values) {
                member(config) = values.back() == "true";
                return values.back() == "true" || values.back() == "false";
              },
          .show = [member](const ServerConfig& config) { return std::string(member(config) ? "true" : "false"); }};
}

template <typename Member>
auto Number(std::string_view key, std::string_view help, Member member) -> Setting {
  return {.key = key,
          .help = help,
          .is_list = false,
          .set =
              [member](ServerConfig& config, const Values& values) {
                const std::string& text = values.back();
                const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), member(config));
                return error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-');
              },
          .show = [member](const ServerConfig& config) { return fmt::format("{}", member(config)); }};
}

template <typename Member>
auto Choice(std::string_view key, std::string_view help, std::string_view yes, std::string_view no, Member member) -> Setting {
  return {.key = key,
          .help = help,
          .is_list = false,
          .set =
              [=](ServerConfig& config, const Values& values) {
                member(config) = values.back() == yes;
                return values.back() == yes || values.back() == no;
              },
          .show = [=](const ServerConfig& config) { return Quoted(std::string(member(config) ? yes : no)); }};
}

// Relative to wherever the setting is said.
auto Path(Setting setting) -> Setting {
  setting.is_path = true;
  return setting;
}

auto LedgerSetting() -> Setting {
  Setting setting = Text("ledger", "Store of budgets and approvals: `memory:`, a file that ends in .db, redis://..",
                         [](auto& c) -> auto& { return c.ledger; });
  setting.show = [](const ServerConfig& config) { return Quoted(ledger::MaskAddress(config.ledger)); };
  return setting;
}

auto LogLevelSetting() -> Setting {
  Setting setting = Text("log.level", "debug, info, warning or error", [](auto& c) -> auto& { return c.log_level; });
  setting.set = [](ServerConfig& config, const Values& values) {
    config.log_level = values.back();
    return FindLogLevel(values.back()).has_value();
  };
  return setting;
}

// Their values may be secrets.
auto TraceHeadersSetting() -> Setting {
  Setting setting = List("traces.headers", "Headers for the collector, `name=value`", [](auto& c) -> auto& { return c.traces.headers; });
  setting.show = [](const ServerConfig& config) {
    Values names;
    for (const std::string& header : config.traces.headers) names.push_back(header.substr(0, header.find('=')) + "=***");
    return QuotedList(names);
  };
  return setting;
}

auto AuditDelaySetting() -> Setting {
  constexpr int64_t kMostMs = 1000;
  Setting setting =
      Number("audit.delay-ms", "With `audit.wait = false`, how far answers may be ahead of the log, in milliseconds: 0 to 1000",
             [](auto& c) -> auto& { return c.audit_delay_ms; });
  setting.set = [set = setting.set](ServerConfig& config, const Values& values) {
    return set(config, values) && config.audit_delay_ms >= 0 && config.audit_delay_ms <= kMostMs;
  };
  return setting;
}

auto MakeSettings() -> std::vector<Setting> {
  // clang-format off
  return {
      Path(List("policies", "Policies: files, folders, and what is shipped (`builtin:approvals`: who may approve)", [](auto& c) -> auto& { return c.policies; })),
      Path(List("schema", "Schema; several files make one together; `builtin:NAME` is one that is shipped (`builtin:remit`: the namespace Remit)", [](auto& c) -> auto& { return c.schema; })),
      Path(Text("bundle", "In the place of policies and schema: what `remit build` wrote", [](auto& c) -> auto& { return c.bundle; })),
      List("bundle-keys", "Verifier keys (`NAME+ID+KEY`): one of them must have signed the bundle, in `BUNDLE.sig`; none: nobody is asked", [](auto& c) -> auto& { return c.bundle_keys; }),
      Path(Text("entities", "Entities as JSON", [](auto& c) -> auto& { return c.entities; })),
      Path(Text("data", "Folder where versions are kept; none: in memory", [](auto& c) -> auto& { return c.data; })),
      Flag("watch", "Publish when the files change", [](auto& c) -> auto& { return c.watches; }),
      Choice("engine", "native or interpreter", "native", "interpreter", [](auto& c) -> auto& { return c.is_native; }),
      Choice("forbid-errors", "What a `forbid` that cannot be evaluated does: skip, nothing, as in Cedar; deny", "deny", "skip", [](auto& c) -> auto& { return c.forbid_errors_deny; }),
      LedgerSetting(),
      Choice("durability", "lease: budgets are spent from leases; each: every reservation is durable before it is answered", "lease", "each", [](auto& c) -> auto& { return c.leases; }),
      Path(Text("signing-key", "Key that signs approvals (`remit keys generate`); none: quorums are not reached here", [](auto& c) -> auto& { return c.signing_key; })),
      Path(List("accepted-keys", "Public keys of other nodes whose grants count", [](auto& c) -> auto& { return c.accepted_keys; })),
      Path(Text("audit.folder", "Folder of the audit log; none: nothing is recorded", [](auto& c) -> auto& { return c.audit_folder; })),
      Path(Text("audit.key", "Key that signs checkpoints; none: one is made in the folder", [](auto& c) -> auto& { return c.audit_key; })),
      Text("audit.origin", "What the log is called in its checkpoints", [](auto& c) -> auto& { return c.audit_origin; }),
      List("audit.former-keys", "Verifier keys (`remit audit key`) of who signed the log before `audit.key`", [](auto& c) -> auto& { return c.audit_former; }),
      Flag("audit.wait", "Answer when the record is on disk; false: at most `audit.delay-ms` before", [](auto& c) -> auto& { return c.audit_waits; }),
      AuditDelaySetting(),
      Choice("audit.stuck", "While nothing can be written: block or refuse", "block", "refuse", [](auto& c) -> auto& { return c.audit_blocks; }),
      Number("audit.wait-ms", "Time an answer waits for its record before it is 503", [](auto& c) -> auto& { return c.transport.limits.audit_ms; }),
      List("audit.mask", "What of requests is recorded as a commitment, besides what the schema calls `@sensitive`: `context.NAME`, `entities.TYPE.NAME`", [](auto& c) -> auto& { return c.audit_mask; }),
      Path(Text("authzen.mapping", "File that says what AuthZEN's names mean in Cedar, JSON; none: they stand for themselves", [](auto& c) -> auto& { return c.authzen_mapping; })),
      Text("traces.endpoint", "Where traces go, OTLP over HTTP: `http://localhost:4318/v1/traces`; none: nothing is traced", [](auto& c) -> auto& { return c.traces.endpoint; }),
      TraceHeadersSetting(),
      Text("traces.service", "`service.name` of traces", [](auto& c) -> auto& { return c.traces.service; }),
      Number("traces.ratio", "Share of the traces that begin here which are recorded, from 0 to 1; others' are as they say", [](auto& c) -> auto& { return c.traces.ratio; }),
      Text("base-url", "What AuthZEN's metadata calls this server, `https://pdp.example.com`; none: whatever host a request names", [](auto& c) -> auto& { return c.base_url; }),
      Text("node", "Name of this node in records", [](auto& c) -> auto& { return c.node; }),
      LogLevelSetting(),
      List("listen", "TCP addresses", [](auto& c) -> auto& { return c.transport.listen.tcp; }),
      Path(Text("unix", "Path of a Unix socket", [](auto& c) -> auto& { return c.transport.listen.unix_path; })),
      Path(Text("tls.cert", "Certificate chain, PEM; TLS 1.3 on every TCP address", [](auto& c) -> auto& { return c.transport.listen.tls.certificate; })),
      Path(Text("tls.key", "Its key, PEM", [](auto& c) -> auto& { return c.transport.listen.tls.key; })),
      Path(Text("tls.client-ca", "Who signs client certificates, PEM", [](auto& c) -> auto& { return c.transport.listen.tls.client_ca; })),
      Flag("tls.require-client", "Nobody connects without a client certificate", [](auto& c) -> auto& { return c.transport.listen.tls.require_client; }),
      Number("loops", "Event loops; 0: one for each processor", [](auto& c) -> auto& { return c.transport.loops; }),
      Number("background", "Threads for what may wait", [](auto& c) -> auto& { return c.transport.background; }),
      Number("limits.target", "Bytes of a request's target", [](auto& c) -> auto& { return c.transport.limits.max_target_bytes; }),
      Number("limits.header", "Bytes of a header", [](auto& c) -> auto& { return c.transport.limits.max_header_bytes; }),
      Number("limits.headers", "Headers of a request", [](auto& c) -> auto& { return c.transport.limits.max_headers; }),
      Number("limits.body", "Bytes of a body", [](auto& c) -> auto& { return c.transport.limits.max_body_bytes; }),
      Number("limits.upload", "Bytes of policies and entities", [](auto& c) -> auto& { return c.transport.limits.max_upload_bytes; }),
      Number("limits.connections", "Connections", [](auto& c) -> auto& { return c.transport.limits.max_connections; }),
      Number("limits.connections-per-peer", "Connections from one address", [](auto& c) -> auto& { return c.transport.limits.max_connections_per_peer; }),
      Number("limits.waiting", "Requests that wait for a background thread", [](auto& c) -> auto& { return c.transport.limits.max_waiting; }),
      Number("limits.handshake-ms", "Time for a TLS handshake", [](auto& c) -> auto& { return c.transport.limits.handshake_ms; }),
      Number("limits.header-ms", "Time for a header", [](auto& c) -> auto& { return c.transport.limits.header_ms; }),
      Number("limits.body-ms", "Time for a body", [](auto& c) -> auto& { return c.transport.limits.body_ms; }),
      Number("limits.idle-ms", "Time between requests", [](auto& c) -> auto& { return c.transport.limits.idle_ms; }),
      Number("limits.write-ms", "Time without progress of who does not read", [](auto& c) -> auto& { return c.transport.limits.write_ms; }),
      Number("limits.drain-ms", "Time to answer what has begun, at the end", [](auto& c) -> auto& { return c.transport.limits.drain_ms; }),
      Flag("callers.trust-local", "Who asks from this machine without a credential is `Remit::Local`", [](auto& c) -> auto& { return c.callers.trusts_local; }),
      Number("callers.local-rate", "Requests a second of local callers; 0: no limit", [](auto& c) -> auto& { return c.callers.local_rate; }),
      Number("callers.anonymous-rate", "Requests a second of all callers without a credential", [](auto& c) -> auto& { return c.callers.anonymous_rate; }),
      Path(List("callers.policies", "Policies about callers, beside the shipped ones", [](auto& c) -> auto& { return c.callers.control_policies; })),
      Path(Text("jwt.jwks", "File of the keys that sign JSON Web Tokens", [](auto& c) -> auto& { return c.callers.jwks_file; })),
      Text("jwt.issuer", "`iss` must be this", [](auto& c) -> auto& { return c.callers.jwt.issuer; }),
      Text("jwt.audience", "`aud` must have this", [](auto& c) -> auto& { return c.callers.jwt.audience; }),
      Text("jwt.type", "Entity type of their principals", [](auto& c) -> auto& { return c.callers.jwt_type; }),
      Number("jwt.rate", "Requests a second of each of their principals, over all its connections and tokens; 0: no limit", [](auto& c) -> auto& { return c.callers.jwt_rate; }),
      Text("jwt.principal-claim", "Claim that names the principal", [](auto& c) -> auto& { return c.callers.jwt.principal_claim; }),
      Text("jwt.roles-claim", "Claim that lists its roles", [](auto& c) -> auto& { return c.callers.jwt.roles_claim; }),
      Text("ext-authz.principal-header", "Header that names the user", [](auto& c) -> auto& { return c.ext_authz.principal_header; }),
      Text("ext-authz.principal-type", "Entity type of users", [](auto& c) -> auto& { return c.ext_authz.principal_type; }),
      Text("ext-authz.action-type", "Entity type of methods", [](auto& c) -> auto& { return c.ext_authz.action_type; }),
      Text("ext-authz.resource-type", "Entity type of paths", [](auto& c) -> auto& { return c.ext_authz.resource_type; }),
  };
  // clang-format on
}

auto Dashed(std::string_view key, char to) -> std::string {
  std::string out(key);
  std::ranges::replace_if(out, [](char c) { return c == '.' || c == '-'; }, to);
  return out;
}

}  // namespace

auto Settings() -> const std::vector<Setting>& {
  static const std::vector<Setting> kSettings = MakeSettings();
  return kSettings;
}

auto FlagOf(const Setting& setting) -> std::string { return "--" + Dashed(setting.key, '-'); }

auto VariableOf(const Setting& setting) -> std::string {
  std::string out = "REMIT_" + Dashed(setting.key, '_');
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

auto Apply(ServerConfig& config, std::string_view key, const std::vector<std::string>& values) -> Expected<void> {
  const auto it = std::ranges::find(Settings(), key, &Setting::key);
  if (it == Settings().end()) {
    return std::unexpected(
        Error{.code = "unknown-setting", .message = fmt::format("there is no setting `{}`", key), .pointer = {}, .help = {}});
  }
  if (!values.empty() && it->set(config, values)) return {};
  return std::unexpected(Error{.code = "invalid-setting",
                               .message = fmt::format("`{}` cannot be `{}`", key, values.empty() ? "" : values.back()),
                               .pointer = {},
                               .help = std::string(it->help)});
}

auto ApplyEnvironment(ServerConfig& config) -> Expected<void> {
  for (const Setting& setting : Settings()) {
    const char* text = std::getenv(VariableOf(setting).c_str());
    if (text == nullptr) continue;
    std::vector<std::string> values = {text};
    if (setting.is_list) {
      values.clear();
      std::string_view rest = text;
      while (!rest.empty()) {
        const size_t end = std::min(rest.find(','), rest.size());
        values.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    if (auto applied = Apply(config, setting.key, values); !applied) return applied;
  }
  return {};
}

auto PrintConfig(const ServerConfig& config) -> std::string {
  std::string out;
  for (const Setting& setting : Settings()) out += fmt::format("{} = {}\n", setting.key, setting.show(config));
  for (const TokenRule& rule : config.callers.tokens) {
    out += fmt::format("\n[[callers.token]]\nsha256 = \"***\"\ntype = {}\nid = {}\nroles = {}\n", Quoted(rule.identity.type),
                       Quoted(rule.identity.id), QuotedList(rule.identity.roles));
  }
  for (const UnixRule& rule : config.callers.unix_users) {
    out += fmt::format("\n[[callers.unix]]\nuid = {}\ntype = {}\nid = {}\nroles = {}\n", rule.uid, Quoted(rule.identity.type),
                       Quoted(rule.identity.id), QuotedList(rule.identity.roles));
  }
  for (const CertificateRule& rule : config.callers.certificates) {
    out += fmt::format("\n[[callers.certificate]]\nsubject = {}\ntype = {}\nid = {}\nroles = {}\n", Quoted(rule.subject),
                       Quoted(rule.identity.type), Quoted(rule.identity.id), QuotedList(rule.identity.roles));
  }
  return out;
}

}  // namespace remit::server
