// The language server: what comes in, what goes out, and in which order. What the answers say is in features.h.
//
// Thread rule: one thread at a time, but for `Cancel`, which any thread may call.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "compiler/lsp/message.h"
#include "compiler/lsp/session.h"

namespace remit::lsp {

class Server {
 public:
  using Send = std::function<void(const Json&)>;
  // `version` is what the client is told.
  Server(Send send, std::string version) : send_(std::move(send)), version_(std::move(version)) {}

  // One message of the client's: answered at once if it is a request.
  void Handle(const Json& message);
  // Nothing waits to be handled: tells the client what is wrong now. A burst of keystrokes costs one analysis.
  void Settle();
  // A request that is still to come need not be answered.
  void Cancel(const Json& id);

  // Once the client has said `exit`.
  auto exit_code() const -> std::optional<int> { return exit_code_; }
  auto session() -> Session& { return session_; }

 private:
  enum class State : uint8_t { New, Running, ShutDown };

  auto Respond(const std::string& method, const Json& params) -> Answer;
  void Notice(const std::string& method, const Json& params);
  auto Initialize(const Json& params) -> Json;
  void Initialized();
  void WatchFiles();
  auto ExecuteCommand(const Json& params) -> Answer;
  auto PullDiagnostics(const Json& params) -> Answer;
  auto PullWorkspaceDiagnostics() -> Answer;
  void Publish(const Document& document);
  void Update();
  auto TakeCancelled(const Json& id) -> bool;
  void Request(const std::string& method, Json params);

  Send send_;
  std::string version_;
  Session session_;
  State state_ = State::New;
  std::optional<int> exit_code_;
  int64_t next_request_ = 1;
  std::mutex cancel_mutex_;
  std::set<std::string> cancelled_;
  std::set<const Document*> unpublished_;
  std::vector<std::string> gone_;
};

// Serves one client until it says `exit` or goes away. The exit code.
auto Serve(FILE* in, FILE* out, const std::string& version) -> int;

}  // namespace remit::lsp
