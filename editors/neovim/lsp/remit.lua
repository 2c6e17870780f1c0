-- The language server of Remit and Cedar, for Neovim 0.11 or later.
return {
  cmd = { 'remit', 'lsp' },
  filetypes = { 'remit', 'cedar', 'cedarschema' },
  root_markers = { 'remit.toml', '.git' },
}
