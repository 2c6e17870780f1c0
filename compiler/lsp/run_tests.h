// Running tests of a project as its texts are now, saved or not.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "compiler/lsp/project.h"
#include "compiler/testing/run_suite.h"

namespace remit::lsp {

struct TestAnswer {
  size_t passed = 0;
  size_t failed = 0;
  std::string report;  // for people
  std::string text;    // of the extra text, with its expectations as they came out
};

// On the interpreter, which agrees with native code and starts at once. `extra` is policy text besides the project's; its expectations are made what
// comes out. The error is what keeps anything from running, for people.
auto RunTests(const Project& project, const std::function<bool(std::string_view title)>& wanted, const std::string& extra = {})
    -> std::expected<TestAnswer, std::string>;

}  // namespace remit::lsp
