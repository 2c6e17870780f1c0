#include "runtime/capi/request.h"

#include "runtime/capi/record.h"
#include "runtime/capi/uid.h"
#include "runtime/capi/versioned.h"
#include "runtime/request/json.h"
#include "runtime/request/validate_request.h"

namespace remit::capi {
namespace {

// The error is about the context, and its pointer is within it.
auto FailContext(Error error) -> std::unexpected<Failure> {
  error.pointer = "/context" + error.pointer;
  return Fail(std::move(error));
}

auto ReadContextField(const remit_request_fields& fields, EntityUid action, Interner& interner, Arena& arena, const JsonOptions& options)
    -> ResultOf<RecordView> {
  const bool has_json = fields.context_json.data != nullptr;
  if (has_json && fields.context != nullptr) return FailArgument("a request has two contexts");
  if (!has_json && fields.context_json.size > 0) return FailArgument("`context_json` has a size but no text");
  auto context =
      has_json ? ReadContext(View(fields.context_json), interner, arena, options, action) : MakeValues(fields.context, interner, arena);
  if (!context) return FailContext(std::move(context.error()));
  return *context;
}

// Makes a request with the engine's symbols. A request whose names are all known is made without waiting for whoever changes the engine.
template <typename Read>
auto Prepare(const std::shared_ptr<EngineState>& engine, Read read) -> ResultOf<std::unique_ptr<remit_request>> {
  SnapshotCell::Reader reader(engine->engine.snapshots());
  const auto schema = reader.Pin().policies->shared_schema();
  const auto make = [&](Interner& interner) -> ResultOf<std::unique_ptr<remit_request>> {
    Arena arena;
    const JsonOptions options{.limits = engine->limits(), .schema = schema.get()};
    auto request = read(interner, arena, options);
    if (!request) return Forward(request.error());
    return std::make_unique<remit_request>(
        std::make_shared<RequestState>(RequestState{.engine = engine, .prepared = PreparedRequest(*request, schema)}));
  };
  Interner overlay(engine->interner.get());
  const uint32_t known = overlay.size();
  auto made = make(overlay);
  if (!made || overlay.size() == known) return made;
  const auto lock = engine->engine.Lock();
  return make(*engine->interner);
}

auto ReadPreparedJson(std::string_view json, Interner& interner, Arena& arena, const JsonOptions& options) -> ResultOf<Request> {
  auto document = ReadRequest(json, interner, arena, options);
  if (!document) return Fail(std::move(document.error()));
  if (!document->delegation.empty()) {
    return Fail({.code = "request-delegation",
                 .message = "a request on behalf of others cannot be prepared",
                 .pointer = "/delegation",
                 .help = "decide it with remit_decide_json"});
  }
  if (!document->entities) return document->request;
  return Fail({.code = "request-entities",
               .message = "a request with entities of its own cannot be prepared",
               .pointer = "/entities",
               .help = "decide it with remit_decide_json"});
}

}  // namespace

auto ReadFields(const remit_request_fields* given, Interner& interner, Arena& arena, const JsonOptions& options, RequestNames* usual)
    -> ResultOf<Request> {
  remit_request_fields fields;
  if (auto read = ReadStruct(given, fields); !read) return Forward(read.error());
  const bool is_validated = options.schema != nullptr && options.validate_request;
  const auto check = is_validated ? TypeCheck::Later : TypeCheck::Now;
  auto principal = ReadUid(fields.principal, interner, "/principal", check, {.type = usual});
  if (!principal) return Forward(principal.error());
  auto action = ReadUid(fields.action, interner, "/action", check, {.type = usual, .id = usual});
  if (!action) return Forward(action.error());
  auto resource = ReadUid(fields.resource, interner, "/resource", check, {.type = usual});
  if (!resource) return Forward(resource.error());
  auto context = ReadContextField(fields, *action, interner, arena, options);
  if (!context) return Forward(context.error());
  Request request{.principal = *principal, .action = *action, .resource = *resource, .context = *context};
  if (is_validated) {
    if (auto valid = ValidateRequest(*options.schema, interner, request); !valid) return Fail(std::move(valid.error()));
  }
  return request;
}

}  // namespace remit::capi

using namespace remit::capi;

auto remit_request_new(remit_engine* engine, const remit_request_fields* fields, remit_request** request, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"fields", fields}, {"request", request}}); !given) return given;
    *request = nullptr;
    auto made = Prepare(engine->state, [&](remit::Interner& interner, remit::Arena& arena, const remit::JsonOptions& options) {
      return ReadFields(fields, interner, arena, options);
    });
    if (!made) return Forward(made.error());
    *request = made->release();
    return {};
  });
}

auto remit_request_from_json(remit_engine* engine, remit_string json, remit_request** request, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"json", json}, {"request", request}}); !given) return given;
    *request = nullptr;
    auto made = Prepare(engine->state, [&](remit::Interner& interner, remit::Arena& arena, const remit::JsonOptions& options) {
      return ReadPreparedJson(View(json), interner, arena, options);
    });
    if (!made) return Forward(made.error());
    *request = made->release();
    return {};
  });
}

void remit_request_free(remit_request* request) noexcept { delete request; }
