#include "compiler/lsp/uri.h"

#include <fmt/format.h>

#include <filesystem>

#include "runtime/base/percent.h"

namespace remit::lsp {

auto PathOfUri(std::string_view uri) -> std::optional<std::string> {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  if (!uri.starts_with('/')) uri.remove_prefix(std::min(uri.find('/'), uri.size()));  // a host: this one's
  const auto path = DecodePercentBytes(uri);
  if (!path || path->empty() || path->find('\0') != std::string::npos) return std::nullopt;
  auto normal = std::filesystem::path(*path).lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

auto UriOfPath(std::string_view path) -> std::string {
  std::string uri = "file://";
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' ||
                          c == '.' || c == '~';
    uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<uint8_t>(c));
  }
  return uri;
}

}  // namespace remit::lsp
