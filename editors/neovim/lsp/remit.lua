-- The language server of Remit and Cedar: how Neovim starts it.
return {
  cmd = { 'remit', 'lsp' },
  filetypes = { 'remit', 'cedar', 'cedarschema' },
  root_markers = { 'remit.toml', '.git' },
}
