// The engine as a program that embeds it sees it: include/remit/remit.h, from libremit.so, with all that it checks and copies.
#include <remit/remit.h>

#include <iostream>

#include "bench/remit_engines.h"

namespace remit::bench {
namespace {

constexpr const char* kName = "remit-capi";

auto View(const std::string& text) -> remit_string { return {text.data(), text.size()}; }

class CapiBench {
 public:
  explicit CapiBench(const Workload& workload) : workload_(workload) {
    remit_engine_options options = REMIT_ENGINE_OPTIONS_INIT;
    options.tier = REMIT_TIER_EAGER;
    Check(remit_engine_new(&options, &engine_, &error_));
    Check(remit_sources_new(&sources_, &error_));
    Check(remit_sources_add_schema(sources_, remit_str("schema"), View(workload.Text("schema.cedarschema")), &error_));
    Check(remit_sources_add_policies(sources_, remit_str("policies"), View(workload.Text("policies.cedar")), REMIT_POLICIES_AS_TEXT,
                                     &error_));
    if (workload.Has("links.json"))
      Check(remit_sources_add_links(sources_, remit_str("links"), View(workload.Text("links.json")), &error_));
    Check(remit_sources_add_entities(sources_, remit_str("entities"), View(workload.Text("entities.json")), &error_));
    Check(remit_engine_load(engine_, sources_, nullptr, &error_));
    Check(remit_session_new(engine_, &session_, &error_));
  }
  ~CapiBench() {
    remit_session_free(session_);
    remit_sources_free(sources_);
    remit_engine_free(engine_);
  }
  CapiBench(const CapiBench&) = delete;
  auto operator=(const CapiBench&) -> CapiBench& = delete;

  void Run() {
    for (const auto& file : workload_.Files()) {
      const auto texts = workload_.Requests(file);
      RunPrepared(file, texts);
      Take(file, "strings", [&](size_t i) {
        const auto fields = Fields(texts[i]);
        const remit_decision* decision = nullptr;
        Check(remit_decide_fields(session_, &fields, nullptr, &decision, &error_));
        return decision;
      });
      RunJson(file, file, "json");
    }
    if (!workload_.Has("slices.json")) return;
    Check(remit_engine_load_entities(engine_, remit_str("entities"), remit_str("[]"), &error_));
    RunJson("requests", "slices", "json-slice");
  }

 private:
  static auto Fields(const RequestText& text) -> remit_request_fields {
    const auto uid = [](const Uid& value) { return remit_uid{View(value.type), View(value.id)}; };
    return {.size = sizeof(remit_request_fields),
            .principal = uid(text.principal),
            .action = uid(text.action),
            .resource = uid(text.resource),
            .context = nullptr,
            .context_json = {nullptr, 0}};
  }

  void RunPrepared(const std::string& file, const std::vector<RequestText>& texts) {
    std::vector<remit_request*> requests(texts.size());
    for (size_t i = 0; i < texts.size(); ++i) {
      const auto fields = Fields(texts[i]);
      Check(remit_request_new(engine_, &fields, &requests[i], &error_));
    }
    Take(file, "prepared", [&](size_t i) {
      const remit_decision* decision = nullptr;
      Check(remit_decide(session_, requests[i], nullptr, &decision, &error_));
      return decision;
    });
    for (auto* request : requests) remit_request_free(request);
  }

  void RunJson(const std::string& file, const std::string& source, const std::string& mode) {
    std::vector<std::string> texts;
    for (const auto& value : workload_.Json(source + ".json")) texts.push_back(value.dump());
    Take(file, mode, [&](size_t i) {
      const remit_decision* decision = nullptr;
      Check(remit_decide_json(session_, View(texts[i]), nullptr, &decision, &error_));
      return decision;
    });
  }

  template <typename Call>
  void Take(const std::string& file, const std::string& mode, Call call) {
    Measure(workload_, file, {.name = kName, .version = "dev", .mode = mode}, call, [&](size_t i) { return ToAnswer(call(i)); });
    if (remit_session_interpreted(session_) != 0) Fail("not all was native");
  }

  static auto ToAnswer(const remit_decision* decision) -> Answer {
    Answer answer{.allow = remit_decision_outcome(decision) == REMIT_EXECUTE, .reason = {}, .errors = remit_decision_error_count(decision)};
    for (size_t i = 0; i < remit_decision_determining_count(decision); ++i) {
      const remit_string id = remit_decision_determining(decision, i);
      answer.reason.emplace_back(id.data, id.size);
    }
    std::ranges::sort(answer.reason);
    return answer;
  }

  void Check(remit_status status) const {
    if (status != REMIT_OK) Fail(std::string(remit_error_text(error_).data, remit_error_text(error_).size));
  }
  [[noreturn]] static void Fail(const std::string& what) {
    std::cerr << kName << ": " << what << "\n";
    std::exit(3);
  }

  const Workload& workload_;
  remit_engine* engine_ = nullptr;
  remit_sources* sources_ = nullptr;
  remit_session* session_ = nullptr;
  remit_error* error_ = nullptr;
};

}  // namespace

void MeasureCapi(const Workload& workload) {
  if (workload.Text("policies.cedar").size() > (size_t{60} << 20)) return;  // more than one source may hold
  CapiBench(workload).Run();
}

}  // namespace remit::bench
