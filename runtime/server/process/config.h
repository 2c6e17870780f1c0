// Everything that a server is told, by file, environment and flags: the later of these wins.
//
// One table of settings: its key in the file, `audit.folder`, gives the flag `--audit-folder` and the variable `REMIT_AUDIT_FOLDER`. Callers are tables of
// the file alone, because what they have are credentials.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/server/callers.h"
#include "runtime/server/native_routes.h"
#include "runtime/server/tracing/exporter.h"
#include "runtime/server/transport/options.h"

namespace remit::server {

struct ServerConfig {
  std::vector<std::string> policies;
  std::vector<std::string> schema;
  std::string bundle;  // in the place of policies and schema
  std::vector<std::string> bundle_keys;  // one of them must have signed it; none: nobody is asked
  std::string entities;
  std::string data;  // folder where versions are kept; empty: in memory
  bool watches = true;
  bool is_native = true;
  bool forbid_errors_deny = false;

  std::string ledger = "memory:";
  bool leases = false;
  std::string signing_key;
  std::vector<std::string> accepted_keys;

  std::string audit_folder;  // empty: no audit log
  std::string audit_key;  // empty: a key is made in the folder
  std::string audit_origin = "remit/audit";
  std::vector<std::string> audit_former;  // verifier keys of who signed the log before
  bool audit_waits = true;
  int64_t audit_delay_ms = 2;  // if nobody waits
  bool audit_blocks = false;
  std::vector<std::string> audit_mask;  // besides what the schema calls `@sensitive`

  std::string base_url;  // what AuthZEN's metadata calls this server; empty: whatever host a request names
  std::string node = "node-1";
  std::string log_level = "info";
  TransportOptions transport;
  CallerRules callers;
  ExtAuthzOptions ext_authz;
  std::string authzen_mapping;  // file; empty: names stand for themselves
  TraceOptions traces;

  ServerConfig() { transport.listen.tcp = {"127.0.0.1:8180"}; }
};

struct Setting {
  std::string_view key;
  std::string_view help;
  bool is_list;
  bool is_path = false;  // of files and folders; a list may have names of what is shipped, too
  // False: the text is not what it should be.
  std::function<bool(ServerConfig&, const std::vector<std::string>& values)> set;
  std::function<std::string(const ServerConfig&)> show;  // as TOML
};
auto Settings() -> const std::vector<Setting>&;
auto FlagOf(const Setting& setting) -> std::string;  // `--audit-folder`
auto VariableOf(const Setting& setting) -> std::string;  // `REMIT_AUDIT_FOLDER`

// Codes: "unknown-setting", "invalid-setting".
auto Apply(ServerConfig& config, std::string_view key, const std::vector<std::string>& values) -> Expected<void>;
// Codes: as above, "cannot-read", "config-syntax".
auto ApplyFile(ServerConfig& config, const std::string& path) -> Expected<void>;
// Lists are split at commas.
auto ApplyEnvironment(ServerConfig& config) -> Expected<void>;

// As a file would say it. Secrets are left out.
auto PrintConfig(const ServerConfig& config) -> std::string;

}  // namespace remit::server
