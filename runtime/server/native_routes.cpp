#include "runtime/server/native_routes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/approval/json_fields.h"
#include "runtime/base/text.h"
#include "runtime/server/failure.h"

namespace remit::server {

using Json = nlohmann::json;

auto ReadObject(const Request& request, Response& response) -> std::optional<Json> {
  if (FindInvalidUtf8(request.body)) {
    Fail(response, 400, "invalid-utf8", "the body is not valid UTF-8");
    return std::nullopt;
  }
  auto document = approval::JsonFields::Parse(request.body.empty() ? "{}" : request.body);
  if (document && document->is_object()) return document;
  Fail(response, 400, "malformed-json", "the body must be a JSON object");
  return std::nullopt;
}

auto ReadText(const Json& object, const char* name, bool is_required, Response& response) -> std::optional<std::string> {
  const auto it = object.find(name);
  if (it != object.end() && it->is_string()) return it->get<std::string>();
  if (it == object.end() && !is_required) return std::string{};
  Fail(response, 400,
       Error{
           .code = "missing-member", .message = fmt::format("`{}` must be a text", name), .pointer = fmt::format("/{}", name), .help = {}});
  return std::nullopt;
}

auto ReadCapture(const Request& request, size_t index, Response& response) -> std::optional<std::string> {
  auto text = DecodePercent(request.captures[index]);
  if (!text) Fail(response, 400, "malformed-path", "the path is not encoded as it should be");
  return text;
}

auto Recorded(Worker& worker, const audit::EventRecord& record, Response& response) -> bool {
  const auto recorded = worker.Record(record);
  if (!recorded) Fail(response, 503, recorded.error());
  return recorded.has_value();
}

}  // namespace remit::server
