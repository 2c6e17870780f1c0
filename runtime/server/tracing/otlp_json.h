// Spans as the OpenTelemetry protocol has them, in its JSON encoding (OTLP 1.x, `ExportTraceServiceRequest`).
//
// JSON and not protobuf: every collector takes both, and this one needs no generated code.
#pragma once

#include <span>
#include <string>

#include "runtime/server/trace.h"

namespace remit::server {

// What all spans of a process have in common.
struct TraceResource {
  std::string service = "remit";  // service.name
  std::string node = {};  // service.instance.id
};

auto SpansToJson(const TraceResource& resource, std::span<const RequestSpan> spans) -> std::string;

}  // namespace remit::server
