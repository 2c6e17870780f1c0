// Signed notes and checkpoints, against the examples of the C2SP specifications.
#include "runtime/audit/note.h"

#include <gtest/gtest.h>

#include "runtime/audit/checkpoint.h"
#include "runtime/audit/merkle.h"

namespace remit::audit {
namespace {

constexpr std::string_view kKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kNote =
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

auto Replaced(std::string text, std::string_view from, std::string_view to) -> std::string {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Note, TheSpecificationsExampleVerifies) {
  const auto verifier = NoteVerifier::FromText(kKey);
  ASSERT_TRUE(verifier.has_value());
  EXPECT_EQ(verifier->ToText(), kKey);
  const auto note = ReadNote(kNote);
  ASSERT_TRUE(note.has_value());
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_TRUE(VerifyNote(*note, std::span(&*verifier, 1)).has_value());
  EXPECT_EQ(WriteNote(note->text, note->signatures), kNote);
}

TEST(Note, AChangedTextOrSignatureIsForged) {
  const auto verifier = *NoteVerifier::FromText(kKey);
  for (const auto& changed : {Replaced(std::string(kNote), "example message", "example massage"),
                              Replaced(std::string(kNote), "NZXs", "NZXt"), Replaced(std::string(kNote), "message.\n", "message.\n\n")}) {
    const auto note = ReadNote(changed);
    if (!note) continue;
    EXPECT_FALSE(VerifyNote(*note, std::span(&verifier, 1)).has_value()) << changed;
  }
}

TEST(Note, SignaturesOfOthersAreLetBeAndDoNotCount) {
  const auto known = *NoteVerifier::FromText(kKey);
  const NoteVerifier other("example.com/other", approval::SigningKey::Generate().public_key());
  const auto note = *ReadNote(kNote);
  EXPECT_EQ(VerifyNote(note, std::span(&other, 1)).error().code, "note-unsigned");
  EXPECT_EQ(VerifyNote(note, {}).error().code, "note-unsigned");
  auto witnessed = note;
  witnessed.signatures.push_back({.name = "witness.example", .id = {1, 2, 3, 4}, .signature = std::string(70, 'x')});
  const auto read = ReadNote(WriteNote(witnessed.text, witnessed.signatures));
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(VerifyNote(*read, std::span(&known, 1)).has_value());
}

TEST(Note, WhatIsNoNoteIsRefused) {
  const std::string note(kNote);
  for (const auto& text : {std::string(), std::string("text\n"), std::string("text\n\n"), note.substr(0, note.size() - 1), note + "more\n",
                           Replaced(note, " Uw2Q", " !w2Q"), Replaced(note, "example.com/foo", "example+foo"),
                           Replaced(note, "This", "Th\tis"), Replaced(note, "This", "Th\xFFs"), Replaced(note, "\u2014 ", "- ")}) {
    EXPECT_FALSE(ReadNote(text).has_value()) << text;
  }
  for (const std::string_view key : {"", "a", "a+b", "a+b+c", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                                     "example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}) {
    EXPECT_EQ(NoteVerifier::FromText(key).error().code, "verifier-key-unreadable") << key;
  }
}

TEST(Checkpoint, WhatIsSignedIsReadBack) {
  const CheckpointSigner signer("example.com/log", approval::SigningKey::Generate());
  const Checkpoint checkpoint = {.origin = "example.com/log", .size = 20852163, .root = LeafHash("x")};
  const NoteSignature signature = {
      .name = signer.origin(), .id = signer.verifier().id(), .signature = signer.Sign(checkpoint.size, checkpoint.root)};
  const auto note = WriteNote(CheckpointText(checkpoint), std::span(&signature, 1));
  const auto verifiers = std::span(&signer.verifier(), 1);
  EXPECT_EQ(ReadCheckpoint(note, verifiers), checkpoint);
  EXPECT_EQ(ReadCheckpoint(note, verifiers, "example.com/other").error().code, "checkpoint-of-another-log");
  EXPECT_EQ(ReadCheckpoint(Replaced(note, "20852163", "20852164"), verifiers).error().code, "note-forged");
  EXPECT_EQ(ReadCheckpoint(note, {}).error().code, "note-unsigned");
}

TEST(Checkpoint, TheSpecificationsTextIsReadAndOthersAreNot) {
  const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const auto checkpoint = ReadCheckpointText(text);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->size, 20852163U);
  EXPECT_EQ(CheckpointText(*checkpoint), text);
  for (const auto& wrong : {Replaced(text, "20852163", "020852163"), Replaced(text, "20852163", "-1"), Replaced(text, "20852163", ""),
                            Replaced(text, "CsUY", "sUY"), Replaced(text, "q2I=", "q2J="), std::string("\n")}) {
    EXPECT_EQ(ReadCheckpointText(wrong).error().code, "checkpoint-malformed") << wrong;
  }
}

}  // namespace
}  // namespace remit::audit
