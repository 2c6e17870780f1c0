// What untrusted input may cost. Every limit is checked before the work it bounds, and each has an error of its own.
#pragma once

#include <cstddef>
#include <cstdint>

namespace remit {

struct Limits {
  size_t max_source_bytes = size_t{64} << 20;   // one policy or schema file
  size_t max_declaration_bytes = size_t{2} << 20;  // one declaration of a schema
  size_t max_json_bytes = size_t{1} << 30;      // one JSON document
  size_t max_request_bytes = size_t{16} << 20;  // one request of a stream of JSON lines
  uint32_t max_nesting = 400;                   // brackets and `if`s inside one another in policy text
  uint32_t max_statement_tokens = 500'000;      // of one statement of policy text: bounds the memory of its parse tree
  uint32_t max_json_depth = 512;                // arrays and objects inside one another
  uint64_t max_loop_work = 1'000'000;  // of one policy's evaluation: elements that `any` and `all` visit, and lengths of what they read
  // Of making a program for the environments of a schema. Beyond the first and the last it has none, beyond the second some policies are not
  // specialised; decisions are the same.
  uint32_t max_environments = 100'000;
  uint64_t max_type_checks = 4'000'000;  // of a policy in a class of environments
  uint64_t max_environment_work = uint64_t{1} << 27;  // environments that the scopes of policies are held against
  uint32_t max_diagnostics = 100;  // reported for one run; more are counted
};

}  // namespace remit
