#include "runtime/server/router.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace remit::server {
namespace {

auto IsCapture(std::string_view segment) -> bool { return segment.starts_with('{'); }

auto Split(std::string_view path) -> std::vector<std::string_view> {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  while (true) {
    const size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return segments;
    path.remove_prefix(end + 1);
  }
}

// Whether the path has these segments; `captures` are filled as far as it does.
auto Matches(const std::vector<std::string_view>& segments, std::string_view path, RouteMatch& match) -> bool {
  match.captured = 0;
  path.remove_prefix(1);
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].ends_with("...}")) {
      match.captures[match.captured++] = path;
      return true;
    }
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view given = path.substr(0, end);
    const bool is_last_given = end == path.size();
    if (is_last_given != (i + 1 == segments.size())) return false;
    if (IsCapture(segments[i])) {
      if (given.empty()) return false;
      match.captures[match.captured++] = given;
    } else if (given != segments[i]) {
      return false;
    }
    if (!is_last_given) path.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

void Router::Add(Route route) {
  CHECK(route.pattern.starts_with('/'));
  routes_.push_back(std::move(route));
  const Route& added = routes_.back();
  const auto number = static_cast<uint32_t>(routes_.size());
  ByMethod* by_method = nullptr;
  if (added.pattern.find('{') == std::string_view::npos) {
    by_method = &literal_[added.pattern];
  } else {
    const auto segments = Split(added.pattern);
    CHECK(static_cast<size_t>(std::ranges::count_if(segments, IsCapture)) <= kMaxCaptures);
    auto it = std::ranges::find(patterns_, segments, &Pattern::segments);
    if (it == patterns_.end()) it = patterns_.insert(patterns_.end(), {.segments = segments});
    by_method = &it->routes;
  }
  uint32_t& slot = (*by_method)[static_cast<size_t>(added.method)];
  CHECK(slot == 0);
  slot = number;
}

void Router::Find(const ByMethod& routes, Method method, RouteMatch& match) const {
  for (size_t i = 0; i < kMethods; ++i) {
    if (routes[i] != 0) match.allowed |= uint32_t{1} << i;
  }
  constexpr uint32_t kGet = uint32_t{1} << static_cast<uint32_t>(Method::Get);
  if ((match.allowed & kGet) != 0) match.allowed |= uint32_t{1} << static_cast<uint32_t>(Method::Head);
  uint32_t found = routes[static_cast<size_t>(method)];
  if (found == 0 && method == Method::Head) found = routes[static_cast<size_t>(Method::Get)];
  if (found != 0) match.route = &routes_[found - 1];
}

auto Router::Find(Method method, std::string_view path) const -> RouteMatch {
  RouteMatch match;
  if (!path.starts_with('/')) return match;
  if (const auto it = literal_.find(path); it != literal_.end()) {
    Find(it->second, method, match);
    return match;
  }
  for (const Pattern& pattern : patterns_) {
    if (!Matches(pattern.segments, path, match)) continue;
    Find(pattern.routes, method, match);
    return match;
  }
  match.captured = 0;
  return match;
}

auto AllowedMethods(uint32_t allowed) -> std::string {
  std::string out;
  for (size_t i = 0; i < kMethods; ++i) {
    if ((allowed >> i & 1) == 0) continue;
    if (!out.empty()) out += ", ";
    out += MethodName(static_cast<Method>(i));
  }
  return out;
}

}  // namespace remit::server
