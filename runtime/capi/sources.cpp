#include "runtime/capi/sources.h"

#include "runtime/capi/error.h"

using namespace remit::capi;

namespace {

auto Copy(remit_string text) -> std::string { return std::string(View(text)); }

}  // namespace

auto remit_sources_new(remit_sources** sources, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"sources", sources}}); !given) return given;
    *sources = nullptr;
    *sources = new remit_sources;
    return {};
  });
}

void remit_sources_free(remit_sources* sources) noexcept { delete sources; }

auto remit_sources_add_policies(remit_sources* sources, remit_string name, remit_string text, remit_policy_format format,
                                remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"sources", sources}, {"name", name}, {"text", text}}); !given) return given;
    if (format != REMIT_POLICIES_AS_TEXT && format != REMIT_POLICIES_AS_JSON) return FailArgument("there is no such format of policies");
    sources->policies.push_back({.name = Copy(name), .text = Copy(text), .format = format});
    return {};
  });
}

auto remit_sources_add_links(remit_sources* sources, remit_string name, remit_string json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"sources", sources}, {"name", name}, {"json", json}}); !given) return given;
    sources->links.push_back({.name = Copy(name), .text = Copy(json)});
    return {};
  });
}

auto remit_sources_add_schema(remit_sources* sources, remit_string name, remit_string text, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"sources", sources}, {"name", name}, {"text", text}}); !given) return given;
    sources->schema.push_back({.name = Copy(name), .text = Copy(text)});
    return {};
  });
}

auto remit_sources_add_entities(remit_sources* sources, remit_string name, remit_string json, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"sources", sources}, {"name", name}, {"json", json}}); !given) return given;
    sources->entities.push_back({.name = Copy(name), .text = Copy(json)});
    return {};
  });
}
