// `--approval GRANT|FILE`, of verbs that decide with a ledger.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/limits.h"

namespace remit::cli {

// May be repeated; `given` is as it was typed.
void AddApprovalOption(CLI::App& verb, std::vector<std::string>& given, CLI::Option* ledger);

// Grants: each that was given is one, or a file with one a line.
auto ReadApprovals(const std::vector<std::string>& given, const Limits& limits) -> Expected<std::vector<std::string>>;

}  // namespace remit::cli
