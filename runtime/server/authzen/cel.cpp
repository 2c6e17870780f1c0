// Reading and evaluating at once. What is not evaluated (the other side of a `?:`, a macro's body before its variable is there) is read all the same, with
// `skips_` set: it has to be well-formed, and gives null.
#include "runtime/server/authzen/cel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "runtime/server/authzen/cel_lexer.h"
#include "runtime/server/authzen/cel_operators.h"

namespace remit::coaz {
namespace {

// A value, or one that may be absent (after `.?`).
struct Operand {
  Json value;
  bool is_optional = false;
  bool is_absent = false;
};

using Result = Expected<Operand>;

auto Of(Json value) -> Operand { return {.value = std::move(value)}; }

class Reader {
 public:
  Reader(std::string_view text, const Variables& variables, const CelLimits& limits)
      : text_(text), variables_(variables), limits_(limits) {}

  auto Run() -> Expected<std::optional<Json>> {
    if (text_.size() > limits_.max_bytes) return CelError("the expression is too long");
    if (auto first = Move(0); !first) return std::unexpected(first.error());
    auto result = ReadTernary();
    if (!result) return std::unexpected(result.error());
    if (token_.word != Word::End) return Unexpected();
    if (result->is_absent) return std::optional<Json>();
    return std::optional(std::move(result->value));
  }

 private:
  // ---- words

  auto Move(size_t at) -> Expected<void> {
    if (++steps_ > limits_.max_steps) return CelError("the expression takes too much work");
    auto token = ReadToken(text_, at);
    if (!token) return std::unexpected(token.error());
    token_ = std::move(*token);
    return {};
  }
  auto Next() -> Expected<void> { return Move(token_.end); }
  auto IsSign(std::string_view sign) const -> bool { return token_.word == Word::Sign && token_.text == sign; }
  auto Unexpected() const -> std::unexpected<Error> {
    return CelError(token_.word == Word::End ? std::string("the expression ends early")
                                             : fmt::format("`{}` is not expected here", token_.text));
  }
  auto Take(std::string_view sign) -> Expected<void> {
    if (!IsSign(sign)) return Unexpected();
    return Next();
  }

  // What follows is read and not evaluated while this lives.
  class Skip {
   public:
    Skip(Reader& reader, bool skips) : reader_(reader), before_(reader.skips_) { reader.skips_ = before_ || skips; }
    ~Skip() { reader_.skips_ = before_; }
    Skip(const Skip&) = delete;
    auto operator=(const Skip&) -> Skip& = delete;

   private:
    Reader& reader_;
    bool before_;
  };

  // A syntax error ends everything; an error of evaluation may be absorbed by `&&` and `||`, and is kept until then.
  auto Failed(std::unexpected<Error> error) -> Result {
    if (skips_) return Of(nullptr);
    if (!failure_) failure_ = std::move(error.error());
    return Of(nullptr);
  }
  auto Settle(Result result) -> Result {
    if (result && failure_ && !skips_) return std::unexpected(*std::exchange(failure_, std::nullopt));
    return result;
  }

  // ---- operators, from the weakest on

  auto ReadTernary() -> Result {
    if (++depth_ > limits_.max_depth) return CelError("the expression is nested too deeply");
    auto result = ReadTernaryInside();
    --depth_;
    return result;
  }

  auto ReadTernaryInside() -> Result {
    auto condition = ReadLogic("||", true);
    if (!condition || !IsSign("?")) return condition;
    condition = Settle(std::move(condition));
    if (!condition) return condition;
    if (auto next = Next(); !next) return std::unexpected(next.error());
    const bool is_bool = condition->value.is_boolean();
    const bool chosen = is_bool && condition->value.get<bool>();
    if (!is_bool && !skips_) return CelError("the condition of `?:` is no boolean");
    const auto read = [&](bool counts) {
      const Skip skip(*this, !counts);
      return ReadTernary();
    };
    auto yes = read(chosen);
    if (!yes) return yes;
    if (auto colon = Take(":"); !colon) return std::unexpected(colon.error());
    auto no = read(!chosen);
    if (!no) return no;
    return chosen ? std::move(yes) : std::move(no);
  }

  auto ReadPart(std::string_view sign) -> Result { return sign == "||" ? ReadLogic("&&", false) : ReadComparison(); }

  // `decisive`: the value that settles it, whatever the other side is, an error included.
  auto ReadLogic(std::string_view sign, bool decisive) -> Result {
    auto left = ReadPart(sign);
    while (left && IsSign(sign)) {
      auto left_failure = std::exchange(failure_, std::nullopt);
      const bool is_settled = !left_failure && left->value.is_boolean() && left->value.get<bool>() == decisive;
      if (!skips_ && !left_failure && !left->value.is_boolean()) return CelError(fmt::format("`{}` needs booleans", sign));
      if (auto next = Next(); !next) return std::unexpected(next.error());
      Result right = Of(nullptr);
      {
        const Skip skip(*this, is_settled);
        right = ReadPart(sign);
      }
      if (!right) return right;
      if (skips_ || is_settled) continue;
      auto right_failure = std::exchange(failure_, std::nullopt);
      if (!right_failure && !right->value.is_boolean()) return CelError(fmt::format("`{}` needs booleans", sign));
      if (!right_failure && right->value.get<bool>() == decisive) {
        left = Of(decisive);
      } else {
        failure_ = left_failure ? std::move(left_failure) : std::move(right_failure);
        left = Of(!decisive);
      }
    }
    return left;
  }

  template <size_t N, typename Read>
  auto ReadChain(const std::array<std::string_view, N>& signs, Read read) -> Result {
    auto left = read();
    while (left) {
      const bool is_word = token_.word == Word::Sign || (token_.word == Word::Name && token_.text == "in");
      const auto* sign = std::find(signs.begin(), signs.end(), token_.text);
      if (!is_word || sign == signs.end()) return left;
      if (auto next = Next(); !next) return std::unexpected(next.error());
      auto right = read();
      if (!right) return right;
      if (skips_ || failure_) continue;
      if (left->is_absent || right->is_absent) {
        left = Failed(CelError("an absent value in an operation"));
        continue;
      }
      auto result = ApplyOperator(*sign, left->value, right->value);
      left = result ? Result(Of(std::move(*result))) : Failed(std::unexpected(result.error()));
    }
    return left;
  }

  auto ReadComparison() -> Result {
    static constexpr std::array<std::string_view, 7> kSigns = {"==", "!=", "<", "<=", ">", ">=", "in"};
    return ReadChain(kSigns, [this] { return ReadSum(); });
  }
  auto ReadSum() -> Result {
    static constexpr std::array<std::string_view, 2> kSigns = {"+", "-"};
    return ReadChain(kSigns, [this] { return ReadProduct(); });
  }
  auto ReadProduct() -> Result {
    static constexpr std::array<std::string_view, 3> kSigns = {"*", "/", "%"};
    return ReadChain(kSigns, [this] { return ReadUnary(); });
  }

  auto ReadUnary() -> Result {
    if (!IsSign("!") && !IsSign("-")) return ReadMember();
    if (++depth_ > limits_.max_depth) return CelError("the expression is nested too deeply");
    const bool is_not = IsSign("!");
    if (auto next = Next(); !next) return std::unexpected(next.error());
    auto operand = ReadUnary();
    --depth_;
    if (!operand || skips_ || failure_) return operand;
    if (is_not) return operand->value.is_boolean() ? Result(Of(!operand->value.get<bool>())) : Failed(CelError("`!` needs a boolean"));
    const Json zero = operand->value.is_number_float() ? Json(0.0) : Json(0);
    auto negated = ApplyOperator("-", zero, operand->value);
    return negated ? Result(Of(std::move(*negated))) : Failed(std::unexpected(negated.error()));
  }

  // ---- members

  auto ReadMember() -> Result {
    auto value = ReadPrimary();
    while (value && token_.word == Word::Sign) {
      const bool is_dot = IsSign(".") || IsSign(".?");
      if (!is_dot && !IsSign("[") && !IsSign("[?")) return value;
      const bool is_optional = token_.text.ends_with('?');
      if (auto next = Next(); !next) return std::unexpected(next.error());
      value = is_dot ? ReadDot(std::move(*value), is_optional) : ReadIndex(std::move(*value), is_optional);
    }
    return value;
  }

  auto ReadDot(Operand base, bool is_optional) -> Result {
    if (token_.word != Word::Name) return Unexpected();
    const std::string name(token_.text);
    if (auto next = Next(); !next) return std::unexpected(next.error());
    if (!is_optional && IsSign("(")) return ReadMethod(std::move(base), name);
    return Select(std::move(base), Json(name), is_optional);
  }

  auto ReadIndex(Operand base, bool is_optional) -> Result {
    auto index = ReadTernary();
    if (!index) return index;
    if (auto closed = Take("]"); !closed) return std::unexpected(closed.error());
    return Select(std::move(base), index->value, is_optional);
  }

  auto Select(Operand base, const Json& key, bool is_optional) -> Result {
    if (skips_ || failure_) return Of(nullptr);
    const bool may_lack = is_optional || base.is_optional;
    if (base.is_absent) return base;
    const Json* found = nullptr;
    if (base.value.is_object() && key.is_string()) {
      const auto it = base.value.find(key.get_ref<const std::string&>());
      if (it != base.value.end()) found = &*it;
    } else if (base.value.is_array() && key.is_number_integer()) {
      const auto at = key.get<int64_t>();
      if (at >= 0 && static_cast<size_t>(at) < base.value.size()) found = &base.value[static_cast<size_t>(at)];
    }
    if (found != nullptr) {
      Json copy = *found;  // `found` is inside what is assigned to
      return Operand{.value = std::move(copy), .is_optional = may_lack};
    }
    if (may_lack) return Operand{.value = nullptr, .is_optional = true, .is_absent = true};
    return Failed(CelError(fmt::format("no such key {}", key.dump(-1, ' ', false, Json::error_handler_t::replace))));
  }

  // ---- calls

  auto ReadMethod(Operand base, const std::string& name) -> Result {
    if (name == "exists" || name == "exists_one" || name == "all" || name == "filter" || name == "map")
      return ReadMacro(std::move(base), name);
    auto arguments = ReadArguments();
    if (!arguments) return std::unexpected(arguments.error());
    if (skips_ || failure_) return Of(nullptr);
    if (name == "orValue" && arguments->size() == 1) return base.is_absent ? Of((*arguments)[0]) : Of(std::move(base.value));
    if (name == "hasValue" && arguments->empty()) return Of(!base.is_absent);
    if (base.is_absent) return Failed(CelError("a method of an absent value"));
    arguments->insert(arguments->begin(), std::move(base.value));
    return Call(name, *arguments);
  }

  auto Call(std::string_view name, const std::vector<Json>& arguments) -> Result {
    if (skips_ || failure_) return Of(nullptr);
    auto called = CallFunction(name, arguments);
    if (!called) return CelError(fmt::format("there is no function `{}` of {} arguments here", name, arguments.size()));
    return *called ? Result(Of(std::move(**called))) : Failed(std::unexpected(called->error()));
  }

  // From `(` on.
  auto ReadArguments() -> Expected<std::vector<Json>> {
    std::vector<Json> arguments;
    if (auto opened = Take("("); !opened) return std::unexpected(opened.error());
    while (!IsSign(")")) {
      if (!arguments.empty()) {
        if (auto comma = Take(","); !comma) return std::unexpected(comma.error());
      }
      auto argument = ReadTernary();
      if (!argument) return std::unexpected(argument.error());
      arguments.push_back(std::move(argument->value));
    }
    if (auto closed = Next(); !closed) return std::unexpected(closed.error());
    return arguments;
  }

  // `list.all(x, body)`: the body is read again for each element, and once without any, to find its end.
  auto ReadMacro(Operand base, const std::string& name) -> Result {
    if (auto opened = Take("("); !opened) return std::unexpected(opened.error());
    if (token_.word != Word::Name) return Unexpected();
    const std::string variable(token_.text);
    if (auto next = Next(); !next) return std::unexpected(next.error());
    if (!IsSign(",")) return Unexpected();
    const size_t body = token_.end;
    {
      const Skip skip(*this, true);
      if (auto moved = Move(body); !moved) return std::unexpected(moved.error());
      if (auto read = ReadTernary(); !read) return read;
    }
    if (!IsSign(")")) return Unexpected();
    const size_t end = token_.end;
    Result result = Of(nullptr);
    if (!skips_ && !failure_) result = RunMacro(base.value, name, variable, body);
    if (!result) return result;
    if (auto moved = Move(end); !moved) return std::unexpected(moved.error());
    return result;
  }

  auto RunMacro(const Json& base, const std::string& name, const std::string& variable, size_t body) -> Result {
    if (!base.is_array() && !base.is_object()) return Failed(CelError(fmt::format("`{}` needs a list or a map", name)));
    Json kept = Json::array();
    size_t count = 0;
    const auto run = [&](const Json& element) -> Expected<bool> {
      locals_.emplace_back(variable, element);
      auto moved = Move(body);
      auto read = moved ? Settle(ReadTernary()) : Result(std::unexpected(moved.error()));
      locals_.pop_back();
      if (!read) return std::unexpected(read.error());
      if (name == "map") return kept.push_back(std::move(read->value)), true;
      if (!read->value.is_boolean()) return CelError(fmt::format("the body of `{}` is no boolean", name));
      const bool holds = read->value.get<bool>();
      count += holds ? 1 : 0;
      if (name == "filter" && holds) kept.push_back(element);
      return holds;
    };
    size_t total = 0;
    for (const auto& [key, element] : base.items()) {
      ++total;
      const auto done = run(base.is_object() ? Json(key) : element);
      if (!done) return std::unexpected(done.error());
    }
    if (name == "exists") return Of(count > 0);
    if (name == "exists_one") return Of(count == 1);
    if (name == "all") return Of(count == total);
    return Of(std::move(kept));
  }

  // ---- what has no parts to its left

  auto ReadPrimary() -> Result {
    const Token token = token_;
    switch (token.word) {
      case Word::End: return Unexpected();
      case Word::Int:
      case Word::Double: return ReadNumber(token);
      case Word::String: return After(Of(token.string));
      case Word::Name: return ReadName(token);
      case Word::Sign: break;
    }
    if (token.text == "(") {
      if (auto next = Next(); !next) return std::unexpected(next.error());
      auto inside = ReadTernary();
      if (!inside) return inside;
      if (auto closed = Take(")"); !closed) return std::unexpected(closed.error());
      return inside;
    }
    if (token.text == "[") return ReadList();
    if (token.text == "{") return ReadMap();
    return Unexpected();
  }

  auto After(Operand value) -> Result {
    if (auto next = Next(); !next) return std::unexpected(next.error());
    return value;
  }

  auto ReadNumber(const Token& token) -> Result {
    const auto converted = CallFunction(token.word == Word::Int ? "int" : "double", {Json(std::string(token.text))});
    if (!converted || !*converted) return CelError(fmt::format("`{}` is no number that fits", token.text));
    return After(Of(**converted));
  }

  auto ReadName(const Token& token) -> Result {
    if (token.text == "true" || token.text == "false") return After(Of(token.text == "true"));
    if (token.text == "null") return After(Of(nullptr));
    if (auto next = Next(); !next) return std::unexpected(next.error());
    if (IsSign("(")) {
      if (token.text == "has") return ReadHas();
      auto arguments = ReadArguments();
      if (!arguments) return std::unexpected(arguments.error());
      return Call(token.text, *arguments);
    }
    for (auto it = locals_.rbegin(); it != locals_.rend(); ++it) {
      if (it->first == token.text) return Of(it->second);
    }
    if (skips_) return Of(nullptr);
    const auto it = variables_.find(token.text);
    if (it == variables_.end()) return CelError(fmt::format("there is no variable `{}`", token.text));
    return Of(it->second);
  }

  // `has(a.b)`: whether the last selection finds something.
  auto ReadHas() -> Result {
    if (auto opened = Take("("); !opened) return std::unexpected(opened.error());
    auto before = std::exchange(failure_, std::nullopt);
    auto value = ReadTernary();
    if (!value) return value;
    const bool is_found = !failure_ && !value->is_absent;
    failure_ = std::move(before);
    if (auto closed = Take(")"); !closed) return std::unexpected(closed.error());
    return Of(is_found);
  }

  auto ReadList() -> Result {
    Json list = Json::array();
    if (auto next = Next(); !next) return std::unexpected(next.error());
    while (!IsSign("]")) {
      if (!list.empty()) {
        if (auto comma = Take(","); !comma) return std::unexpected(comma.error());
      }
      auto element = ReadTernary();
      if (!element) return element;
      list.push_back(std::move(element->value));
    }
    return After(Of(std::move(list)));
  }

  auto ReadMap() -> Result {
    Json map = Json::object();
    if (auto next = Next(); !next) return std::unexpected(next.error());
    for (bool is_first = true; !IsSign("}"); is_first = false) {
      if (!is_first) {
        if (auto comma = Take(","); !comma) return std::unexpected(comma.error());
      }
      auto key = ReadTernary();
      if (!key) return key;
      if (auto colon = Take(":"); !colon) return std::unexpected(colon.error());
      auto value = ReadTernary();
      if (!value) return value;
      if (skips_ || failure_) continue;
      if (!key->value.is_string()) return CelError("keys of a map must be strings");
      map[key->value.get_ref<const std::string&>()] = std::move(value->value);
    }
    return After(Of(std::move(map)));
  }

 public:
  auto failure() const -> const std::optional<Error>& { return failure_; }

 private:
  std::string_view text_;
  const Variables& variables_;
  const CelLimits& limits_;
  Token token_;
  size_t steps_ = 0;
  int depth_ = 0;
  bool skips_ = false;
  std::optional<Error> failure_;  // of what was evaluated last
  std::vector<std::pair<std::string, Json>> locals_;
};

}  // namespace

auto EvaluateCel(std::string_view expression, const Variables& variables, const CelLimits& limits) -> Expected<std::optional<Json>> {
  Reader reader(expression, variables, limits);
  auto result = reader.Run();
  if (result && reader.failure()) return std::unexpected(*reader.failure());
  return result;
}

}  // namespace remit::coaz
