// One version of the policies: its texts, and its name, which is their SHA-256.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/limits.h"

namespace remit::server {

struct SourceText {
  std::string name;
  std::string text;

  friend auto operator==(const SourceText&, const SourceText&) -> bool = default;
};

struct PolicySources {
  std::vector<SourceText> policies = {};
  std::vector<SourceText> schema = {};  // "builtin:remit" names the built-in namespace, whatever its text
  std::vector<SourceText> links = {};

  friend auto operator==(const PolicySources&, const PolicySources&) -> bool = default;
};

// 64 hexadecimal digits. The order of the files counts: ids by position depend on it.
auto VersionOf(const PolicySources& sources) -> std::string;

// {"policies": [{"name", "text"}], "schema"?: [..], "links"?: [..]}
auto SourcesToJson(const PolicySources& sources) -> std::string;
// Codes: "sources-malformed".
auto SourcesFromJson(std::string_view json) -> Expected<PolicySources>;

// Files and folders, as `--policies` names them; `builtin:approvals` is the shipped policies of who may approve. Codes: "cannot-read", "file-too-large".
auto ReadSources(const std::vector<std::string>& policies, const std::vector<std::string>& schema, const Limits& limits)
    -> Expected<PolicySources>;

}  // namespace remit::server
