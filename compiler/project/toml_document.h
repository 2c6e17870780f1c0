// A TOML document as a flat list of settings with their places: what is left of toml++ outside of toml_document.cpp.
//
// Flat, because settings are looked up by their whole key. Tables inside arrays have no such key; the project file has none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/source/diagnostic.h"

namespace remit::project {

enum class TomlType : uint8_t { Text, Integer, Float, Boolean, List, Other };
// `a text`, `a whole number`, ..., for messages.
auto TypeName(TomlType type) -> std::string_view;

struct TomlValue {
  TomlType type;
  Span span;
  std::string text = {};  // as text, whatever it is; not of lists
  int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  std::vector<TomlValue> elements = {};
};

struct TomlEntry {
  std::string key;  // whole: `lint.levels.broad-permit`
  Span key_span;    // of its last part
  TomlValue value;
};

// In the order of the file. Nothing after reporting what is no TOML.
auto ReadToml(FileId file, const SourceManager& sources, DiagnosticSink& sink) -> std::optional<std::vector<TomlEntry>>;

}  // namespace remit::project
