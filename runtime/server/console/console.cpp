#include "runtime/server/console/console.h"

#include <algorithm>

#include "runtime/server/console/assets.h"
#include "runtime/server/failure.h"

namespace remit::console {
namespace {

using server::Method;
using server::Request;
using server::Response;
using server::Worker;

// Nothing from elsewhere, nothing inline, no frames, no forms that the browser sends.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

auto TypeOf(std::string_view name) -> std::string_view {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/javascript; charset=utf-8";
}

void Serve(std::string_view name, Response& response) {
  const auto assets = Assets();
  const auto it = std::ranges::find(assets, name, &Asset::name);
  if (it == assets.end()) return server::Fail(response, 404, "not-found", "nothing is served here");
  response.content_type = TypeOf(name);
  response.body = it->text;
  response.AddHeader("Content-Security-Policy", kPolicy);
  response.AddHeader("X-Content-Type-Options", "nosniff");
  response.AddHeader("X-Frame-Options", "DENY");
  response.AddHeader("Referrer-Policy", "no-referrer");
  response.AddHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.AddHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.AddHeader("Cache-Control", "no-cache");
}

}  // namespace

void AddConsoleRoutes(server::Service& service) {
  service.router().Add({.method = Method::Get, .pattern = "/console", .handler = [](Worker&, const Request&, Response& response) {
                          Serve("index.html", response);
                        }});
  service.router().Add({.method = Method::Get,
                        .pattern = "/console/{asset}",
                        .handler = [](Worker&, const Request& request, Response& response) { Serve(request.captures[0], response); }});
}

}  // namespace remit::console
