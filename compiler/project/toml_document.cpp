// By toml++, whose exceptions end here. It bounds how deep values nest; the size is bounded by who reads the file.
#include "compiler/project/toml_document.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

namespace remit::project {
namespace {

class TomlReader {
 public:
  TomlReader(FileId id, std::string_view text) : id_(id) {
    line_starts_.push_back(0);
    for (uint32_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
      places_.push_back(i);
      if (text[i] == '\n') line_starts_.push_back(places_.size());
    }
    places_.push_back(static_cast<uint32_t>(text.size()));
  }

  void ReadTable(const std::string& prefix, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      if (const toml::table* inner = node.as_table()) {
        ReadTable(key + ".", *inner);
      } else {
        entries_.push_back({.key = key, .key_span = SpanOf(name.source()), .value = ReadValue(node)});
      }
    }
  }

  auto TakeEntries() && -> std::vector<TomlEntry> {
    std::ranges::stable_sort(entries_, {}, [](const TomlEntry& entry) { return entry.key_span.begin; });
    return std::move(entries_);
  }

  auto SpanOf(const toml::source_region& region) const -> Span {
    const uint32_t begin = OffsetOf(region.begin);
    return {.file = id_, .begin = begin, .end = std::max(begin, OffsetOf(region.end))};
  }

 private:
  // Columns of toml++ count code points from one.
  auto OffsetOf(const toml::source_position& position) const -> uint32_t {
    if (position.line == 0) return 0;
    if (position.line > line_starts_.size()) return places_.back();
    const size_t place = line_starts_[position.line - 1] + std::max<size_t>(position.column, 1) - 1;
    return places_[std::min(place, places_.size() - 1)];
  }

  auto ReadValue(const toml::node& node) const -> TomlValue {
    TomlValue value{.type = TomlType::Other, .span = SpanOf(node.source())};
    if (const auto* text = node.as_string()) {
      value.type = TomlType::Text;
      value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
      value.type = TomlType::Integer;
      value.integer = integer->get();
      value.number = static_cast<double>(value.integer);
      value.text = fmt::format("{}", value.integer);
    } else if (const auto* number = node.as_floating_point()) {
      value.type = TomlType::Float;
      value.number = number->get();
      value.text = fmt::format("{}", value.number);
    } else if (const auto* flag = node.as_boolean()) {
      value.type = TomlType::Boolean;
      value.boolean = flag->get();
      value.text = value.boolean ? "true" : "false";
    } else if (const toml::array* array = node.as_array()) {
      value.type = TomlType::List;
      for (const toml::node& element : *array) value.elements.push_back(ReadValue(element));
    }
    return value;
  }

  FileId id_;
  // Where each code point is, and which of them begins each line: places are looked up in no time, however long the lines.
  std::vector<uint32_t> places_;
  std::vector<size_t> line_starts_;
  std::vector<TomlEntry> entries_;
};

// toml++ begins its messages with a capital and ends some with a full stop.
auto AsMessage(std::string_view description) -> std::string {
  std::string message(description);
  if (message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' && message[1] >= 'a' && message[1] <= 'z') {
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  }
  if (message.ends_with('.')) message.pop_back();
  return message;
}

}  // namespace

auto TypeName(TomlType type) -> std::string_view {
  switch (type) {
    case TomlType::Text: return "a text";
    case TomlType::Integer: return "a whole number";
    case TomlType::Float: return "a number";
    case TomlType::Boolean: return "true or false";
    case TomlType::List: return "a list";
    case TomlType::Other: return "a table or time";
  }
  return {};
}

auto ReadToml(FileId id, const SourceManager& sources, DiagnosticSink& sink) -> std::optional<std::vector<TomlEntry>> {
  const SourceFile& file = sources.file(id);
  TomlReader reader(id, file.text());
  try {
    reader.ReadTable({}, toml::parse(file.text(), file.name()));
    return std::move(reader).TakeEntries();
  } catch (const toml::parse_error& error) {
    sink.Report(DiagnosticCode::ProjectSyntax, reader.SpanOf(error.source()), AsMessage(error.description()));
    return std::nullopt;
  }
}

}  // namespace remit::project
