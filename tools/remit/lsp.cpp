// remit lsp: the language server, for editors, on standard input and output.
#include "tools/remit/lsp.h"

#include "compiler/lsp/server.h"
#include "tools/remit/version.h"

namespace remit::cli {

void AddLsp(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("lsp", "Serve an editor (Language Server Protocol 3.17) on standard input and output");
  // What editors add by habit; there is no other way to speak.
  static bool is_said = false;
  verb->add_flag("--stdio", is_said, "Speak on standard input and output, which is what it does anyway");
  verb->footer("Exit codes: 0 the editor said goodbye as the protocol says, 1 it did not.");
  verb->callback([&exit] { exit = lsp::Serve(stdin, stdout, REMIT_VERSION); });
}

}  // namespace remit::cli
