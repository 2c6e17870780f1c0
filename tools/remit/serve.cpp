// remit serve: the decision server.
#include <fmt/format.h>

#include <iostream>
#include <map>
#include <memory>

#include "runtime/approval/digest.h"
#include "runtime/server/process/server_process.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct ServeOptions {
  std::string config;
  std::map<std::string_view, std::vector<std::string>> given;  // by the keys of settings
  bool print_config = false;
  bool hash_token = false;
};

auto ReadConfig(const ServeOptions& options) -> Expected<server::ServerConfig> {
  server::ServerConfig config;
  if (!options.config.empty()) {
    if (auto read = server::ApplyFile(config, options.config); !read) return std::unexpected(read.error());
  }
  if (auto read = server::ApplyEnvironment(config); !read) return std::unexpected(read.error());
  for (const auto& [key, values] : options.given) {
    if (values.empty()) continue;
    if (auto applied = server::Apply(config, key, values); !applied) return std::unexpected(applied.error());
  }
  return config;
}

// A token comes by standard input, so that no list of processes shows it.
auto HashToken() -> ExitCode {
  std::string token;
  std::getline(std::cin, token);
  constexpr size_t kShortest = 22;  // 128 bits as base64url
  if (token.size() < kShortest) {
    return ReportError({.code = "token-short",
                        .message = fmt::format("a token has at least {} characters", kShortest),
                        .pointer = {},
                        .help = "`openssl rand -base64 32` makes one"},
                       Format::Human);
  }
  fmt::print("{}\n", approval::ToHex(approval::Sha256(token)));
  return kDone;
}

auto Run(const ServeOptions& options) -> ExitCode {
  if (options.hash_token) return HashToken();
  auto config = ReadConfig(options);
  if (!config) return ReportError(config.error(), Format::Human);
  if (options.print_config) {
    fmt::print("{}", server::PrintConfig(*config));
    return kDone;
  }
  server::ServerProcess::BlockSignals();
  auto process = server::ServerProcess::Open(std::move(*config));
  if (!process) return ReportError(process.error(), Format::Human);
  return (*process)->Run() ? kDone : kNegative;
}

}  // namespace

void AddServe(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("serve", "Decide over HTTP, for agent runtimes in any language");
  auto options = std::make_shared<ServeOptions>();
  verb->add_option("-c,--config", options->config, "Settings as TOML; the environment (REMIT_..) and flags override it")
      ->option_text("FILE");
  verb->add_flag("--print-config", options->print_config, "Show the settings that hold, without secrets, and end");
  verb->add_flag("--hash-token", options->hash_token,
                 "Read a token from standard input and print the digest that a configuration has of it");
  for (const server::Setting& setting : server::Settings()) {
    auto* option = verb->add_option(server::FlagOf(setting), options->given[setting.key], std::string(setting.help));
    option->allow_extra_args(false);
  }
  verb->footer("Exit codes: 0 stopped and everything was answered, 1 some requests were cut off, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
