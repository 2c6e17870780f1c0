#include "runtime/approval/canonical_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include "runtime/approval/canonical_json.h"
#include "runtime/value/format.h"

namespace remit::approval {
namespace {

enum class Trouble : uint8_t { None, TooLarge, TooDeep };

class Writer {
 public:
  Writer(const Interner& interner, const ApprovalLimits& limits) : interner_(interner), limits_(limits) {}

  void Write(const Value& value) {
    if (out_.size() > limits_.max_request_bytes) trouble_ = Trouble::TooLarge;
    if (depth_ > limits_.max_depth) trouble_ = Trouble::TooDeep;
    if (trouble_ != Trouble::None) return;
    ++depth_;
    WriteByKind(value);
    --depth_;
  }

  auto Finish() && -> Expected<std::string> {
    if (out_.size() > limits_.max_request_bytes) trouble_ = Trouble::TooLarge;
    if (trouble_ == Trouble::None) return std::move(out_);
    const bool is_large = trouble_ == Trouble::TooLarge;
    return std::unexpected(
        Error{.code = is_large ? "approval-request-too-large" : "approval-request-too-deep",
              .message = is_large ? fmt::format("a request of more than {} bytes cannot be approved", limits_.max_request_bytes)
                                  : fmt::format("a context nested deeper than {} cannot be approved", limits_.max_depth),
              .pointer = "/context",
              .help = {}});
  }

 private:
  void WriteByKind(const Value& value) {
    switch (value.kind()) {
      case Kind::Bool: out_ += value.as_bool() ? "true" : "false"; return;
      case Kind::Long: fmt::format_to(std::back_inserter(out_), "{}", value.as_long()); return;
      case Kind::String: return AppendCanonicalString(out_, value.as_string());
      case Kind::Set: return WriteSet(value.as_set());
      case Kind::Record: return WriteRecord(value.as_record());
      case Kind::Entity: return WriteEntity(value.as_entity());
      case Kind::Ip: return WriteExtension("ip", FormatIp(value.as_ip()));
      case Kind::Decimal: return WriteExtension("decimal", FormatDecimal(value.as_decimal()));
      case Kind::Datetime: return WriteDatetime(value.as_datetime());
      case Kind::Duration: return WriteExtension("duration", FormatDuration(value.as_duration()));
      case Kind::Url:
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: return WriteExtension(KindName(value.kind()), CanonicalText(value));
    }
  }

  void WriteExtension(std::string_view function, std::string_view argument) {
    out_ += R"({"__extn":{"arg":)";
    AppendCanonicalString(out_, argument);
    out_ += R"(,"fn":)";
    AppendCanonicalString(out_, function);
    out_ += "}}";
  }

  // Outside of the years that a text can spell: as an offset from 1970.
  void WriteDatetime(Datetime time) {
    if (const auto text = FormatDatetime(time)) return WriteExtension("datetime", *text);
    out_ += R"({"__extn":{"args":[)";
    WriteExtension("datetime", "1970-01-01");
    out_ += ',';
    WriteExtension("duration", FormatDuration({.millis = time.millis}));
    out_ += R"(],"fn":"offset"}})";
  }

  void WriteEntity(EntityUid uid) {
    out_ += R"({"__entity":{"id":)";
    AppendCanonicalString(out_, interner_.text(uid.id));
    out_ += R"(,"type":)";
    AppendCanonicalString(out_, interner_.text(uid.type));
    out_ += "}}";
  }

  // Elements are sorted by symbols, which differ from node to node: they are written where they stand and put in order afterwards.
  void WriteSet(SetView set) {
    out_ += '[';
    const size_t begin = out_.size();
    std::vector<size_t> ends;
    ends.reserve(std::min<size_t>(set.size(), limits_.max_request_bytes));
    for (const Value& element : set) {
      Write(element);
      if (trouble_ != Trouble::None) return;
      ends.push_back(out_.size());
    }
    if (set.size() > 1) SortElements(begin, ends);
    out_ += ']';
  }

  void SortElements(size_t begin, std::span<const size_t> ends) {
    const std::string unsorted = out_.substr(begin);
    std::vector<std::string_view> elements;
    elements.reserve(ends.size());
    for (size_t at = begin; const size_t end : ends) {
      elements.push_back(std::string_view(unsorted).substr(at - begin, end - at));
      at = end;
    }
    std::ranges::sort(elements);
    out_.resize(begin);
    for (const auto element : elements) {
      if (out_.size() > begin) out_ += ',';
      out_ += element;
    }
  }

  void WriteRecord(RecordView record) {
    auto fields = FieldsByName(record, interner_);
    std::ranges::sort(fields, ComesBefore, [](const auto& field) { return field.first; });
    const bool wrap = std::ranges::any_of(fields, [](const auto& field) { return field.first.starts_with("__"); });
    if (wrap) out_ += R"({"__record":)";
    out_ += '{';
    for (bool is_first = true; const auto& [key, value] : fields) {
      if (!is_first) out_ += ',';
      is_first = false;
      AppendCanonicalString(out_, key);
      out_ += ':';
      Write(*value);
      if (trouble_ != Trouble::None) return;
    }
    out_ += wrap ? "}}" : "}";
  }

  const Interner& interner_;
  const ApprovalLimits& limits_;
  std::string out_;
  uint32_t depth_ = 0;
  Trouble trouble_ = Trouble::None;
};

}  // namespace

auto CanonicalValue(const Value& value, const Interner& interner, const ApprovalLimits& limits) -> Expected<std::string> {
  Writer writer(interner, limits);
  writer.Write(value);
  return std::move(writer).Finish();
}

}  // namespace remit::approval
