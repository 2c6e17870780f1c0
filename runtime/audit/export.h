// Records in the forms that other tools read, an object for each.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "runtime/audit/record_view.h"

namespace remit::audit {

// Records as RecordToJson has them, with their number; OPA's decision-log events; OCSF's events.
enum class ExportFormat : uint8_t { JsonLines, Opa, Ocsf };

// None: the format has no place for this kind of record. `origin`: what the log is called.
auto ExportRecord(uint64_t number, const RecordView& record, const std::string& origin, ExportFormat format)
    -> std::optional<nlohmann::ordered_json>;

}  // namespace remit::audit
