// What this library is.
#include "runtime/capi/error.h"

#define REMIT_TEXT_OF(x) #x
#define REMIT_TEXT(x) REMIT_TEXT_OF(x)

namespace {

constexpr std::string_view kVersion =
    REMIT_TEXT(REMIT_VERSION_MAJOR) "." REMIT_TEXT(REMIT_VERSION_MINOR) "." REMIT_TEXT(REMIT_VERSION_PATCH);
static_assert(kVersion == REMIT_PROJECT_VERSION, "the header and the project are of one version");

#ifdef REMIT_JIT
#define REMIT_NATIVE "true"
#else
#define REMIT_NATIVE "false"
#endif

constexpr std::string_view kBuildInfo =
    R"({"version":")" REMIT_TEXT(REMIT_VERSION_MAJOR) "." REMIT_TEXT(REMIT_VERSION_MINOR) "." REMIT_TEXT(
        REMIT_VERSION_PATCH) R"(","abi":)" REMIT_TEXT(REMIT_VERSION_MAJOR) R"(,"language":"Cedar 4.5","native":)" REMIT_NATIVE
                                                                           R"(,"architecture":")" REMIT_ARCHITECTURE
                                                                           R"(","compiler":")" REMIT_COMPILER
                                                                           R"(","build":")" REMIT_BUILD_TYPE R"("})";

}  // namespace

auto remit_version() noexcept -> remit_string { return remit::capi::ToC(kVersion); }
auto remit_build_info() noexcept -> remit_string { return remit::capi::ToC(kBuildInfo); }
