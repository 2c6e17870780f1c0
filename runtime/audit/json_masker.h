// JSON copied as it is, but for the values at some paths.
//
// Values that are not masked keep their bytes: numbers their digits, strings their escapes. A parser with a tree, the alternative, writes another text than
// the one that was decided on.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace remit::audit {

// Called with where a value is (RFC 6901) and its text; what it returns takes the value's place.
using ReplaceValue = std::function<std::string(std::string_view pointer, std::string_view value)>;

// `paths`: names of members from the outermost in, `*` is any; elements of arrays are looked into. `root`: where the document is. Error: "mask-unreadable".
auto MaskJson(std::string_view json, std::span<const std::vector<std::string>> paths, std::string_view root, const ReplaceValue& replace)
    -> Expected<std::string>;

// An array of entities; of each path the first name is that of a type, the others are below its `attrs`.
auto MaskEntitiesJson(std::string_view json, std::span<const std::vector<std::string>> paths, std::string_view root,
                      const ReplaceValue& replace) -> Expected<std::string>;

}  // namespace remit::audit
