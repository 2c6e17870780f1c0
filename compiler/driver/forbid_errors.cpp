#include "compiler/driver/forbid_errors.h"

#include <atomic>

namespace remit {
namespace {

std::atomic<bool> forbid_errors_deny{false};

}  // namespace

void SetForbidErrorsDeny(bool deny) { forbid_errors_deny = deny; }
auto ForbidErrorsDeny() -> bool { return forbid_errors_deny; }

}  // namespace remit
