// What a test case expects of checking its policies, and whether that came.
//
//   "validation": {"strict": {"errors": [ids], "impossible": [ids]}, "permissive"?: {..}, "levels"?: {"0": {"errors": [ids]}, ..}}
//
// Ids are those of policies, templates and links. `impossible` names the policies warned about as never satisfied.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"

namespace remit {

// One entry a mode: empty if all is as expected, else what is not.
auto CompareValidation(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema, const nlohmann::json& expected)
    -> std::vector<std::string>;

// Cedar's `shouldValidate`: no errors in strict mode. Empty, or what is not as expected.
auto CompareShouldValidate(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema, bool expected) -> std::string;

}  // namespace remit
