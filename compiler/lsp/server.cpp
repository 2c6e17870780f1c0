#include "compiler/lsp/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lsp/features.h"
#include "compiler/lsp/uri.h"

namespace remit::lsp {
namespace {

using Feature = Answer (*)(Session&, const Json&);

auto Features() -> const std::map<std::string, Feature, std::less<>>& {
  static const std::map<std::string, Feature, std::less<>> features = {
      {"textDocument/hover", Hover},
      {"textDocument/completion", Complete},
      {"textDocument/signatureHelp", SignatureHelp},
      {"textDocument/definition", Definition},
      {"textDocument/references", References},
      {"textDocument/documentHighlight", Highlights},
      {"textDocument/prepareRename", PrepareRename},
      {"textDocument/rename", Rename},
      {"textDocument/documentSymbol", DocumentSymbols},
      {"workspace/symbol", WorkspaceSymbols},
      {"textDocument/formatting", Format},
      {"textDocument/rangeFormatting", FormatRange},
      {"textDocument/foldingRange", FoldingRanges},
      {"textDocument/selectionRange", SelectionRanges},
      {"textDocument/semanticTokens/full", SemanticTokens},
      {"textDocument/semanticTokens/full/delta", SemanticTokensDelta},
      {"textDocument/semanticTokens/range", SemanticTokensRange},
      {"textDocument/inlayHint", InlayHints},
      {"textDocument/codeAction", CodeActions},
      {"textDocument/codeLens", CodeLenses},
      {"textDocument/documentLink", DocumentLinks},
  };
  return features;
}

auto ErrorResponse(const Json& id, const Failure& failure) -> Json {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", static_cast<int>(failure.code)}, {"message", failure.message}}}};
}

auto Fail(ErrorCode code, std::string message) -> std::unexpected<Failure> {
  return std::unexpected(Failure{.code = code, .message = std::move(message)});
}

// UTF-16 is what every client can.
auto ChooseEncoding(const Json& capabilities) -> Encoding {
  const auto offered = capabilities.value("/general/positionEncodings"_json_pointer, Json::array());
  const auto has = [&](const char* name) { return std::ranges::find(offered, Json(name)) != offered.end(); };
  if (has("utf-8")) return Encoding::Utf8;
  return has("utf-32") && !has("utf-16") ? Encoding::Utf32 : Encoding::Utf16;
}

auto EncodingName(Encoding encoding) -> std::string_view {
  switch (encoding) {
    case Encoding::Utf8: return "utf-8";
    case Encoding::Utf16: return "utf-16";
    case Encoding::Utf32: return "utf-32";
  }
  return "utf-16";
}

auto Capabilities(const Session& session) -> Json {
  Json all = {
      {"positionEncoding", EncodingName(session.encoding)},
      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
      {"hoverProvider", true},
      {"completionProvider", {{"triggerCharacters", {".", "\"", ":", "@", "("}}, {"resolveProvider", false}}},
      {"signatureHelpProvider", {{"triggerCharacters", {"(", ","}}}},
      {"definitionProvider", true},
      {"referencesProvider", true},
      {"documentHighlightProvider", true},
      {"renameProvider", {{"prepareProvider", true}}},
      {"documentSymbolProvider", true},
      {"workspaceSymbolProvider", true},
      {"documentFormattingProvider", true},
      {"documentRangeFormattingProvider", true},
      {"foldingRangeProvider", true},
      {"selectionRangeProvider", true},
      {"semanticTokensProvider", {{"legend", SemanticTokensLegend()}, {"full", {{"delta", true}}}, {"range", true}}},
      {"inlayHintProvider", true},
      {"codeActionProvider", {{"codeActionKinds", {"quickfix", "refactor.rewrite", "source.fixAll"}}}},
      {"codeLensProvider", {{"resolveProvider", false}}},
      {"documentLinkProvider", {{"resolveProvider", false}}},
      {"executeCommandProvider", {{"commands", {"remit.runTest", "remit.explainRule"}}}},
      {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}},
  };
  if (session.pulls_diagnostics) {
    all["diagnosticProvider"] = {{"identifier", "remit"}, {"interFileDependencies", true}, {"workspaceDiagnostics", true}};
  }
  return all;
}

auto ReadChanges(const Json& json) -> std::vector<TextChange> {
  std::vector<TextChange> changes;
  for (const auto& each : json) {
    auto& change = changes.emplace_back();
    change.text = each.at("text").get<std::string>();
    const auto range = each.find("range");
    change.is_whole = range == each.end();
    if (change.is_whole) continue;
    change.begin = ReadPosition(range->at("start"));
    change.end = ReadPosition(range->at("end"));
  }
  return changes;
}

}  // namespace

// ---- messages ----------------------------------------------------------------------------------------------------------------

void Server::Handle(const Json& message) {
  const auto id = message.is_object() ? message.value("id", Json()) : Json();
  const bool is_call = message.is_object() && message.contains("method") && message["method"].is_string();
  if (!is_call) {
    // An answer to a request of ours needs nothing; anything else is no message.
    const bool is_answer = message.is_object() && (message.contains("result") || message.contains("error"));
    if (!is_answer) send_(ErrorResponse(nullptr, {.code = ErrorCode::InvalidRequest, .message = "a message is no request"}));
    return;
  }
  const auto method = message["method"].get<std::string>();
  const auto params = message.value("params", Json::object());
  if (!message.contains("id")) {
    try {
      Notice(method, params);
    } catch (const Json::exception&) {
      // Nobody waits for an answer to a notification, and one that makes no sense changes nothing.
    }
    return;
  }
  Answer answer = Fail(ErrorCode::RequestCancelled, "cancelled");
  if (!TakeCancelled(id)) {
    try {
      answer = Respond(method, params);
    } catch (const Json::exception& error) {
      answer = Fail(ErrorCode::InvalidParams, fmt::format("`{}` was not asked as the protocol says: {}", method, error.what()));
    }
  }
  send_(answer ? Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(*answer)}} : ErrorResponse(id, answer.error()));
}

auto Server::Respond(const std::string& method, const Json& params) -> Answer {
  if (method == "initialize") {
    if (state_ != State::New) return Fail(ErrorCode::InvalidRequest, "`initialize` was said already");
    return Initialize(params);
  }
  if (state_ == State::New) return Fail(ErrorCode::ServerNotInitialized, "`initialize` comes first");
  if (state_ == State::ShutDown) return Fail(ErrorCode::InvalidRequest, "the server is shut down");
  if (method == "shutdown") {
    state_ = State::ShutDown;
    return Json();
  }
  Update();
  if (method == "workspace/executeCommand") return ExecuteCommand(params);
  if (method == "textDocument/diagnostic") return PullDiagnostics(params);
  if (method == "workspace/diagnostic") return PullWorkspaceDiagnostics();
  const auto it = Features().find(method);
  if (it == Features().end()) return Fail(ErrorCode::MethodNotFound, fmt::format("`{}` is not served", method));
  return it->second(session_, params);
}

void Server::Notice(const std::string& method, const Json& params) {
  if (method == "exit") {
    exit_code_ = state_ == State::ShutDown ? 0 : 1;
    return;
  }
  if (method == "$/cancelRequest") return Cancel(params.at("id"));
  if (state_ != State::Running) return;
  auto& workspace = session_.workspace;
  const auto uri = [&] { return params.at("textDocument").at("uri").get<std::string>(); };
  if (method == "initialized") {
    Initialized();
  } else if (method == "textDocument/didOpen") {
    const auto& document = params.at("textDocument");
    workspace.Open(uri(), document.value("languageId", ""), document.value("version", int64_t{0}), document.at("text").get<std::string>());
  } else if (method == "textDocument/didChange") {
    workspace.Change(uri(), params.at("textDocument").value("version", int64_t{0}), ReadChanges(params.at("contentChanges")),
                     session_.encoding);
    // Places may be on other lines now though nothing else is said of them.
    if (const auto* document = workspace.Find(uri())) unpublished_.insert(document);
  } else if (method == "textDocument/didClose") {
    session_.answered_tokens.erase(uri());
    workspace.Close(uri());
  } else if (method == "workspace/didChangeWatchedFiles") {
    for (const auto& change : params.at("changes")) workspace.LookAgain(change.at("uri").get<std::string>());
  } else if (method == "workspace/didChangeWorkspaceFolders") {
    for (const auto& each : params.at("event").at("removed")) {
      if (const auto path = PathOfUri(each.at("uri").get<std::string>())) workspace.RemoveFolder(*path);
    }
    for (const auto& each : params.at("event").at("added")) {
      if (const auto path = PathOfUri(each.at("uri").get<std::string>())) workspace.AddFolder(*path);
    }
  }
}

void Server::Cancel(const Json& id) {
  const std::lock_guard lock(cancel_mutex_);
  // Ids of requests that were answered long ago are not kept for ever.
  if (cancelled_.size() > 10'000) cancelled_.clear();
  cancelled_.insert(id.dump());
}

auto Server::TakeCancelled(const Json& id) -> bool {
  const std::lock_guard lock(cancel_mutex_);
  return cancelled_.erase(id.dump()) > 0;
}

void Server::Request(const std::string& method, Json params) {
  send_({{"jsonrpc", "2.0"}, {"id", fmt::format("remit-{}", next_request_++)}, {"method", method}, {"params", std::move(params)}});
}

// ---- beginning ---------------------------------------------------------------------------------------------------------------

auto Server::Initialize(const Json& params) -> Json {
  const auto capabilities = params.value("capabilities", Json::object());
  const auto options = params.value("initializationOptions", Json::object());
  session_.encoding = ChooseEncoding(capabilities);
  session_.has_snippets = capabilities.value("/textDocument/completion/completionItem/snippetSupport"_json_pointer, false);
  session_.has_watched_files = capabilities.value("/workspace/didChangeWatchedFiles/dynamicRegistration"_json_pointer, false);
  session_.has_document_changes = capabilities.value("/workspace/workspaceEdit/documentChanges"_json_pointer, false);
  if (options.is_object()) {
    session_.pulls_diagnostics = options.value("diagnostics", "push") == "pull";
    session_.documentation = options.value("documentation", "");
  }
  std::vector<std::string> folders;
  if (const auto it = params.find("workspaceFolders"); it != params.end() && it->is_array()) {
    for (const auto& each : *it) folders.push_back(each.at("uri").get<std::string>());
  } else if (const auto root = params.find("rootUri"); root != params.end() && root->is_string()) {
    folders.push_back(root->get<std::string>());
  }
  for (const auto& folder : folders) {
    if (const auto path = PathOfUri(folder)) session_.workspace.AddFolder(*path);
  }
  state_ = State::Running;
  return {{"capabilities", Capabilities(session_)}, {"serverInfo", {{"name", "remit"}, {"version", version_}}}};
}

void Server::Initialized() {
  if (!session_.has_watched_files) return;
  Json watchers = Json::array();
  for (const auto* pattern : {"**/*.cedar", "**/*.remit", "**/*.cedarschema", "**/*.json", "**/remit.toml"}) {
    watchers.push_back({{"globPattern", pattern}});
  }
  Request("client/registerCapability",
          {{"registrations",
            Json::array(
                {{{"id", "remit-files"}, {"method", "workspace/didChangeWatchedFiles"}, {"registerOptions", {{"watchers", watchers}}}}})}});
}

auto Server::ExecuteCommand(const Json& params) -> Answer {
  const auto command = params.at("command").get<std::string>();
  const auto& arguments = params.at("arguments");
  if (command == "remit.runTest") return RunTestCommand(session_, arguments.at(0));
  if (command == "remit.explainRule") return ExplainRuleCommand(arguments.at(0));
  return Fail(ErrorCode::InvalidParams, fmt::format("there is no command `{}`", command));
}

// ---- diagnostics -------------------------------------------------------------------------------------------------------------

void Server::Update() {
  auto changes = session_.workspace.Analyze();
  unpublished_.insert(changes.documents.begin(), changes.documents.end());
  // A document may be gone and another one have taken its place in memory.
  std::erase_if(unpublished_, [&](const Document* each) {
    return std::ranges::none_of(session_.workspace.documents(), [&](const auto& entry) { return &entry.second == each; });
  });
  std::ranges::move(changes.gone, std::back_inserter(gone_));
}

void Server::Publish(const Document& document) {
  Json params = {{"uri", document.uri}, {"diagnostics", DiagnosticsJson(session_, document)}};
  if (document.is_open) params["version"] = document.version;
  send_({{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", std::move(params)}});
}

void Server::Settle() {
  if (state_ != State::Running) return;
  Update();
  for (const auto& uri : std::exchange(gone_, {})) {
    send_({{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", {{"uri", uri}, {"diagnostics", Json::array()}}}});
  }
  const auto documents = std::exchange(unpublished_, {});
  if (session_.pulls_diagnostics) {
    if (!documents.empty()) Request("workspace/diagnostic/refresh", nullptr);
    return;
  }
  for (const auto& [key, document] : session_.workspace.documents()) {
    if (documents.contains(&document)) Publish(document);
  }
}

auto Server::PullDiagnostics(const Json& params) -> Answer {
  const auto* document = TargetOf(session_, params).document;
  return Json{{"kind", "full"}, {"items", document == nullptr ? Json::array() : DiagnosticsJson(session_, *document)}};
}

auto Server::PullWorkspaceDiagnostics() -> Answer {
  Json items = Json::array();
  for (const auto& [key, document] : session_.workspace.documents()) {
    items.push_back({{"kind", "full"},
                     {"uri", document.uri},
                     {"version", document.is_open ? Json(document.version) : Json()},
                     {"items", DiagnosticsJson(session_, document)}});
  }
  return Json{{"items", std::move(items)}};
}

}  // namespace remit::lsp
