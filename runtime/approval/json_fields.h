// Members of a JSON object that we wrote ourselves and somebody may have changed: one flag tells whether all were there and of their type.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/digest.h"
#include "runtime/approval/uid_text.h"

namespace remit::approval {

class JsonFields {
 public:
  // Nothing if the text is no JSON, or nests deeper than anything that we write.
  static auto Parse(std::string_view text) -> std::optional<nlohmann::json>;

  // Borrows both. Clears `ok`, now or later, at the first member that is not as it must be.
  JsonFields(const nlohmann::json& object, bool& ok) : object_(object), ok_(ok) { ok_ = ok_ && object.is_object(); }

  auto Has(std::string_view key) const -> bool;
  auto Text(std::string_view key) -> std::string;
  auto Integer(std::string_view key) -> int64_t;
  // At least zero.
  auto Count(std::string_view key) -> uint32_t;
  auto DigestAt(std::string_view key) -> Digest;
  auto Uid(std::string_view key) -> UidText;
  auto Uids(std::string_view key) -> std::vector<UidText>;
  // Something that is no object where there is none.
  auto Object(std::string_view key) -> const nlohmann::json& { return At(key); }
  // An empty array where there is none.
  auto Array(std::string_view key) -> const nlohmann::json&;

 private:
  auto At(std::string_view key) -> const nlohmann::json&;

  const nlohmann::json& object_;
  bool& ok_;
};

}  // namespace remit::approval
