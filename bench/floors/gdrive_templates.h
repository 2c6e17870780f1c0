// gdrive-templates by hand: every user has a table of what he or a group of his was granted, from the folder or document to the links. A read
// looks up the document and each folder above it: some ten look-ups, however many links there are.
#pragma once

#include <span>

#include "bench/floors/graph.h"

namespace remit::bench::floors {

class GdriveTemplates {
 public:
  enum Action : uint32_t { kRead, kWrite, kShare, kChangeOwner, kCreateDocument };
  struct Request {
    uint32_t user;
    uint32_t resource;  // a folder if the action is kCreateDocument
    uint32_t action;
  };
  static constexpr uint32_t kMostLinks = 64;
  struct Result {
    uint32_t policies = 0;  // a bit for each determining policy, in the order of kNames
    uint32_t count = 0;
    std::array<uint32_t, kMostLinks> links;  // so many of these are set
  };

  explicit GdriveTemplates(const Workload& workload) : graph_(workload) {
    std::map<Uid, std::vector<std::pair<uint32_t, uint32_t>>> grants;  // of a user or group: resource, link
    for (const auto& link : workload.Json("links.json")) {
      grants[ToUid(link.at("principal"))].emplace_back(Key(ToUid(link.at("resource"))), static_cast<uint32_t>(link_names_.size()));
      link_names_.push_back(link.at("id"));
    }
    for (const auto& user : graph_.All("User")) AddUser(user, grants);
    for (const auto& document : graph_.All("Document")) {
      documents_.push_back({.begin = static_cast<uint32_t>(above_.size()), .is_public = graph_.Attributes(document).at("isPublic")});
      above_.push_back(Key(document));
      for (const uint32_t folder : graph_.AncestorNumbers(document, "Folder")) above_.push_back(folder << 1);
      documents_.back().end = static_cast<uint32_t>(above_.size());
    }
  }

  auto Prepare(const RequestText& text) const -> Request {
    static const std::map<std::string, Action> kActions = {
        {"read", kRead}, {"write", kWrite}, {"share", kShare}, {"changeOwner", kChangeOwner}, {"createDocument", kCreateDocument}};
    return {.user = graph_.Number(text.principal), .resource = graph_.Number(text.resource), .action = kActions.at(text.action.id)};
  }

  [[gnu::noinline]] void Decide(const Request& request, Result& result) const {
    result.policies = result.count = 0;
    const User& user = users_[request.user];
    const std::span<const uint32_t> owned(owned_.data() + user.begin, user.end - user.begin);
    if (request.action >= kChangeOwner) {
      const bool found = Contains(owned, request.resource << 1 | (request.action == kChangeOwner ? 1U : 0U));
      result.policies = found ? (request.action == kChangeOwner ? 1U << 2 : 1U << 3) : 0;
      return;
    }
    const Document& document = documents_[request.resource];
    const std::span<const uint32_t> above(above_.data() + document.begin, document.end - document.begin);
    for (const uint32_t key : above) result.policies |= Contains(owned, key) ? 1U << 1 : 0;
    if (request.action != kRead) return;
    result.policies |= document.is_public ? 1U << 0 : 0;
    for (const uint32_t key : above) {
      granted_.Each(user.granted, key, [&](uint32_t link) { result.links[std::min(result.count++, kMostLinks - 1)] = link; });
    }
  }

  auto Reason(const Result& result) const -> std::vector<std::string> {
    static const char* const kNames[] = {"public", "owner", "change-owner", "create"};
    std::vector<std::string> names;
    for (uint32_t i = 0; i < 4; ++i) {
      if ((result.policies >> i & 1) != 0) names.emplace_back(kNames[i]);
    }
    for (uint32_t i = 0; i < result.count; ++i) names.push_back(link_names_[result.links.at(i)]);
    return names;
  }

 private:
  struct User {
    uint32_t begin;
    uint32_t end;  // of owned_
    HashRows<uint32_t>::Place granted;
  };
  struct Document {
    uint32_t begin;
    uint32_t end = 0;  // of above_, the document itself first
    bool is_public;
  };

  // Documents and folders in one range of numbers.
  auto Key(const Uid& uid) const -> uint32_t { return graph_.Number(uid) << 1 | (uid.type == "Document" ? 1U : 0U); }

  static auto Contains(std::span<const uint32_t> numbers, uint32_t wanted) -> bool {
    bool found = false;
    for (const uint32_t number : numbers) found |= number == wanted;
    return found;
  }

  void AddUser(const Uid& uid, const std::map<Uid, std::vector<std::pair<uint32_t, uint32_t>>>& grants) {
    const auto begin = static_cast<uint32_t>(owned_.size());
    for (const char* name : {"ownedDocuments", "ownedFolders"}) {
      for (const auto& value : graph_.Attributes(uid).at(name)) owned_.push_back(Key(Reference(value)));
    }
    std::vector<std::pair<uint32_t, uint32_t>> granted;
    std::set<Uid> principals = graph_.Ancestors(uid);
    principals.insert(uid);
    for (const auto& principal : principals) {
      const auto found = grants.find(principal);
      if (found != grants.end()) granted.insert(granted.end(), found->second.begin(), found->second.end());
    }
    users_.push_back({.begin = begin, .end = static_cast<uint32_t>(owned_.size()), .granted = granted_.Add(granted)});
  }

  Graph graph_;
  std::vector<std::string> link_names_;
  std::vector<uint32_t> owned_;
  std::vector<uint32_t> above_;
  HashRows<uint32_t> granted_;
  std::vector<User> users_;
  std::vector<Document> documents_;
};

}  // namespace remit::bench::floors
