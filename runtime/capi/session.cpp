#include "runtime/capi/session.h"

using namespace remit::capi;

auto remit_session_new(remit_engine* engine, remit_session** session, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"session", session}}); !given) return given;
    *session = nullptr;
    *session = new remit_session(engine->state);
    return {};
  });
}

void remit_session_free(remit_session* session) noexcept { delete session; }

void remit_session_release(remit_session* session) noexcept {
  if (session == nullptr) return;
  Clear(session->decision);
  session->session.Release();
  session->names.Release();
  session->entities.reset();
  session->request.reset();
  session->answers = {};
}

auto remit_session_interpreted(const remit_session* session) noexcept -> uint64_t {
  return session != nullptr ? session->session.interpreted() : 0;
}
