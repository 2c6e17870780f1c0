// Values that are a text of a known form with its parts found: URLs, paths, e-mail addresses, commands, versions.
//
// Each is made by a builtin of stdlib/, which refuses every text whose meaning is not certain, and is immutable from then on. It consists of
// one text, its canonical form, and places in it, so that a copy copies one string and equality is equality of texts. Keeping a string for
// each part was the alternative; it copies the parts again with every copy of the value.
#pragma once

#include <cstdint>
#include <string_view>

namespace remit {

struct TextRange {
  uint32_t begin = 0;
  uint32_t size = 0;

  auto of(std::string_view text) const -> std::string_view { return text.substr(begin, size); }
};

enum class HostKind : uint8_t { Domain, Ipv4, Ipv6 };

// Why the path of a URL means different things to different readers.
enum class PathDoubt : uint8_t { None, EncodedSeparator, UnclearDots, AboveRoot, BadEscape };

// `storage` is the text that the constructor reads back to an equal value.
struct Url {
  std::string_view storage;
  TextRange scheme;
  TextRange host;  // without the brackets of IPv6
  TextRange path;
  HostKind host_kind = HostKind::Domain;
  PathDoubt path_doubt = PathDoubt::None;
  uint16_t port = 0;  // the effective one; 0: none is given and the scheme has no default

  auto text() const -> std::string_view { return storage; }
};

// A POSIX path without `.`, `..`, empty components and slashes at its end.
struct Path {
  std::string_view storage;
  TextRange name;  // the last component; empty for `/` and `.`
  TextRange extension;  // behind the last dot of the name, empty if there is none

  auto text() const -> std::string_view { return storage; }
  auto is_absolute() const -> bool { return storage.starts_with('/'); }
};

struct Email {
  std::string_view storage;
  TextRange domain;

  auto text() const -> std::string_view { return storage; }
};

// `storage` is the command as text and behind it its words, each ended by a NUL.
struct Command {
  std::string_view storage;
  TextRange words;  // empty for a pipeline
  uint32_t word_count = 0;

  auto text() const -> std::string_view { return storage.substr(0, words.begin); }
  auto is_pipeline() const -> bool { return word_count == 0; }
};

// Without build metadata, which takes no part in equality and order.
struct Semver {
  std::string_view storage;
  int64_t major = 0;
  int64_t minor = 0;
  int64_t patch = 0;
  TextRange prerelease;  // without the hyphen; empty if it is none

  auto text() const -> std::string_view { return storage; }
};

}  // namespace remit
