// gdrive by hand. Few entities: rows of bits, and what a user owns above a document is one `and`. Many: a user's line of memory holds what
// he owns, a document's where to find its folders and views.
#pragma once

#include <array>

#include "bench/floors/graph.h"

namespace remit::bench::floors {

class Gdrive {
 public:
  enum Action : uint32_t { kRead, kWrite, kShare, kChangeOwner, kCreateDocument };
  struct Request {
    uint32_t user;
    uint32_t resource;  // a folder if the action is kCreateDocument
    uint32_t action;
  };
  using Result = uint32_t;  // a bit for each determining policy, in the order of kNames

  explicit Gdrive(const Workload& workload)
      : graph_(workload),
        few_(graph_.Count("View") <= 512),
        views_(Rows("Document"), graph_.Count("View")),
        folders_(Rows("Document"), graph_.Count("Folder")),
        owned_documents_(Rows("User"), graph_.Count("Document")),
        owned_folders_(Rows("User"), graph_.Count("Folder")) {
    for (const auto& user : graph_.All("User")) AddUser(user);
    for (const auto& document : graph_.All("Document")) AddDocument(document);
  }

  auto Prepare(const RequestText& text) const -> Request {
    static const std::map<std::string, Action> kActions = {
        {"read", kRead}, {"write", kWrite}, {"share", kShare}, {"changeOwner", kChangeOwner}, {"createDocument", kCreateDocument}};
    return {.user = graph_.Number(text.principal), .resource = graph_.Number(text.resource), .action = kActions.at(text.action.id)};
  }

  [[gnu::noinline]] auto Decide(const Request& request) const -> Result { return few_ ? DecideFew(request) : DecideMany(request); }

  auto Reason(Result result) const -> std::vector<std::string> {
    static const char* const kNames[] = {"view", "public", "owner", "change-owner", "create"};
    std::vector<std::string> names;
    for (uint32_t i = 0; i < 5; ++i) {
      if ((result >> i & 1) != 0) names.emplace_back(kNames[i]);
    }
    return names;
  }

 private:
  static constexpr uint32_t kInline = 13;
  struct alignas(64) User {
    uint32_t view = 0;
    uint8_t documents = 0;                  // so many of `owned` are documents,
    uint8_t all = 0;                        // the rest folders
    std::array<uint32_t, kInline> owned{};  // or, if more than fit, the first is where they begin in spilled_
  };
  struct Document {
    HashSets::Place folders{};
    HashSets::Place views{};
    bool is_public = false;
  };

  // As many rows of bits as there are entities, or none where there are too many.
  auto Rows(const std::string& type) const -> size_t { return few_ ? graph_.Count(type) : 0; }

  void AddUser(const Uid& uid) {
    const auto& attributes = graph_.Attributes(uid);
    User user{.view = graph_.Number(Reference(attributes.at("documentsAndFoldersWithViewAccess")))};
    std::vector<uint32_t> owned;
    for (const auto& value : attributes.at("ownedDocuments")) owned.push_back(graph_.Number(Reference(value)));
    user.documents = static_cast<uint8_t>(owned.size());
    for (const auto& value : attributes.at("ownedFolders")) owned.push_back(graph_.Number(Reference(value)));
    user.all = static_cast<uint8_t>(owned.size());
    for (uint32_t i = 0; few_ && i < user.all; ++i) (i < user.documents ? owned_documents_ : owned_folders_).Add(users_.size(), owned[i]);
    if (owned.size() <= kInline) {
      std::ranges::copy(owned, user.owned.begin());
    } else {
      user.owned[0] = static_cast<uint32_t>(spilled_.size());
      spilled_.insert(spilled_.end(), owned.begin(), owned.end());
    }
    users_.push_back(user);
  }

  void AddDocument(const Uid& uid) {
    Document document;
    document.is_public = graph_.Attributes(uid).at("isPublic");
    const auto place = [&](const char* type, BitRows& bits) {
      std::vector<std::pair<uint32_t, Nothing>> numbers;
      for (const uint32_t number : graph_.AncestorNumbers(uid, type)) {
        numbers.emplace_back(number, Nothing{});
        if (few_) bits.Add(documents_.size(), number);
      }
      return few_ ? HashSets::Place{} : sets_.Add(numbers);
    };
    document.folders = place("Folder", folders_);
    document.views = place("View", views_);
    documents_.push_back(document);
  }

  auto DecideFew(const Request& request) const -> Result {
    if (request.action == kCreateDocument) return owned_folders_.Has(request.user, request.resource) ? 1U << 4 : 0;
    const bool owns = owned_documents_.Has(request.user, request.resource);
    if (request.action == kChangeOwner) return owns ? 1U << 3 : 0;
    uint64_t owned_above = owns ? 1 : 0;
    const uint64_t* above = folders_.Row(request.resource);
    const uint64_t* owned = owned_folders_.Row(request.user);
    for (size_t i = 0; i < folders_.Words(); ++i) owned_above |= above[i] & owned[i];
    Result result = owned_above != 0 ? 1U << 2 : 0;
    if (request.action == kRead) {
      result |= static_cast<Result>(views_.Has(request.resource, users_[request.user].view));
      result |= static_cast<Result>(documents_[request.resource].is_public) << 1;
    }
    return result;
  }

  auto DecideMany(const Request& request) const -> Result {
    const User& user = users_[request.user];
    const uint32_t* owned = user.all <= kInline ? user.owned.data() : spilled_.data() + user.owned[0];
    const auto contains = [&](uint32_t begin, uint32_t end) {
      bool found = false;
      for (uint32_t i = begin; i < end; ++i) found |= owned[i] == request.resource;
      return found;
    };
    if (request.action == kCreateDocument) return contains(user.documents, user.all) ? 1U << 4 : 0;
    if (request.action == kChangeOwner) return contains(0, user.documents) ? 1U << 3 : 0;
    const Document& document = documents_[request.resource];
    bool owner = contains(0, user.documents);
    for (uint32_t i = user.documents; !owner && i < user.all; ++i) owner = sets_.Find(document.folders, owned[i]) != nullptr;
    Result result = owner ? 1U << 2 : 0;
    if (request.action == kRead) {
      result |= sets_.Find(document.views, user.view) != nullptr ? 1U << 0 : 0;
      result |= document.is_public ? 1U << 1 : 0;
    }
    return result;
  }

  Graph graph_;
  bool few_;
  BitRows views_;            // above a document
  BitRows folders_;          // above a document
  BitRows owned_documents_;  // of a user
  BitRows owned_folders_;    // of a user
  HashSets sets_;
  std::vector<User> users_;
  std::vector<uint32_t> spilled_;
  std::vector<Document> documents_;
};

}  // namespace remit::bench::floors
