// `remit`: the command line. Flags and `main` only; each verb has a file of its own.
#include <fmt/format.h>

#include "tools/remit/audit.h"
#include "tools/remit/explain.h"
#include "tools/remit/lsp.h"
#include "tools/remit/project_defaults.h"
#include "tools/remit/project_verbs.h"
#include "tools/remit/sign.h"
#include "tools/remit/test.h"
#include "tools/remit/verb.h"
#include "tools/remit/version.h"

auto main(int argc, char** argv) -> int {
  CLI::App app{"Remit: a policy language for software agents.", "remit"};
  app.set_version_flag("--version", remit::cli::VersionText());
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help for every verb");
  app.footer("Exit codes: 0 done, 1 the answer is no (not executed, a test failed, a file would change), 2 wrong usage or input.");

  remit::cli::ExitSlot exit = remit::cli::kDone;
  remit::cli::AddDecide(app, exit);
  remit::cli::AddExplain(app, exit);
  remit::cli::AddCheck(app, exit);
  remit::cli::AddLint(app, exit);
  remit::cli::AddFormat(app, exit);
  remit::cli::AddTranslate(app, exit);
  remit::cli::AddLink(app, exit);
  remit::cli::AddEvaluate(app, exit);
  remit::cli::AddCompile(app, exit);
  remit::cli::AddBuild(app, exit);
  remit::cli::AddInspect(app, exit);
  remit::cli::AddValidateEntities(app, exit);
  remit::cli::AddValidateRequest(app, exit);
  remit::cli::AddSchema(app, exit);
  remit::cli::AddPartial(app, exit);
  remit::cli::AddQuery(app, exit);
  remit::cli::AddTest(app, exit);
  remit::cli::AddRunTests(app, exit);
  remit::cli::AddSettle(app, exit);
  remit::cli::AddExtend(app, exit);
  remit::cli::AddBudgets(app, exit);
  remit::cli::AddEscalations(app, exit);
  remit::cli::AddQuarantine(app, exit);
  remit::cli::AddKeys(app, exit);
  remit::cli::AddAudit(app, exit);
  remit::cli::AddReplay(app, exit);
  remit::cli::AddSign(app, exit);
  remit::cli::AddServe(app, exit);
  remit::cli::AddLsp(app, exit);
  remit::cli::AddInit(app, exit);
  remit::cli::AddProject(app, exit);
  remit::cli::AddCompletions(app, exit);
  remit::cli::ProjectDefaults defaults(app, argc, argv);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? remit::cli::kDone : remit::cli::kFailed;
  }
  return exit;
}
