// remit link: gives a template's slots entities, shows the policy that makes, and keeps it in a links file.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/link.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct LinkOptions {
  PolicyOptions policies;
  NewLink link;
  std::string append;
  Format format = Format::Human;
};

auto Run(const LinkOptions& options) -> ExitCode {
  CompileJob job(options.policies.limits);
  if (!LoadPolicyInputs(job, options.policies, options.format)) return kFailed;
  const auto linked = AddLink(job, options.link, options.policies.ids);
  if (!linked) {
    ReportDiagnostics(job, options.format);
    return kFailed;
  }
  if (!options.append.empty()) {
    if (auto done = AppendLink(options.append, linked->json, options.policies.limits); !done)
      return ReportError(done.error(), options.format);
  }
  switch (options.format) {
    case Format::Human: fmt::print("{}", linked->text); break;
    case Format::Json: fmt::print("{}\n", linked->json); break;
  }
  return kDone;
}

}  // namespace

void AddLink(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("link", "Link a template: give its slots entities");
  auto options = std::make_shared<LinkOptions>();
  AddPolicyOptions(*verb, options->policies);
  verb->add_option("--template", options->link.template_id, "Id of the template")->required()->option_text("ID");
  verb->add_option("--id", options->link.new_id, "Id of the linked policy")->required()->option_text("ID");
  verb->add_option("--principal", options->link.principal, "Entity for ?principal, for example 'User::\"ana\"'")->option_text("ENTITY");
  verb->add_option("--resource", options->link.resource, "Entity for ?resource")->option_text("ENTITY");
  verb->add_option("--append", options->append, "Add the link to this file, which is made if it does not exist")->option_text("FILE");
  AddFormatOption(*verb, options->format);
  verb->footer("Prints the linked policy as text, or with --format json the link as JSON. Exit codes: 0 done, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
