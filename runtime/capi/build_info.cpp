// What this library is.
#include "runtime/capi/compiler.h"

#define REMIT_TEXT_OF(x) #x
#define REMIT_TEXT(x) REMIT_TEXT_OF(x)
#define REMIT_VERSION_TEXT REMIT_TEXT(REMIT_VERSION_MAJOR) "." REMIT_TEXT(REMIT_VERSION_MINOR) "." REMIT_TEXT(REMIT_VERSION_PATCH)

// Texts of the whole, so that they are static without being made when the library is loaded.
#define REMIT_BUILD_INFO(sources, native)                                                                                    \
  R"({"version":")" REMIT_VERSION_TEXT                                                                                       \
  R"(","abi":)" REMIT_TEXT(REMIT_VERSION_MAJOR) R"(,"language":"Cedar 4.5","sources":)" sources R"(,"native":)" native       \
                                                R"(,"architecture":")" REMIT_ARCHITECTURE R"(","compiler":")" REMIT_COMPILER \
                                                R"(","build":")" REMIT_BUILD_TYPE R"("})"

namespace {

constexpr std::string_view kVersion = REMIT_VERSION_TEXT;
static_assert(kVersion == REMIT_PROJECT_VERSION, "the header and the project are of one version");

constexpr std::string_view kWithNative = REMIT_BUILD_INFO("true", "true");
constexpr std::string_view kWithCompiler = REMIT_BUILD_INFO("true", "false");
constexpr std::string_view kRuntime = REMIT_BUILD_INFO("false", "false");

}  // namespace

using namespace remit::capi;

auto remit_version() noexcept -> remit_string { return ToC(kVersion); }

auto remit_build_info() noexcept -> remit_string {
  if (!HasCompiler()) return ToC(kRuntime);
  return ToC(HasNativeCompiler() ? kWithNative : kWithCompiler);
}
