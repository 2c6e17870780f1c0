// A log's records in their order, of files that another process may be writing: up to the last commit, without checking what they hash to.
//
// That what is read is what was written is the business of `VerifyLog`. Threads: one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/audit/segment.h"
#include "runtime/base/error.h"

namespace remit::audit {

// Codes: "audit-file", "audit-file-missing", "audit-tampered" (a file that is no segment, or not the one of its name).
auto ReadSegment(const std::string& path) -> Expected<Segment>;

// From the record of number `first` on, as long as `visit` returns true. The bytes are valid during the call.
using VisitRecord = std::function<bool(uint64_t number, std::string_view bytes)>;
auto ForEachRecord(const std::string& folder, uint64_t first, const VisitRecord& visit) -> Expected<void>;

// "audit-no-record".
auto ReadRecordBytes(const std::string& folder, uint64_t number) -> Expected<std::string>;

// What the log is called, without checking anything.
auto ReadOrigin(const std::string& folder) -> Expected<std::string>;

}  // namespace remit::audit
