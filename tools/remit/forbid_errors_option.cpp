#include "tools/remit/forbid_errors_option.h"

#include "compiler/driver/forbid_errors.h"

namespace remit::cli {

void AddForbidErrorsOption(CLI::App& verb) {
  const auto set = [](const std::string& rule) { SetForbidErrorsDeny(rule == "deny"); };
  verb.add_option_function<std::string>("--forbid-errors", set,
                                        "What a `forbid` that cannot be evaluated does: skip, nothing, as in Cedar; deny")
      ->check(CLI::IsMember({"skip", "deny"}))
      ->option_text("skip|deny");
}

}  // namespace remit::cli
