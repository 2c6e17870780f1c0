// The decision server: all parts put together, from a configuration to an orderly end.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/server/process/config.h"
#include "runtime/server/process/file_watch.h"
#include "runtime/server/transport/http_server.h"

namespace remit::server {

class ServerProcess {
 public:
  // Everything is open, published and listening. The error says what is not.
  static auto Open(ServerConfig config) -> Expected<std::unique_ptr<ServerProcess>>;
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  auto operator=(const ServerProcess&) -> ServerProcess& = delete;

  // Serves until SIGTERM or SIGINT, then drains. SIGHUP reads everything again. Signals are blocked by whoever calls, before Open: see BlockSignals.
  auto Run() -> bool;
  static void BlockSignals();

  // What Run does now and then: expires what is due, and publishes what has changed.
  void Maintain();
  // Policies, entities, callers, certificates: each is replaced if it is right, and else stays.
  void Reload();
  // Drains. False: some requests were cut off.
  auto Stop() -> bool;

  auto addresses() const -> std::vector<std::string> { return http_->addresses(); }
  auto service() -> Service& { return *service_; }
  auto publisher() -> Publisher& { return *publisher_; }

 private:
  explicit ServerProcess(ServerConfig config);

  auto OpenAudit() -> Expected<void>;
  auto OpenNode() -> Expected<void>;
  auto PublishFirst() -> Expected<void>;
  auto Resume(const std::string& began_from) -> Expected<void>;
  auto OpenTraces() -> Expected<void>;
  auto AddRoutes() -> Expected<void>;
  void ReloadFiles();
  auto EntitiesText() const -> Expected<std::string>;
  void RecordEvent(audit::RecordKind kind, const std::string& version);

  ServerConfig config_;
  std::shared_ptr<NativeCompiler> native_;
  EventHub events_;
  std::atomic<HttpServer*> audit_listener_ = nullptr;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<audit::MaskedValues> masked_;
  std::unique_ptr<audit::Log> audit_;
  std::unique_ptr<TraceExporter> traces_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Callers> callers_;
  std::unique_ptr<HttpServer> http_;
  std::optional<FileWatch> watch_;
  std::string files_version_;  // of the policies in the files, when they were read last
  std::string entities_digest_;
  std::optional<approval::PublicKey> signing_key_;
};

}  // namespace remit::server
