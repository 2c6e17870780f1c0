#include "runtime/server/transport/request_reader.h"

#define BOOST_BEAST_USE_STD_STRING_VIEW
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <functional>
#include <limits>

namespace remit::server {

namespace http = boost::beast::http;
using boost::beast::string_view;
using ErrorCode = boost::beast::error_code;

// What Beast found, as offsets into the input.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(RequestReader& reader) : reader_(reader) {
    header_limit(static_cast<uint32_t>(reader.limits_.max_header_bytes));
    body_limit(std::numeric_limits<uint64_t>::max());  // ReadBody has its own
  }

  // Where the input begins that is parsed next.
  void SetInput(const char* begin, size_t size) { begin_ = begin, size_ = size; }

  bool is_too_many = false;
  bool is_folded = false;
  bool is_head_done = false;
  bool is_too_large = false;
  bool is_known = false;  // the method
  int http_version = 11;
  size_t max_body = 0;

 private:
  auto OffsetOf(string_view text) const -> uint32_t { return static_cast<uint32_t>(text.data() - begin_); }
  auto IsInside(string_view text) const -> bool {
    const std::less_equal<const char*> before;
    return before(begin_, text.data()) && before(text.data() + text.size(), begin_ + size_);
  }

  void on_request_impl(http::verb, string_view method_str, string_view target, int version, ErrorCode&) override {
    http_version = version;
    reader_.target_ = OffsetOf(target);
    reader_.target_size_ = static_cast<uint32_t>(target.size());
    const auto found = FindMethod({method_str.data(), method_str.size()});
    is_known = found.has_value();
    if (found) reader_.request_.method = *found;
  }

  void on_field_impl(http::field, string_view name, string_view value, ErrorCode& ec) override {
    if (is_head_done) return;  // trailers say nothing that anybody here reads
    if (reader_.fields_.size() == reader_.limits_.max_headers) {
      is_too_many = true;
      ec = http::error::header_limit;
      return;
    }
    // A folded value was put together elsewhere.
    if (!value.empty() && !IsInside(value)) {
      is_folded = true;
      ec = http::error::bad_value;
      return;
    }
    const uint32_t at = value.empty() ? 0 : OffsetOf(value);
    reader_.fields_.push_back({.name = OffsetOf(name),
                               .name_size = static_cast<uint32_t>(name.size()),
                               .value = at,
                               .value_size = static_cast<uint32_t>(value.size())});
  }

  auto on_chunk_body_impl(uint64_t, string_view body, ErrorCode& ec) -> size_t override {
    if (reader_.chunks_.size() + body.size() > max_body) {
      is_too_large = true;
      ec = http::error::body_limit;
      return 0;
    }
    reader_.chunks_.append(body.data(), body.size());
    return body.size();
  }

  void on_response_impl(int, string_view, int, ErrorCode&) override {}
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<uint64_t>&, ErrorCode&) override {}
  auto on_body_impl(string_view body, ErrorCode&) -> size_t override { return body.size(); }
  void on_chunk_header_impl(uint64_t, string_view, ErrorCode&) override {}
  void on_finish_impl(ErrorCode&) override {}

  RequestReader& reader_;
  const char* begin_ = nullptr;
  size_t size_ = 0;
};

namespace {

// Whether the first line is one of HTTP, whatever its version.
auto NamesVersion(std::string_view input) -> bool {
  const std::string_view line = input.substr(0, input.find('\n'));
  const size_t at = line.rfind(" HTTP/");
  constexpr size_t kPrefix = 6;
  return line.ends_with('\r') && at != std::string_view::npos && at + kPrefix < line.size() && line[at + kPrefix] >= '0' &&
         line[at + kPrefix] <= '9';
}

}  // namespace

RequestReader::RequestReader(const TransportLimits& limits) : limits_(limits) { Reset(); }
RequestReader::~RequestReader() = default;

// A parser cannot be used again, but its memory can.
void RequestReader::Reset() {
  if (parser_ == nullptr) {
    parser_ = std::make_unique<Parser>(*this);
  } else {
    std::destroy_at(parser_.get());
    std::construct_at(parser_.get(), *this);
  }
  shown_ = nullptr;
  request_ = {};
  fields_.clear();
  headers_.clear();
  chunks_.clear();
  head_size_ = 0;
  chunks_read_ = 0;
  consumed_ = 0;
  wanted_ = 0;
  keeps_alive_ = true;
  wants_continue_ = false;
  refusal_ = {};
}

auto RequestReader::Refuse(int status, std::string_view code, std::string_view message) -> Progress {
  refusal_ = {.status = status, .code = code, .message = message};
  return Progress::Refused;
}

auto RequestReader::RefuseParse(std::string_view input) -> Progress {
  if (parser_->is_too_many) return Refuse(431, "too-many-headers", "there are too many headers");
  if (parser_->is_folded) return Refuse(400, "folded-header", "headers must not be folded");
  // The line is what is too long, if it has not ended by now.
  if (input.substr(0, limits_.max_target_bytes + 32).find('\n') == std::string_view::npos && input.size() > limits_.max_target_bytes) {
    return Refuse(414, "target-too-long", "the target of the request is too long");
  }
  return Refuse(431, "header-too-large", "the header is too large");
}

auto RequestReader::ReadHead(std::string_view input) -> Progress {
  parser_->SetInput(input.data(), input.size());
  ErrorCode ec;
  // Lines that are complete are read at once; their places stay what they are.
  const std::string_view rest = input.substr(head_size_);
  head_size_ += parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
  if (ec == http::error::need_more) {
    if (input.size() >= limits_.max_header_bytes) return RefuseParse(input);
    return Progress::NeedMore;
  }
  if (ec == http::error::header_limit || parser_->is_folded) return RefuseParse(input);
  if (ec == http::error::bad_version && NamesVersion(input)) return Refuse(505, "http-version", "HTTP/1.1 is spoken here");
  if (ec) return Refuse(400, "malformed-request", "this is no HTTP request");
  parser_->is_head_done = true;
  return CheckHead(input);
}

auto RequestReader::CheckHead(std::string_view input) -> Progress {
  if (head_size_ > limits_.max_header_bytes) return Refuse(431, "header-too-large", "the header is too large");
  if (target_size_ > limits_.max_target_bytes) return Refuse(414, "target-too-long", "the target of the request is too long");
  if (!parser_->is_known) return Refuse(501, "unknown-method", "this method is not known");
  Show(input);
  int hosts = 0;
  int credentials = 0;
  for (const Header& header : headers_) {
    hosts += static_cast<int>(EqualsIgnoringCase(header.name, "host"));
    credentials += static_cast<int>(EqualsIgnoringCase(header.name, "authorization"));
    if (EqualsIgnoringCase(header.name, "transfer-encoding") && !EqualsIgnoringCase(header.value, "chunked")) {
      return Refuse(501, "transfer-coding", "no transfer coding but `chunked` is understood");
    }
    if (EqualsIgnoringCase(header.name, "expect")) {
      if (!EqualsIgnoringCase(header.value, "100-continue")) return Refuse(417, "expectation", "this expectation cannot be met");
      wants_continue_ = true;
    }
    if (EqualsIgnoringCase(header.name, "x-request-id")) request_.request_id = header.value;
  }
  const bool is_old = parser_->http_version < 11;
  if (hosts > 1 || (hosts == 0 && !is_old)) return Refuse(400, "host-header", "there must be one Host header");
  if (credentials > 1) return Refuse(400, "repeated-credential", "there must be one Authorization header");
  if (is_old && parser_->chunked()) return Refuse(400, "malformed-request", "HTTP/1.0 knows no chunks");
  if (!request_.path.starts_with('/')) return Refuse(400, "target-form", "the target must be a path");
  keeps_alive_ = !is_old && parser_->keep_alive();
  return Progress::Done;
}

// Makes views of the offsets.
void RequestReader::Show(std::string_view input) {
  if (shown_ == input.data()) return;
  shown_ = input.data();
  headers_.clear();
  for (const Field& field : fields_) {
    headers_.push_back({.name = input.substr(field.name, field.name_size), .value = input.substr(field.value, field.value_size)});
  }
  request_.headers = headers_;
  const std::string_view target = input.substr(target_, target_size_);
  const size_t question = target.find('?');
  request_.path = target.substr(0, question);
  request_.query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  if (!request_.request_id.empty()) request_.request_id = request_.header("x-request-id");
}

auto RequestReader::has_body() const -> bool { return !parser_->is_done(); }

auto RequestReader::ReadBody(std::string_view input, size_t max_body_bytes) -> Progress {
  if (parser_->chunked()) {
    const Progress progress = ReadChunks(input, max_body_bytes);
    if (progress != Progress::Done) return progress;
  } else {
    const uint64_t length = parser_->content_length().value_or(0);
    if (length > max_body_bytes) return Refuse(413, "body-too-large", "the body is too large");
    wanted_ = head_size_ + static_cast<size_t>(length);
    if (input.size() < wanted_) return Progress::NeedMore;
    consumed_ = wanted_;
  }
  Show(input);
  request_.body = parser_->chunked() ? std::string_view(chunks_) : input.substr(head_size_, consumed_ - head_size_);
  return Progress::Done;
}

auto RequestReader::ReadChunks(std::string_view input, size_t max_body_bytes) -> Progress {
  parser_->max_body = max_body_bytes;
  // Chunks of one byte come to six times the body, and their extensions to anything.
  if (input.size() > limits_.max_header_bytes * 2 + max_body_bytes * 2) return Refuse(413, "body-too-large", "the body is too large");
  while (!parser_->is_done()) {
    const std::string_view rest = input.substr(head_size_ + chunks_read_);
    parser_->SetInput(rest.data(), rest.size());
    ErrorCode ec;
    const size_t used = parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
    chunks_read_ += used;
    if (parser_->is_too_large || ec == http::error::body_limit) return Refuse(413, "body-too-large", "the body is too large");
    if (ec == http::error::need_more || (!ec && used == 0)) return Progress::NeedMore;
    if (ec) return Refuse(400, "malformed-chunk", "the body's chunks are malformed");
  }
  consumed_ = head_size_ + chunks_read_;
  return Progress::Done;
}

}  // namespace remit::server
