// The body of every answer that is not the one asked for.
//
//   {"error": {"code": "unknown-ticket", "message": "..", "pointer"?: "/principal", "help"?: ".."}}
#pragma once

#include <span>

#include "runtime/base/error.h"
#include "runtime/server/http.h"

namespace remit::server {

void Fail(Response& response, int status, const Error& error);
void Fail(Response& response, int status, std::string_view code, std::string_view message, std::string_view help = {});

// The status an error of ours has, by its code: 400 for the caller's mistakes, 404 for what is unknown, 409 for what is no longer so, 503 for stores
// that are away.
auto StatusOf(const Error& error) -> int;
inline void Fail(Response& response, const Error& error) { Fail(response, StatusOf(error), error); }

}  // namespace remit::server
