#include "compiler/parse/schema/parse_schema.h"

#include <unordered_map>

#include "compiler/parse/schema/cst_to_ast.h"
#include "compiler/parse/schema/piece_scanner.h"
#include "compiler/parse/schema/text_to_cst.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using schema_ast::Fragment;

class SchemaReader {
 public:
  SchemaReader(FileId file, ParseContext& context)
      : context_(context),
        file_(file),
        text_(context.sources.file(file).text()),
        errors_before_(context.sink.error_count()),
        scanner_(text_, file, context.limits.max_nesting, context.sink) {}

  auto Read() -> std::optional<Fragment> {
    if (!CheckText()) return std::nullopt;
    while (!HasTooManyErrors()) {
      const auto piece = scanner_.Next();
      if (!piece) break;
      ReadPiece(*piece);
    }
    if (open_ && !lacks_brace_ && !HasTooManyErrors()) {
      const auto end = static_cast<uint32_t>(text_.size());
      Fail(DiagnosticCode::UnexpectedEnd, {.file = file_, .begin = end, .end = end}).help =
          fmt::format("`namespace {}` is never closed", open_name_);
    }
    if (has_errors_ || scanner_.has_errors()) return std::nullopt;
    return std::move(fragment_);
  }

 private:
  template <typename... Args>
  auto Fail(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    has_errors_ = true;
    return context_.sink.Report(code, span, args...);
  }

  // After as many errors as anybody reads, the rest is not worth the time.
  auto HasTooManyErrors() const -> bool { return context_.sink.error_count() - errors_before_ > context_.limits.max_diagnostics; }

  auto CheckText() -> bool {
    const size_t limit = std::min<size_t>(context_.limits.max_source_bytes, std::numeric_limits<uint32_t>::max() - 1);
    if (text_.size() > limit) {
      Fail(DiagnosticCode::FileTooLarge, {.file = file_, .begin = 0, .end = 0}, text_.size(), limit);
    } else if (const auto bad = FindInvalidUtf8(text_)) {
      const auto at = static_cast<uint32_t>(*bad);
      Fail(DiagnosticCode::InvalidUtf8, {.file = file_, .begin = at, .end = at + 1});
    }
    return !has_errors_;
  }

  void ReadPiece(const Piece& piece) {
    if (piece.kind == PieceKind::NamespaceEnd) {
      CloseNamespace(piece.span);
      return;
    }
    if (const uint32_t size = piece.span.end - piece.span.begin; size > context_.limits.max_declaration_bytes) {
      Fail(DiagnosticCode::SchemaDeclarationTooLarge, {.file = file_, .begin = piece.span.begin, .end = piece.span.begin}, size,
           context_.limits.max_declaration_bytes);
      return;
    }
    SchemaPieceParser parser(piece, context_.sources);
    SchemaCstToAst converter(parser, context_.sources, context_.interner, context_.sink, fragment_);
    if (piece.kind == PieceKind::NamespaceHead) {
      ReadHead(parser, converter, piece);
    } else if (auto* tree = parser.ParseDeclaration()) {
      has_errors_ |= !converter.ConvertDeclaration(*tree, CurrentNamespace());
    }
    if (parser.error()) ReportAndRecover(*parser.error(), piece);
  }

  void CloseNamespace(Span brace) {
    if (nested_ > 0) {
      --nested_;
      return;
    }
    if (!open_) Fail(DiagnosticCode::UnexpectedToken, brace, "}").help = "no namespace is open here";
    open_ = false;
  }

  void ReadHead(SchemaPieceParser& parser, SchemaCstToAst& converter, const Piece& piece) {
    if (open_) {
      Fail(DiagnosticCode::SchemaNestedNamespace, piece.span, open_name_).help =
          "close the first one, or write the whole name: `namespace A::B`";
      ++nested_;
      return;
    }
    open_ = true;
    lacks_brace_ = false;
    open_name_ = "";
    auto* tree = parser.ParseNamespaceHead();
    auto head = tree != nullptr ? converter.ConvertHead(*tree) : std::nullopt;
    if (!head) {
      // The declarations inside are still read; without a name they go where they do no harm, as the file is refused anyway.
      has_errors_ = true;
      lacks_brace_ = parser.error() && StartsDeclaration(parser.error()->token_type);
      open_ = lacks_brace_ || context_.sources.text(piece.span).ends_with('{');
      current_ = Unnamed();
      return;
    }
    open_name_ = std::string{context_.interner.text(head->name.text)};
    if (const auto [known, is_new] = by_name_.try_emplace(head->name.text, fragment_.namespaces.size()); !is_new) {
      Fail(DiagnosticCode::SchemaDuplicateNamespace, head->name.span, open_name_).help =
          "put all its declarations between one pair of braces";
      current_ = known->second;
      return;
    }
    current_ = fragment_.namespaces.size();
    fragment_.namespaces.push_back(std::move(*head));
  }

  // A declaration that begins where another was not finished is read all the same.
  void ReportAndRecover(const SchemaSyntaxError& error, const Piece& piece) {
    has_errors_ = true;
    ReportSchemaSyntaxError(error, context_.sources, context_.sink);
    const bool is_cut_short = piece.kind == PieceKind::NamespaceHead ? StartsDeclaration(error.token_type) : IsMissingSemicolon(error);
    if (is_cut_short && error.span.begin > piece.span.begin) scanner_.ContinueAt(error.span.begin);
  }

  auto Unnamed() -> size_t {
    if (!unnamed_) {
      unnamed_ = fragment_.namespaces.size();
      fragment_.namespaces.emplace_back();
    }
    return *unnamed_;
  }

  auto CurrentNamespace() -> schema_ast::Namespace& { return fragment_.namespaces[open_ ? current_ : Unnamed()]; }

  ParseContext& context_;
  FileId file_;
  std::string_view text_;
  uint32_t errors_before_;
  PieceScanner scanner_;
  Fragment fragment_;
  std::unordered_map<SymbolId, size_t> by_name_;
  std::optional<size_t> unnamed_;
  size_t current_ = 0;  // where declarations go while a namespace is open
  bool open_ = false;
  bool lacks_brace_ = false;  // of the open namespace: its end may be missing as well
  uint32_t nested_ = 0;  // namespaces opened inside the open one, by mistake
  std::string open_name_;
  bool has_errors_ = false;
};

}  // namespace

auto ParseSchemaText(FileId file, ParseContext& context) -> std::optional<Fragment> { return SchemaReader(file, context).Read(); }

}  // namespace remit
