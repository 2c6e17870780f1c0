// stdlib/packs/server.remit, as text.
#pragma once

#include <string_view>

namespace remit::server {

extern const std::string_view kServerPack;

}  // namespace remit::server
