// A decision point without a transport: policies, schema and entities from texts, and requests by path.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "compiler/driver/compile_job.h"
#include "runtime/approval/memory_store.h"
#include "runtime/server/authzen/authzen.h"
#include "runtime/server/dispatch.h"

namespace remit::authzen {

using Json = nlohmann::json;

struct WorldTexts {
  std::string policies;
  std::string schema = {};
  std::string entities = "[]";
  std::string mapping = {};
};

class World {
 public:
  explicit World(const WorldTexts& texts, bool is_governed = true, AuthzenOptions options = {});

  void Publish(const WorldTexts& texts);

  struct Reply {
    int status = 0;
    std::string headers;
    std::string body;
    Json json;  // discarded if it is none
  };
  using Headers = std::map<std::string, std::string>;
  auto Post(std::string_view path, std::string_view body, const Headers& headers = {{"Content-Type", "application/json"}}) -> Reply;
  auto Get(std::string_view path, const Headers& headers = {{"Host", "pdp.example.com"}}) -> Reply;
  auto Send(server::Method method, std::string_view path, std::string_view body, const Headers& headers) -> Reply;

  // The decision of an evaluation; -1 if the answer is not 200 with a boolean.
  auto Decide(const Json& body) -> int;
  auto Evaluate(const Json& body) -> Json { return Post("/access/v1/evaluation", body.dump()).json; }
  // What a search finds, over all of its pages: ids, or names of actions.
  auto FindAll(std::string_view what, Json body, int limit = 0) -> std::vector<std::string>;

  auto service() -> server::Service& { return service_; }
  auto engine() -> Engine& { return engine_; }
  auto tickets() -> approval::Tickets& { return tickets_; }
  auto ledger() -> ledger::Ledger& { return ledger_; }
  auto caller() -> server::Caller& { return caller_; }

  int64_t now = 1'800'000'000'000;

 private:
  CompileJob job_;
  Engine engine_;
  ledger::Ledger ledger_;
  approval::MemoryStore store_;
  approval::SigningKey key_ = approval::SigningKey::Generate();
  approval::KeyRing keys_;
  approval::Tickets tickets_;
  approval::Redeemer redeemer_;
  Governor governor_;
  server::Service service_;
  std::optional<server::Worker> worker_;
  server::Peer peer_{.address = "127.0.0.1", .is_loopback = true};
  server::Caller caller_;
};

}  // namespace remit::authzen
