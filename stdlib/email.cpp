#include "stdlib/email.h"

#include <fmt/format.h>

#include <algorithm>

#include "stdlib/digits.h"
#include "stdlib/host.h"

namespace remit {
namespace {

// RFC 5321, 4.5.3.1.
constexpr size_t kLongestLocalPart = 64;
constexpr size_t kLongestAddress = 254;
constexpr size_t kLongestText = 1024;  // before the domain is mapped to ASCII

// RFC 5322's atext.
auto IsAtomByte(char c) -> bool {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c != '\0' && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}

auto IsDotAtom(std::string_view text) -> bool {
  if (text.empty() || text.starts_with('.') || text.ends_with('.') || text.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(text, [](char c) { return c == '.' || IsAtomByte(c); });
}

// Mail is sent to letters, digits and inner hyphens only.
auto IsMailDomain(std::string_view domain) -> bool {
  if (domain.find('_') != std::string_view::npos) return false;
  for (size_t begin = 0; begin <= domain.size();) {
    const size_t end = std::min(domain.find('.', begin), domain.size());
    const auto label = domain.substr(begin, end - begin);
    if (label.starts_with('-') || label.ends_with('-')) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

auto ParseEmail(String text) -> Fallible<Parsed<Email>> {
  const auto whole = text.view();
  if (whole.size() > kLongestText) return Fail("an address of this length does not exist");
  const size_t at = whole.find('@');
  if (at == std::string_view::npos || whole.find('@', at + 1) != std::string_view::npos) return Fail("an address has one `@`");
  const auto local = whole.substr(0, at);
  if (!IsDotAtom(local) || local.size() > kLongestLocalPart) return Fail("what stands before the `@` is not a plain local part");
  const auto domain = ParseDomain(whole.substr(at + 1));
  if (!domain) return Fail(domain.error());
  if (!IsMailDomain(*domain) || whole.ends_with('.')) return Fail(fmt::format("`{}` is not a domain for mail", whole.substr(at + 1)));
  if (at + 1 + domain->size() > kLongestAddress) return Fail("an address of this length does not exist");
  Parsed<Email> email;
  email.storage = fmt::format("{}@{}", local, *domain);
  email.parts.domain = {.begin = static_cast<uint32_t>(at + 1), .size = static_cast<uint32_t>(domain->size())};
  return email;
}

auto EmailDomain(const Email& email) -> String { return String(email.domain.of(email.storage)); }

auto IsDomainUnder(const Email& email, String domain) -> Fallible<bool> {
  const auto parent = ParseDomain(domain.view());
  if (!parent) return Fail(parent.error());
  return IsSameOrSubdomain(email.domain.of(email.storage), *parent);
}

}  // namespace remit
