#include "tools/remit/validity.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace remit::cli {

void PrintErrors(std::string_view document, const std::vector<Error>& errors) {
  for (const Error& error : errors) {
    fmt::print(stderr, "{}#{}: error[{}]: {}\n", document, error.pointer, error.code, error.message);
    if (!error.help.empty()) fmt::print(stderr, "help: {}\n", error.help);
  }
}

auto ValidityJson(std::string_view member, std::string_view document, const std::vector<Error>& errors) -> std::string {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const Error& error : errors) {
    Json entry = {{"code", error.code}, {"message", error.message}, {"pointer", error.pointer}};
    if (!error.help.empty()) entry["help"] = error.help;
    list.push_back(std::move(entry));
  }
  const Json json = {{std::string(member), document}, {"valid", errors.empty()}, {"errors", std::move(list)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace remit::cli
