// Linking one template from outside the language: the command line's `link`.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/compile_job.h"

namespace remit {

struct NewLink {
  std::string template_id;
  std::string new_id;
  std::string principal;  // an entity as text, `User::"ana"`; empty: not given
  std::string resource;
};

struct LinkedPolicy {
  std::string text;  // the template with its slots filled, as policy text
  std::string json;  // {"templateId", "newId", "values"}
};

// Checks the link as loading would (the template exists, every slot has a value and no other is given, the id is free) and adds it to
// `job.ast.links`. None after reporting.
auto AddLink(CompileJob& job, const NewLink& link, ast::IdConvention convention) -> std::optional<LinkedPolicy>;

// Adds a link's JSON to a file with an array of links.
auto AppendLink(const std::string& path, const std::string& link_json, const Limits& limits) -> Expected<void>;

}  // namespace remit
