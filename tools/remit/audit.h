// What the verbs of `remit audit` share: the log, whose signatures count, and the verbs themselves, one file for each kind of question.
#pragma once

#include <string>
#include <vector>

#include "runtime/audit/note.h"
#include "tools/remit/verb.h"

namespace remit::cli {

// Adds the log's folder as the first argument.
void AddLogArgument(CLI::App& verb, std::string& folder);

// `--key`: files in PEM, or verifier keys as `remit audit key` prints them. `--origin`: of keys in PEM; the log's own name if it is not given.
struct AuditKeys {
  std::vector<std::string> keys;
  std::string origin;
};
void AddKeyOptions(CLI::App& verb, AuditKeys& keys);
// `folder` may be empty: then keys in PEM need `--origin`.
auto ReadVerifiers(const AuditKeys& keys, const std::string& folder) -> Expected<std::vector<audit::NoteVerifier>>;

void AddAudit(CLI::App& app, ExitSlot& exit);
void AddReplay(CLI::App& app, ExitSlot& exit);

void AddAuditVerify(CLI::App& audit, ExitSlot& exit);
void AddAuditProve(CLI::App& audit, ExitSlot& exit);
void AddAuditKey(CLI::App& audit, ExitSlot& exit);
void AddAuditShow(CLI::App& audit, ExitSlot& exit);
void AddAuditQuery(CLI::App& audit, ExitSlot& exit);
void AddAuditExport(CLI::App& audit, ExitSlot& exit);
void AddAuditErase(CLI::App& audit, ExitSlot& exit);
void AddAuditRecord(CLI::App& audit, ExitSlot& exit);

}  // namespace remit::cli
