// A session of random edits: what is wrong is the same as for a server that starts with the texts as they are.
//
// REMIT_LSP_EDITS (1000) says how many edits, REMIT_LSP_SEED (1) which.
#include <random>

#include "tests/unit/lsp/client.h"

namespace remit::lsp::test {
namespace {

auto Number(const char* name, uint64_t otherwise) -> uint64_t {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

const std::vector<std::string> kPieces = {
    "permit (principal, action, resource);\n",
    "@id(\"a\")\npermit (principal is Agent, action == Action::\"refund\", resource) when { context.amount_cents > 3 };\n",
    "forbid (principal, action, resource) when { principal.levle > 1 };\n",
    "budget spend (principal is Agent, action == Action::\"refund\", resource) per { principal } limit { 5 } each day;\n",
    "budget spend (principal is Agent, action, resource) when { budget has refunds } limit { decimal(\"5.0\") };\n",
    "restrict (principal is Agent, action, resource) to draft when { budget has spend && budget.spend.after > 3 };\n",
    "permit (principal is Agent, action, resource) when { budget.spedn.used > 3 };\n",
    "escalate (principal, action == Action::\"refund\", resource) approval { by: [Role::\"r\"], expires: duration(\"1h\") };\n",
    "breaker crm (principal, action, resource) trip { failures > 3 } within { duration(\"1m\") } cooldown { duration(\"1m\") };\n",
    "test \"t\" {\n  request (User::\"a\", Action::\"read\", Order::\"o\");\n  expect deny by \"a\", \"policy1\";\n}\n",
    "// remit: allow(broad-permit) a reason\n",
    "// remit: allow-file(missing-id) tests\n",
    "// remit: allow(any-action, missing-id)\n",
    "entity Extra = { a: Long };\n",
    "permit",
    "(",
    ")",
    "{",
    "}",
    ";",
    "\"",
    "//",
    "\n",
    " ",
    "when",
    ".",
    "&&",
    "@id(\"b\")",
    "principal",
    "\\",
    "\xC3\xA4",
    "\U0001F600",
    "::",
    "\r\n",
};

struct Session {
  Session(uint64_t seed, uint64_t wanted) : random(seed), edits(wanted), client(folder) {}

  std::mt19937_64 random;
  uint64_t edits;
  Folder folder;
  std::map<std::string, std::string> texts;
  Client client;

  auto Below(size_t limit) -> size_t { return limit == 0 ? 0 : random() % limit; }
  auto AnyFile() -> std::string { return std::next(texts.begin(), static_cast<ptrdiff_t>(Below(texts.size())))->first; }

  // On the beginning of a character, so that no edit makes text that is none.
  auto AnyOffset(const std::string& text) -> size_t {
    auto at = Below(text.size() + 1);
    while (at < text.size() && (static_cast<uint8_t>(text[at]) & 0xC0) == 0x80) ++at;
    return at;
  }

  void Replace(const std::string& name, size_t begin, size_t end, const std::string& with) {
    const TextDocument document(texts[name]);
    const auto position = [&](size_t offset) {
      const auto at = document.PositionAt(static_cast<uint32_t>(offset), Encoding::Utf16);
      return Json{{"line", at.line}, {"character", at.character}};
    };
    // An editor cannot point between a carriage return and its line feed, so neither do we.
    begin = document.OffsetAt(document.PositionAt(static_cast<uint32_t>(begin), Encoding::Utf16), Encoding::Utf16);
    end = document.OffsetAt(document.PositionAt(static_cast<uint32_t>(end), Encoding::Utf16), Encoding::Utf16);
    client.Change(name, Json::array({{{"range", {{"start", position(begin)}, {"end", position(end)}}}, {"text", with}}}));
    texts[name].replace(begin, end - begin, with);
  }

  void Edit() {
    const auto name = AnyFile();
    // The schema is rarely what people write, and everything is read again when it changes.
    if (name.ends_with("schema") && Below(8) != 0) return Edit();
    const auto begin = AnyOffset(texts[name]);
    const auto end = std::min(texts[name].size(), begin + Below(40));
    const auto whole = [&](size_t at) {
      while (at < texts[name].size() && (static_cast<uint8_t>(texts[name][at]) & 0xC0) == 0x80) ++at;
      return at;
    };
    switch (Below(6)) {
      case 0: return Replace(name, begin, whole(end), "");
      case 1: return Replace(name, begin, whole(end), kPieces[Below(kPieces.size())]);
      case 2: {  // from one file to another
        const auto text = texts[name].substr(begin, whole(end) - begin);
        Replace(name, begin, whole(end), "");
        const auto other = AnyFile();
        const auto at = AnyOffset(texts[other]);
        return Replace(other, at, at, text);
      }
      case 3: {  // a line twice, or away
        const auto line = texts[name].rfind('\n', begin);
        const auto from = line == std::string::npos ? 0 : line + 1;
        const auto to = std::min(texts[name].find('\n', begin), texts[name].size() - 1) + 1;
        const auto text = texts[name].substr(from, to - from);
        return Replace(name, from, to, Below(2) == 0 ? text + text : "");
      }
      default: return Replace(name, begin, begin, kPieces[Below(kPieces.size())]);
    }
  }

  // Back to something that reads, so that the session does not end in rubble.
  void Mend(const std::string& name, const std::string& text) {
    client.Change(name, Json::array({{{"text", text}}}));
    texts[name] = text;
  }

  void Open(const std::string& name, const std::string& text) {
    client.Open(name, text, name.ends_with("schema") ? "cedarschema" : "remit");
    texts[name] = text;
  }

  auto Fresh() -> std::map<std::string, Json> {
    Client fresh(folder);
    for (const auto& [name, text] : texts) fresh.Open(name, text, name.ends_with("schema") ? "cedarschema" : "remit");
    return NotEmpty(fresh.diagnostics());
  }
  static auto NotEmpty(std::map<std::string, Json> all) -> std::map<std::string, Json> {
    std::erase_if(all, [](const auto& entry) { return entry.second.empty(); });
    return all;
  }
};

TEST(Session, SaysAfterEveryEditWhatAFreshStartSays) {
  const auto seed = Number("REMIT_LSP_SEED", 1);
  const auto edits = Number("REMIT_LSP_EDITS", 1000);
  const std::map<std::string, std::string> texts = {{"schema.cedarschema", kSchema},
                                                    {"a.remit", kPolicies},
                                                    {"b.remit", kPolicies + kPieces[3] + kPieces[5]},
                                                    {"c.cedar", kPieces[1] + kPieces[0]},
                                                    {"d.test.remit", kTests + kPieces[9]}};
  Session session(seed, edits);
  for (const auto& [name, text] : texts) session.Open(name, text);
  for (uint64_t done = 0; done < edits;) {
    const auto batch = 1 + session.Below(20);
    for (size_t i = 0; i < batch && done < edits; ++i, ++done) {
      session.Edit();
      if (session.Below(3) != 0) session.client.Settle();
    }
    if (session.Below(3) == 0) {
      const auto name = session.AnyFile();
      session.Mend(name, texts.at(name));
    }
    if (session.Below(4) == 0) session.Mend("schema.cedarschema", kSchema);
    session.client.Settle();
    const auto fresh = session.Fresh();
    for (const auto& [name, text] : session.texts) {
      const auto said = session.client.DiagnosticsOf(name);
      const auto it = fresh.find(session.folder.uri(name));
      const auto wanted = it == fresh.end() ? Json::array() : it->second;
      ASSERT_EQ(said, wanted) << name << " after " << done << " edits, seed " << seed << ": " << Json::diff(wanted, said).dump(1) << "\n"
                              << text;
    }
    // A long text makes the next edits only slower.
    for (const auto& [name, text] : texts) {
      if (session.texts[name].size() > 8000) session.Mend(name, text);
    }
  }
}

}  // namespace
}  // namespace remit::lsp::test
