// The console at `/console`: pages for people who approve, watch and stop agents (docs/console.md).
//
// It is files: markup, style and scripts, served to anybody, and able to do nothing. Whatever they show or change goes through the native API under the
// credential of whoever sits there, so that the console has no rights of its own and no second way to any data. Pages rendered here, the alternative,
// would need a session and a cookie, which a browser sends for every page that asks it to.
#pragma once

#include "runtime/server/service.h"

namespace remit::console {

void AddConsoleRoutes(server::Service& service);

}  // namespace remit::console
