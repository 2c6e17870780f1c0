// Results of tests for people and for the tools that read them. Pure functions of the results; whoever calls them writes.
#pragma once

#include <string>

#include "compiler/testing/test_result.h"

namespace remit::tests {

// A line a test, what failed under it, and `N passed, N failed`.
auto FormatText(const SuiteResult& suite, const SourceManager& sources, bool color) -> std::string;

// TAP version 14 (https://testanything.org): a test point a test, with a YAML block under those that failed.
auto FormatTap(const SuiteResult& suite, const SourceManager& sources) -> std::string;

// The XML that JUnit's runners write: a suite an engine, a test case a test.
auto FormatJunit(const SuiteResult& suite, const SourceManager& sources) -> std::string;

// One document: docs/testing.md has its members.
auto FormatJson(const SuiteResult& suite, const SourceManager& sources) -> std::string;

// A failure as people read it: the diagnostic with its source line, and why.
auto FormatFailure(const StepFailure& failure, const SourceManager& sources, bool color) -> std::string;

}  // namespace remit::tests
