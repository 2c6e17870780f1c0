// Routes: what is served, where, for whom; the one table that serves and that the OpenAPI document is made from.
//
// Threads: filled once, then read by any.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/server/caller.h"
#include "runtime/server/http.h"

namespace remit::server {

class Worker;
using Handler = std::function<void(Worker&, const Request&, Response&)>;

// Where a handler runs. Loop: on the connection's own thread, for what takes microseconds. Background: on a thread that may wait for disks, compilers
// and people's stores. Deciding: on the loop, unless decisions have to be durable before they are answered.
enum class Place : uint8_t { Loop, Background, Deciding };

// For the OpenAPI document. Texts are of static life.
struct RouteDocs {
  std::string_view operation = {};  // operationId; empty: the route is not in the document
  std::string_view summary = {};
  std::string_view tag = {};
  std::string_view request = {};  // JSON schema of the body; empty: no body is read
  std::string_view response = {};  // JSON schema of the 200 answer; empty: any
  std::string_view media_type = "application/json";  // of the answer
};

struct Route {
  Method method = Method::Get;
  // Segments; `{name}` captures one, which is not empty, and `{name...}` at the end all that is left. Static life.
  std::string_view pattern = {};
  Right right = Right::Public;
  Place place = Place::Loop;
  Handler handler = {};
  RouteDocs docs = {};
  int not_json = 415;  // the status for a body that is not JSON: protocols differ
};

inline constexpr size_t kMaxCaptures = 4;

struct RouteMatch {
  const Route* route = nullptr;  // null: nothing is served here by this method
  std::array<std::string_view, kMaxCaptures> captures = {};
  size_t captured = 0;
  uint32_t allowed = 0;  // one bit a Method: what is served here at all; 0: nothing
};

class Router {
 public:
  void Add(Route route);
  // HEAD finds what GET does.
  auto Find(Method method, std::string_view path) const -> RouteMatch;
  auto routes() const -> const std::vector<Route>& { return routes_; }

 private:
  using ByMethod = std::array<uint32_t, kMethods>;  // position in `routes_` plus one
  struct Pattern {
    std::vector<std::string_view> segments;  // after the first `/`
    ByMethod routes = {};
  };

  auto Find(const ByMethod& routes, Method method, RouteMatch& match) const -> void;

  std::vector<Route> routes_;
  std::unordered_map<std::string_view, ByMethod> literal_;
  std::vector<Pattern> patterns_;
};

// `GET, HEAD, POST`, for the header Allow.
auto AllowedMethods(uint32_t allowed) -> std::string;

}  // namespace remit::server
