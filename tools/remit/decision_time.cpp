#include "tools/remit/decision_time.h"

#include <chrono>

#include "stdlib/datetime.h"

namespace remit::cli {

void DecisionTime::AddOption(CLI::App& verb) {
  const auto set = [this](const std::string& text) {
    const auto time = ParseDatetime(String(text));
    if (!time) throw CLI::ValidationError("--now", time.error());
    given_ = *time;
  };
  verb.add_option_function<std::string>("--now", set, "The time that `now()` gives, as in datetime(\"..\"): the clock's by default")
      ->option_text("DATETIME");
}

auto DecisionTime::Read() const -> Datetime {
  if (given_) return *given_;
  using namespace std::chrono;
  return {.millis = floor<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

}  // namespace remit::cli
