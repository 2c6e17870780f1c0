// What a decision costs if the policies are written in C++ by hand over dense numbers: the floor that the native engine is held to.
//
// usage: floors FOLDER
//
// Each floor reports every determining policy, like an engine must; each may use that it knows the policies, and nothing of the answers.
#include <array>
#include <iostream>
#include <utility>

#include "bench/floors/gdrive.h"
#include "bench/floors/gdrive_templates.h"
#include "bench/floors/github.h"
#include "bench/floors/tinytodo.h"
#include "bench/measure.h"

namespace remit::bench::floors {
namespace {

const Label kLabel{.name = "floor", .version = "C++", .mode = "prepared"};

auto ToAnswer(std::vector<std::string> reason) -> Answer {
  std::ranges::sort(reason);
  const bool allow = !reason.empty();
  return {.allow = allow, .reason = std::move(reason)};
}

template <typename Floor>
auto Run(const Workload& workload) -> void {
  const Floor floor(workload);
  for (const auto& file : workload.Files()) {
    std::vector<typename Floor::Request> requests;
    for (const auto& text : workload.Requests(file)) requests.push_back(floor.Prepare(text));
    if constexpr (requires { floor.Decide(requests[0]); }) {
      const auto read = [&](size_t i) { return ToAnswer(floor.Reason(floor.Decide(requests[i]))); };
      Measure(workload, file, kLabel, [&](size_t i) { return floor.Decide(requests[i]); }, read);
    } else {
      typename Floor::Result result;
      const auto decide = [&](size_t i) -> const auto& {
        floor.Decide(requests[i], result);
        return result;
      };
      Measure(workload, file, kLabel, decide, [&](size_t i) { return ToAnswer(floor.Reason(decide(i))); });
    }
  }
}

}  // namespace
}  // namespace remit::bench::floors

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc != 2) {
    std::cerr << "usage: floors FOLDER\n";
    return 2;
  }
  const auto workload = Workload::Open(std::filesystem::path(argv[1]).lexically_normal());
  if (workload.app == "gdrive") floors::Run<floors::Gdrive>(workload);
  if (workload.app == "github") floors::Run<floors::Github>(workload);
  if (workload.app == "tinytodo" || workload.app == "scale-entities" || workload.app == "scale-depth")
    floors::Run<floors::TinyTodo>(workload);
  if (workload.app == "gdrive-templates" || workload.app == "scale-links") floors::Run<floors::GdriveTemplates>(workload);
}
