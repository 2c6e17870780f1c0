#include "compiler/est/strict_json.h"

#include <algorithm>
#include <vector>

#include "runtime/base/text.h"

namespace remit {
namespace {

// Builds the document from the parser's events. Open containers are pointers into the document: only the innermost one
// grows, so they stay valid.
class DocumentBuilder {
 public:
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  DocumentBuilder(const Limits& limits, DiagnosticSink& sink) : limits_(limits), sink_(sink) {}

  auto null() -> bool { return Place(nullptr); }
  auto boolean(bool value) -> bool { return Place(value); }
  // Only texts with a sign come here, so zero is `-0`, which is a float to Cedar's reader.
  auto number_integer(number_integer_t value) -> bool { return value == 0 ? Place(-0.0) : Place(value); }
  auto number_unsigned(number_unsigned_t value) -> bool { return Place(value); }
  auto number_float(number_float_t value, const string_t&) -> bool { return Place(value); }
  auto string(string_t& value) -> bool { return Place(std::move(value)); }
  auto binary(binary_t&) -> bool { return false; }

  auto start_object(size_t) -> bool { return Open(Json::object()); }
  auto start_array(size_t) -> bool { return Open(Json::array()); }
  auto end_array() -> bool { return Close(); }
  auto end_object() -> bool { return KeysDiffer(*open_.back()) && Close(); }
  auto key(string_t& name) -> bool {
    key_ = std::move(name);
    return true;
  }

  auto parse_error(size_t position, const std::string& token, const nlohmann::detail::exception&) -> bool {
    constexpr size_t kLongestExcerpt = 40;
    const auto shown = token.size() > kLongestExcerpt ? token.substr(token.size() - kLongestExcerpt) : token;
    sink_.Report(DiagnosticCode::JsonInvalid, Span{}, fmt::format("unexpected input at byte {}, near `{}`", position, EscapeBytes(shown)))
        .pointer = Pointer();
    return false;
  }

  auto take() -> Json { return std::move(root_); }

 private:
  // The excerpt may be cut inside a character or be no text at all.
  static auto EscapeBytes(std::string_view bytes) -> std::string {
    std::string out;
    for (const char c : bytes) out += c >= 0x20 && c < 0x7F ? c : '?';
    return out;
  }

  auto Place(Json value) -> bool {
    Insert(std::move(value));
    return true;
  }

  auto Insert(Json value) -> Json& {
    if (open_.empty()) return root_ = std::move(value);
    Json& parent = *open_.back();
    if (parent.is_object()) return AppendMember(parent, key_, std::move(value));
    parent.push_back(std::move(value));
    return parent.back();
  }

  auto Open(Json container) -> bool {
    if (open_.size() >= limits_.max_json_depth) {
      sink_.Report(DiagnosticCode::NestingTooDeep, Span{}, limits_.max_json_depth).pointer = Pointer();
      return false;
    }
    open_.push_back(&Insert(std::move(container)));
    return true;
  }

  auto Close() -> bool {
    open_.pop_back();
    return true;
  }

  auto KeysDiffer(const Json& object) -> bool {
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const auto& [name, value] : object.items()) keys.push_back(name);
    std::ranges::sort(keys);
    const auto repeated = std::ranges::adjacent_find(keys);
    if (repeated == keys.end()) return true;
    sink_.Report(DiagnosticCode::JsonDuplicateKey, Span{}, *repeated).pointer = Pointer() + PointerStep(*repeated);
    return false;
  }

  // The innermost open container: each one is the last child of the one around it.
  auto Pointer() const -> std::string {
    std::string pointer;
    for (size_t i = 0; i + 1 < open_.size(); ++i) {
      const Json& parent = *open_[i];
      if (parent.is_object()) {
        pointer += PointerStep(std::prev(parent.end()).key());
      } else {
        pointer += PointerStep(std::to_string(parent.size() - 1));
      }
    }
    return pointer;
  }

  const Limits& limits_;
  DiagnosticSink& sink_;
  Json root_;
  std::vector<Json*> open_;
  std::string key_;
};

}  // namespace

auto ParseStrictJson(std::string_view text, const Limits& limits, DiagnosticSink& sink) -> std::optional<Json> {
  if (text.size() > limits.max_json_bytes) {
    sink.Report(DiagnosticCode::FileTooLarge, Span{}, text.size(), limits.max_json_bytes);
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    sink.Report(DiagnosticCode::JsonInvalid, Span{}, "it begins with a byte order mark");
    return std::nullopt;
  }
  if (const auto offset = FindInvalidUtf8(text)) {
    sink.Report(DiagnosticCode::InvalidUtf8, Span{}).help = fmt::format("the first invalid byte is at offset {}", *offset);
    return std::nullopt;
  }
  DocumentBuilder builder{limits, sink};
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return builder.take();
}

auto AppendMember(Json& object, std::string_view key, Json value) -> Json& {
  auto& members = static_cast<Json::object_t::Container&>(object.get_ref<Json::object_t&>());
  // Members have constant keys, so a vector that grows copies them, whole subtrees of them. Most objects here have one or two.
  if (members.empty()) members.reserve(2);
  return members.emplace_back(std::string{key}, std::move(value)).second;
}

}  // namespace remit
