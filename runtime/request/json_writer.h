// Values and entities as Cedar's JSON, at the end of a text that is there already: records of decisions are written on the decision path.
#pragma once

#include <string>

#include "runtime/entity/entity.h"

namespace remit {

// As ValueToJson writes it.
void AppendValueJson(std::string& out, const Value& value, const Interner& interner);

// `{"uid":..,"attrs":{..},"tags":{..},"parents":[..]}`, as entities are read. Without tags, if there are none.
void AppendEntityJson(std::string& out, const Entity& entity, const Interner& interner);

}  // namespace remit
