// The version that `remit --version` prints.
#pragma once

#include <string>

namespace remit::cli {

inline auto VersionText() -> std::string { return "remit " REMIT_VERSION " (Cedar language 4.5)"; }

}  // namespace remit::cli
